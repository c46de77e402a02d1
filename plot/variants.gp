# SPDX-License-Identifier: GPL-2.0-only
# One place for the order and the look of variants, so that a variant has the
# same colour in every plot. The scripts read `known_variants` from here too.
#
# Colours: Okabe and Ito, "Color Universal Design" (2008), told apart with any
# colour vision. A variant not named here gets the next colour that no variant
# of the run uses, in the order given; after eight they start over, dashed.
known_variants = "anon-inode stash iget-locked unique-anon unique-anon-posted nsfs-instantiate-unique nsfs-exact-alias"
palette_colours = "#000000 #E69F00 #0072B2 #009E73 #D55E00 #CC79A7 #56B4E9 #8C7A00"
palette_points = "7 5 9 11 13 4 6 8"

slot_of(name) = sum [i=1:words(known_variants)] (word(known_variants, i) eq name ? i : 0)
# The run's variants come in `variants` (a string of names); see slots_of_run().
slot_taken(slot) = sum [i=1:words(variants)] (slot_of(word(variants, i)) == slot ? 1 : 0)
