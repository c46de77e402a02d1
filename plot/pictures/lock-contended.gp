# SPDX-License-Identifier: GPL-2.0-only
# Contended acquisitions per operation over workers: a line per lock class with its
# 95% interval, a panel per variant. gnuplot -c lock-contended.gp JOB OUT, JOB being a
# folder that plot/pictures/lock-job.awk wrote.
job = ARG1
out = ARG2
here = ARG0[1:strstrt(ARG0, "lock-contended.gp") - 1]
width = 1000
load job."/job.gp"
load here."locks.gp"
height = 560 + legend_room
# Fractions of the picture as it is with one row in its legend.
up(part) = (560 * part + legend_room) / height
load here."terminal.gp"

left = 0.09
right = 0.985
gap = 0.02
panel_width = (right - left + gap) / panels
file(panel, lock) = sprintf("%s/%d-%d.dat", job, panel, lock)

set multiplot
unset key
set label 1 title_text at screen 0.5, up(0.96) center noenhanced font ",16"
set label 2 subtitle at screen 0.5, up(0.905) center noenhanced textcolor rgb grey
set label 4 "contended acquisitions (cont/op)" at screen 0.015, up(0.49) center rotate by 90
set label 5 "workers" at screen 0.54, up(0.105) center
set tmargin at screen up(0.82)
set bmargin at screen up(0.205)
if (x_log) { set logscale x 2 }
set xrange [x_low:x_high]
set yrange [0:y_high]
set grid ytics linecolor rgb "#E4E4E4" linetype 1 linewidth 1
eval "set xtics nomirror out (".x_tics.")"
do for [p=1:panels] {
	set lmargin at screen left + (p - 1) * panel_width
	set rmargin at screen left + p * panel_width - gap
	set title word(panel_titles, p) noenhanced offset 0, -0.5
	eval "set ytics (".(p == 1 ? y_tics : y_marks).")"
	plot for [i=1:words(locks)] file(p, i) using 1:2:3:4 \
			with yerrorbars linewidth 1.2 pointtype lock_points(i) pointsize 0.1 linecolor rgb lock_colour(i) notitle, \
		for [i=1:words(locks)] file(p, i) using 1:2 \
			with linespoints linewidth 2.2 pointtype lock_points(i) pointsize 1.1 linecolor rgb lock_colour(i) notitle
	unset label
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
set key at screen 0.5, 0.012 center bottom horizontal reverse Left samplen 2.5 width 1 noenhanced
plot for [i=1:words(locks)] NaN with linespoints linewidth 2.2 pointtype lock_points(i) pointsize 1.1 \
	linecolor rgb lock_colour(i) title word(locks, i)
unset multiplot
