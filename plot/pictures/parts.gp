# SPDX-License-Identifier: GPL-2.0-only
# What the slab bytes of a descriptor are: a stacked horizontal bar per target and
# variant. gnuplot -c parts.gp JOB OUT, JOB being a folder that memory-job.awk wrote.
job = ARG1
out = ARG2
here = ARG0[1:strstrt(ARG0, "parts.gp") - 1]
load job."/job.gp"
width = 1000
height = 186 + rows * 22 < 316 ? 316 : 186 + rows * 22
load here."terminal.gp"

# Of Okabe and Ito's colours those that no default variant has.
part_colours = "#C8C8C8 #56B4E9 #CC79A7 #8C7A00"
set label 1 title_text at screen 0.5, 1 - 25.0 / height center noenhanced font ",16"
set label 2 subtitle at screen 0.5, 1 - 52.0 / height center noenhanced textcolor rgb grey
set tmargin at screen 1 - 70.0 / height
set bmargin at screen 116.0 / height
set rmargin at screen 0.985
set xrange [0:x_high * 1.12]
set yrange [-rows - 0.6:-0.4]
set xlabel x_label noenhanced offset 0, 0.3
eval "set ytics (".y_tics.") noenhanced"
set ytics scale 0
set grid xtics linecolor rgb "#E4E4E4" linetype 1 linewidth 1
set key at screen 0.5, 14.0 / height center bottom horizontal reverse Left samplen 1.5 width 1 noenhanced
plot \
	for [i=1:parts] sprintf("%s/%d.dat", job, i) using 2:1:2:3:($1 - 0.38):($1 + 0.38) \
		with boxxyerror fillstyle solid noborder linecolor rgb word(part_colours, i) title word(part_titles, i), \
	job."/total.dat" using 2:1:3 with labels left offset 0.7, 0 noenhanced font ",12" notitle
