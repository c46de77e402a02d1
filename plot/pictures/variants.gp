# SPDX-License-Identifier: GPL-2.0-only
# One place for the order and the look of variants, so that a variant has the
# same colour in every plot.
# In: `variants`, the names of this run's variants, and colours.gp beside the jobs, with `known_variants`, the
# names by colour. Out: colour(i), points(i),
# dashes(i) for the i-th of them, and legend_room.
#
# Colours: Okabe and Ito, "Color Universal Design" (2008), told apart with any
# colour vision; their yellow is darkened to be seen on white. A variant not
# named here gets the next colour, from the fifth on, that no variant of the
# run has; when all are taken they start over, dashed.
load job."/../colours.gp"
palette_colours = "#000000 #E69F00 #0072B2 #009E73 #D55E00 #CC79A7 #56B4E9 #8C7A00"
palette_points = "7 5 9 11 13 4 6 8"
palette_size = words(palette_colours)

known_slot(name) = sum [k=1:words(known_variants)] (word(known_variants, k) eq name ? k : 0)
array variant_slot[words(variants) + 1]
slots_taken = " "
do for [i=1:words(variants)] {
	variant_slot[i] = known_slot(word(variants, i))
	slots_taken = slots_taken.sprintf("%d ", variant_slot[i])
}
next_slot = 5
do for [i=1:words(variants)] {
	if (variant_slot[i] == 0) {
		while (next_slot <= palette_size && strstrt(slots_taken, sprintf(" %d ", next_slot)) > 0) {
			next_slot = next_slot + 1
		}
		variant_slot[i] = next_slot
		next_slot = next_slot + 1
	}
}
palette_index(i) = (variant_slot[i] - 1) % palette_size + 1
colour(i) = word(palette_colours, palette_index(i))
points(i) = int(word(palette_points, palette_index(i)))
dashes(i) = 1 + (variant_slot[i] - 1) / palette_size

# The legend stands in columns as wide as its longest text (of 8.5 pixels a letter and 70 for
# the sample) on 960 pixels: the pixels that its rows after the first take.
legend_text(i) = word(variants, i).(exists("without_points") && strstrt(without_points, " ".word(variants, i)." ") ? " (no sample)" : "")
longest_text = 0
do for [i=1:words(variants)] {
	if (strlen(legend_text(i)) > longest_text) { longest_text = strlen(legend_text(i)) }
}
legend_columns = int(960.0 / (70 + 8.5 * longest_text))
legend_columns = legend_columns < 1 ? 1 : legend_columns
legend_room = 22 * ((words(variants) + legend_columns - 1) / legend_columns - 1)
