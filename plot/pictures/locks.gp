# SPDX-License-Identifier: GPL-2.0-only
# One place for the look of lock classes, as variants.gp is for variants. In: `locks`, the
# classes of a plot. Out: lock_colour(i), lock_points(i), legend_room. Classes that
# are sums of many locks are grey; one that is not named here is violet.
known_locks = "i_lock-anon_inodefs i_lock-pidfs i_lock-nsfs d_lock inode_hash_lock s_inode_list_lock file_lock pidmap_lock slab rcu rest other"
lock_colours = "#000000 #0072B2 #56B4E9 #E69F00 #D55E00 #CC79A7 #009E73 #8C7A00 #6E6E6E #9A9A9A #C4C4C4 #5D3A9B"
lock_pointtypes = "7 5 4 9 11 13 6 8 2 1 3 12"
lock_slot(name) = sum [k=1:words(known_locks)] (word(known_locks, k) eq name ? k : 0)
lock_index(i) = lock_slot(word(locks, i)) > 0 ? lock_slot(word(locks, i)) : words(known_locks)
lock_colour(i) = word(lock_colours, lock_index(i))
lock_points(i) = int(word(lock_pointtypes, lock_index(i)))

# The legend stands in columns as in variants.gp, on the 840 pixels beside the names of bars.
longest_lock = 0
do for [i=1:words(locks)] {
	if (strlen(word(locks, i)) > longest_lock) { longest_lock = strlen(word(locks, i)) }
}
legend_columns = int(840.0 / (70 + 8.5 * longest_lock))
legend_columns = legend_columns < 1 ? 1 : legend_columns
legend_room = 22 * ((words(locks) + legend_columns - 1) / legend_columns - 1)
