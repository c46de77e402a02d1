# SPDX-License-Identifier: GPL-2.0-only
# A horizontal bar per row and variant, named, with its interval where `intervals` is 1. gnuplot -c bars.gp JOB OUT,
# JOB being a folder that plot/pictures/bars.awk or plot/pictures/answer-job.awk wrote.
job = ARG1
out = ARG2
here = ARG0[1:strstrt(ARG0, "bars.gp") - 1]
load job."/job.gp"
load here."variants.gp"
width = 1000
# 19 pixels hold a bar and its 12 point text.
height = 130 + rows * 19 < 260 ? 260 : 130 + rows * 19
load here."terminal.gp"
file(name) = sprintf("%s/%s.dat", job, name)

set label 1 title_text at screen 0.5, 1 - 25.0 / height center noenhanced font ",16"
set label 2 subtitle at screen 0.5, 1 - 52.0 / height center noenhanced textcolor rgb grey
set tmargin at screen 1 - 70.0 / height
set bmargin at screen 60.0 / height
set rmargin at screen 0.965
set xrange [0:x_most]
set yrange [-rows:0]
set xlabel x_label noenhanced offset 0, 0.3
eval "set ytics (".y_tics.") noenhanced"
set ytics scale 0
# A few objects have halves between them, and ten thousands would touch each other.
set format x (x_most < 10 ? "%g" : x_most < 10000 ? "%.0f" : "%.0s %c")
set grid xtics linecolor rgb "#E4E4E4" linetype 1 linewidth 1
unset key
plot \
	for [i=1:words(variants)] file(word(variants, i)) using ($2 / 2):1:($2 / 2):(0.4) \
		with boxxyerror fillstyle solid noborder linecolor rgb colour(i) notitle, \
	for [i=1:words(variants)] file(word(variants, i)) using (intervals ? $2 : NaN):1:3:4 \
		with xerrorbars pointtype 7 pointsize 0 linewidth 1.2 linecolor rgb "#404040" notitle, \
	for [i=1:words(variants)] file(word(variants, i)) using 4:1:5 \
		with labels left offset 0.7, 0 noenhanced font ",12" notitle
