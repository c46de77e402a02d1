# SPDX-License-Identifier: GPL-2.0-only
# Throughput over workers: a line per variant with its 95% interval, a panel per
# value of `held`, floors as grey lines; a floor far above the variants goes
# into a strip above a break in the axis; thin dashed lines where more of the
# machine comes into use (topology.jq). gnuplot -c throughput.gp JOB OUT, JOB being a
# folder that plot/pictures/throughput.awk wrote.
job = ARG1
out = ARG2
here = ARG0[1:strstrt(ARG0, "throughput.gp") - 1]
width = 1000
load job."/job.gp"
load here."variants.gp"
height = 600 + legend_room
# Fractions of the picture as it is with one row in its legend.
up(part) = (600 * part + legend_room) / height
load here."terminal.gp"

left = 0.09
right = 0.985
gap = 0.015
top = up(0.85)
bottom = up(0.20)
split_at = top - 0.13
panel_width = (right - left + gap) / panels
file(panel, name) = sprintf("%s/%d-%s.dat", job, panel, name)

set multiplot
unset key
set label 1 title_text at screen 0.5, up(0.965) center noenhanced font ",16"
set label 2 subtitle at screen 0.5, up(0.915) center noenhanced textcolor rgb grey
set xrange [x_low:x_high]
if (x_log) { set logscale x 2 }
set grid ytics linecolor rgb "#E4E4E4" linetype 1 linewidth 1
set label 4 "throughput (ops/s".(y_log ? ", logarithmic)" : ")") at screen 0.015, (top + bottom) / 2 center rotate by 90

do for [p=1:panels] {
	set lmargin at screen left + (p - 1) * panel_width
	set rmargin at screen left + p * panel_width - gap
	panel_top = top
	set title word(panel_titles, p) noenhanced offset 0, -0.5
	if (far_floors ne "") {
		# The strip, and two strokes where the axis is broken.
		set tmargin at screen top
		set bmargin at screen split_at + 0.02
		set border 2
		unset logscale y
		unset xtics
		set yrange [strip_low:strip_high]
		eval "set ytics (".(p == 1 ? strip_tics : strip_marks).")"
		plot for [f in far_floors] file(p, "floor-".f) using 1:2 with lines linewidth 1.2 linecolor rgb grey notitle, \
			file(p, "strip-labels") using 1:2:3 with labels left offset 0.4, 0 noenhanced textcolor rgb grey font ",12" notitle
		unset label
		do for [k=0:1] {
			set arrow 1 + k from graph -0.012, screen split_at - 0.008 + 0.02 * k to graph 0.012, screen split_at + 0.008 + 0.02 * k \
				nohead linecolor rgb "#404040"
		}
		set title ""
		panel_top = split_at
	}
	set border 3
	set tmargin at screen panel_top
	set bmargin at screen bottom
	set yrange [y_low:y_high]
	if (y_log) { set logscale y 10 }
	eval "set ytics (".(p == 1 ? y_tics : y_marks).")"
	eval "set xtics nomirror out (".x_tics.")"
	set xlabel "workers" offset 0, 0.3
	eval marks
	plot \
		for [f in near_floors] file(p, "floor-".f) using 1:2 with lines linewidth 1.2 linecolor rgb grey notitle, \
		file(p, "labels") using 1:2:3 with labels left offset 1.2, 0 noenhanced textcolor rgb grey font ",12" notitle, \
		for [i=1:words(variants)] file(p, word(variants, i)) using 1:2:3:4 \
			with yerrorbars linewidth 1.2 pointtype points(i) pointsize 0.1 linecolor rgb colour(i) notitle, \
		for [i=1:words(variants)] file(p, word(variants, i)) using 1:2 \
			with linespoints linewidth 2.2 dashtype dashes(i) pointtype points(i) pointsize 1.2 \
			linecolor rgb colour(i) notitle
	unset label
	unset arrow
	unset xlabel
}
# The legend has a plot of its own: a panel is too narrow for it.
unset border
unset tics
unset title
unset logscale
set lmargin at screen 0.02
set rmargin at screen 0.98
set xrange [0:1]
set yrange [0:1]
set key at screen 0.5, 0.02 center bottom horizontal reverse Left samplen 2.5 width 1 noenhanced
plot for [i=1:words(variants)] NaN with linespoints linewidth 2.2 dashtype dashes(i) pointtype points(i) pointsize 1.2 \
	linecolor rgb colour(i) \
	title legend_text(i)
unset multiplot
