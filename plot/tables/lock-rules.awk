# SPDX-License-Identifier: GPL-2.0-only
# Which locks workers share, by lock-sharing.tsv, read as from=sharing. Before
# bounds.awk and bounds-text.awk.

# The line of lock-sharing.tsv that decides; 0 when none does.
function rule_for(class, variant, benchmark,    r) {
	for (r = 1; r <= rules; r++)
		if (class ~ "^(" rule[r, 1] ")$" && variant ~ "^(" rule[r, 2] ")$" && benchmark ~ rule[r, 3])
			return r
	return 0
}

# A lock row's benchmark without its last part, and that part, the lock's class.
function lock_base(name) {
	sub(/\/lock:[^\/]*$/, "", name)
	return name
}

function lock_class(name) {
	sub(/.*\/lock:/, "", name)
	return name
}

from == "sharing" {
	if (/^#/)
		next
	rules++
	for (i = 1; i <= 5; i++)
		rule[rules, i] = $i
	next
}
