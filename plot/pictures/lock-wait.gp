# SPDX-License-Identifier: GPL-2.0-only
# Time waited for locks per operation: a horizontal bar per variant and worker count,
# stacked by lock class. gnuplot -c lock-wait.gp JOB OUT, JOB being a folder that
# plot/pictures/lock-job.awk wrote.
job = ARG1
out = ARG2
here = ARG0[1:strstrt(ARG0, "lock-wait.gp") - 1]
load job."/job.gp"
load here."locks.gp"
width = 1000
height = (180 + rows * 22 < 300 ? 300 : 180 + rows * 22) + legend_room
load here."terminal.gp"

set label 1 title_text at screen 0.5, 1 - 25.0 / height center noenhanced font ",16"
set label 2 subtitle at screen 0.5, 1 - 52.0 / height center noenhanced textcolor rgb grey
set tmargin at screen 1 - 70.0 / height
set bmargin at screen (110.0 + legend_room) / height
set rmargin at screen 0.985
set xrange [0:x_high * 1.14]
set yrange [-rows - 0.6:-0.4]
set xlabel "time waited for locks (ns/op)" offset 0, 0.3
eval "set ytics (".y_tics.") noenhanced"
set ytics scale 0
set grid xtics linecolor rgb "#E4E4E4" linetype 1 linewidth 1
set key at screen 0.5, 14.0 / height center bottom horizontal reverse Left samplen 1.5 width 1 noenhanced
plot \
	for [i=1:words(locks)] sprintf("%s/%d.dat", job, i) using 2:1:2:3:($1 - 0.38):($1 + 0.38) \
		with boxxyerror fillstyle solid noborder linecolor rgb lock_colour(i) title word(locks, i), \
	job."/total.dat" using 2:1:3:4 with xerrorbars pointtype 7 pointsize 0 linewidth 1.2 linecolor rgb "#404040" notitle, \
	job."/total.dat" using 4:1:5 with labels left offset 0.7, 0 noenhanced font ",12" notitle
