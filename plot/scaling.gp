# SPDX-License-Identifier: GPL-2.0-only
# Throughput over workers with its 95% interval, the law fitted to it (thin, dotted
# beyond what was measured), and the bound that a lock sets (dashed, from the number of
# cores on at which it bites). gnuplot -c scaling.gp JOB OUT, JOB being a folder that
# plot/scaling-job.awk wrote.
job = ARG1
out = ARG2
here = ARG0[1:strstrt(ARG0, "scaling.gp") - 1]
width = 1000
load job."/job.gp"
load here."variants.gp"
height = 600 + legend_room
up(part) = (600 * part + legend_room) / height
load here."terminal.gp"
file(i, kind) = sprintf("%s/%s.%s", job, word(variants, i), kind)

set label 1 title_text at screen 0.5, up(0.965) center noenhanced font ",16"
set label 2 subtitle at screen 0.5, up(0.915) center noenhanced textcolor rgb grey
if (emulated) {
	set label 3 "emulated (TCG): time is not hardware time" at screen 0.5, up(0.868) center \
		textcolor rgb warning_colour font "DejaVu Sans Bold,14"
}
set tmargin at screen up(emulated ? 0.82 : 0.87)
set bmargin at screen up(0.2)
set lmargin at screen 0.09
set rmargin at screen 0.985
set logscale x 2
set logscale y 10
set xrange [0.85:x_end * 1.1]
set yrange [y_low:y_high]
set xlabel "workers (logarithmic)" offset 0, 0.3
set label 4 "throughput (ops/s, logarithmic)" at screen 0.015, up(0.53) center rotate by 90
eval "set xtics nomirror out (".x_tics.")"
eval "set ytics (".y_tics.")"
set grid ytics linecolor rgb "#E4E4E4" linetype 1 linewidth 1
set key at screen 0.5, 14.0 / height center bottom horizontal reverse Left samplen 2.5 width 1 noenhanced
plot \
	for [i=1:words(variants)] file(i, "fit") using 1:2 with lines linewidth 1.6 linecolor rgb colour(i) notitle, \
	for [i=1:words(variants)] file(i, "beyond") using 1:2 with lines linewidth 1.6 dashtype 3 linecolor rgb colour(i) notitle, \
	for [i=1:words(variants)] file(i, "bound") using 1:2 with lines linewidth 3.4 - 0.5 * i dashtype 2 linecolor rgb colour(i) notitle, \
	for [i=1:words(variants)] file(i, "dat") using 1:2:3:4 \
		with yerrorbars linewidth 1.2 pointtype points(i) pointsize 1.2 linecolor rgb colour(i) notitle, \
	for [i=1:words(variants)] NaN with points pointtype points(i) pointsize 1.2 linecolor rgb colour(i) title legend_text(i)
