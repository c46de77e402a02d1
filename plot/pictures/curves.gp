# SPDX-License-Identifier: GPL-2.0-only
# A value over a count that doubles, such as descriptors held: a line per variant,
# a panel per title. gnuplot -c curves.gp JOB OUT, JOB being a folder that
# write_curves() of plot/pictures/curves.awk wrote.
job = ARG1
out = ARG2
here = ARG0[1:strstrt(ARG0, "curves.gp") - 1]
width = 1000
load job."/job.gp"
load here."variants.gp"
height = 560 + legend_room
# Fractions of the picture as it is with one row in its legend.
up(part) = (560 * part + legend_room) / height
load here."terminal.gp"

left = 0.09
right = 0.985
gap = 0.02
panel_width = (right - left + gap) / panels
file(panel, name) = sprintf("%s/%d-%s.dat", job, panel, name)
measured(panel, name) = sprintf("%s/%d-%s.measured", job, panel, name)
# A model's lines are never whole ones.
model_dashes(i) = word("2 3 4 5", 1 + (i - 1) % 4) + 0
# Counts are exact, so lines lie on each other: the later ones are thinner.
thickness(i) = 1.6 + 1.5 * (words(variants) - i)
size_of(i) = 0.8 + 0.3 * (words(variants) - i)

set multiplot
unset key
set label 1 title_text at screen 0.5, up(0.96) center noenhanced font ",16"
set label 2 subtitle at screen 0.5, up(0.905) center noenhanced textcolor rgb grey
set label 4 y_label at screen 0.015, up(0.51) center noenhanced rotate by 90
set label 5 x_label at screen 0.54, up(0.145) center noenhanced
set tmargin at screen up(0.82)
set bmargin at screen up(0.23)
set logscale x 2
if (y_log) { set logscale y 10 }
set xrange [x_low:x_high]
set yrange [y_low:y_high]
set grid ytics linecolor rgb "#E4E4E4" linetype 1 linewidth 1
eval "set xtics nomirror out (".x_tics.")"
do for [p=1:panels] {
	set lmargin at screen left + (p - 1) * panel_width
	set rmargin at screen left + p * panel_width - gap
	set title word(panel_titles, p) noenhanced offset 0, -0.5
	eval "set ytics (".(p == 1 ? y_tics : y_marks).")"
	if (model) {
		plot for [i=1:words(variants)] file(p, word(variants, i)) using 1:2 \
			with lines linewidth 2.2 dashtype model_dashes(i) linecolor rgb colour(i) notitle, \
			for [i=1:words(variants)] measured(p, word(variants, i)) using 1:2 \
			with points pointtype points(i) pointsize 1.2 linecolor rgb colour(i) notitle
	} else {
	plot for [i=1:words(variants)] file(p, word(variants, i)) using 1:2 \
		with linespoints linewidth thickness(i) dashtype dashes(i) pointtype points(i) pointsize size_of(i) \
		linecolor rgb colour(i) notitle
	}
	unset label
}
unset border
unset tics
unset title
unset logscale
set lmargin at screen 0.02
set rmargin at screen 0.98
set xrange [0:1]
set yrange [0:1]
set key at screen 0.5, 0.055 center bottom horizontal reverse Left samplen 2.5 width 1 noenhanced
plot for [i=1:words(variants)] NaN with linespoints linewidth 2.2 dashtype model ? model_dashes(i) : dashes(i) pointtype points(i) pointsize 1.2 \
	linecolor rgb colour(i) \
	title legend_text(i)
unset multiplot
