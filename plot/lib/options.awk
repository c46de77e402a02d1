# SPDX-License-Identifier: GPL-2.0-only
# Two kernel configurations: the options that both know and that are not alike, a line each, and how many but one does.
# -v a, -v b: names of the two.
FNR == 1 { side++ }
/^# CONFIG_[A-Za-z0-9_]+ is not set$/ { value[side, $2] = "n"; name[$2] }
/^CONFIG_[A-Za-z0-9_]+=/ { at = index($0, "="); symbol = substr($0, 1, at - 1); value[side, symbol] = substr($0, at + 1); name[symbol] }
END {
	n = asorti(name, sorted)
	for (i = 1; i <= n; i++) {
		symbol = sorted[i]
		if (!((1, symbol) in value)) later++
		else if (!((2, symbol) in value)) gone++
		else if (value[1, symbol] != value[2, symbol])
			printf "%s is %s (%s), %s (%s)\n", symbol, value[1, symbol], a, value[2, symbol], b
	}
	if (gone + later) printf "options of only one kernel: %d of %s, %d of %s\n", gone, a, later, b
}
