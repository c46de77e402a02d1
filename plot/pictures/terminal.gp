# SPDX-License-Identifier: GPL-2.0-only
# The output of a plot: `out` (a file ending in .svg or .png), `width` and
# `height` in pixels. 1000 pixels wide and 12 points or more read well in a mail.
if (out[strlen(out) - 3:*] eq ".svg") {
	set terminal svg size width, height font "DejaVu Sans,15" background "#FFFFFF"
} else {
	set terminal pngcairo size width, height font "DejaVu Sans,12" background "#FFFFFF"
}
set encoding utf8
set output out
grey = "#767676"
warning_colour = "#B03A00"
set border 3 linecolor rgb "#404040"
set tics nomirror out
