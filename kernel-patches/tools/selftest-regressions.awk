# SPDX-License-Identifier: GPL-2.0-only
# Which of the kernel's selftests stock passes and another variant does not, a line each.
# Input: anon-inode's selftests.tsv, which is stock's, then now=NAME FILE of others
# (guest-selftests writes them). A test that a variant did not report is one, too.
BEGIN { FS = "\t" }
function missing(    t) {
	for (t = 1; t <= tests; t++)
		if (variant != "" && !(test[t] in seen)) print variant " selftests " test[t] ": stock passes, here not run: its program ended before"
	split("", seen)
}
FNR == 1 { missing(); variant = now; next }
{ id = $1 "/" $2 }
variant == "" { if ($3 == "pass" && !(id in passes)) passes[test[++tests] = id]; next }
{ seen[id] }
$3 != "pass" && id in passes { print variant " selftests " id ": stock passes, here " $3 ": " $4 }
END { missing() }
