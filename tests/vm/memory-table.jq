# SPDX-License-Identifier: GPL-2.0-only
# bench.json of the memory benchmarks -> verdict lines, two per benchmark: the
# counts while K pidfds are held, and what is left after the last close and the reaping.
# $expect: lines "row<TAB>value" of tests/expect/<base>/<variant>.tsv.

def expected:
	$expect | split("\n") | map(split("\t") | select(length == 2) | { key: .[0], value: .[1] }) | from_entries;

# The value of a row for $n descriptors or processes, which is "K" there.
def want($row; $n): expected[$row] // error("no row \($row)") | if . == "K" then $n else tonumber end;

# As many as $what ("dentries", "inodes") should be there with K held.
def wanted($target; $k; $what):
	if $target == "same" then want($what + "_one_process"; $k)
	elif $target == "each" then want($what + "_k_processes"; $k)
	else 64 * want($what + "_one_process"; $k / 64)
	end;

# How many of $what are left after the close: one per process where they are kept.
def want_left($target; $k; $what):
	if expected[$what + "_after_close"] == "0" then 0
	else { same: 1, each: $k, mixed: 64 }[$target]
	end;

def verdict($name; $good; $why): if $good then "ok \($name)" else "not ok \($name): \($why)" end;

.benchmarks[] |
(.name | sub("/workers:.*"; "")) as $name |
($name | capture("^memory/target:(?<target>[a-z]+)/fds:(?<k>[0-9]+)$")) as $of |
($of.k | tonumber) as $k |
if .error_occurred then
	verdict($name; false; .error_message)
else
	(.dentries * $k | round) as $dentries |
	(.inodes * $k | round) as $inodes |
	wanted($of.target; $k; "dentries") as $d |
	wanted($of.target; $k; "inodes") as $i |
	verdict($name; $dentries == $d and $inodes == $i;
		"expected \($d) dentries and \($i) inodes, got \($dentries) and \($inodes)"),
	verdict($name + " left";
		.left_dentries == want_left($of.target; $k; "dentries") and
		.left_inodes == want_left($of.target; $k; "inodes") and .left_reaped == 0;
		"leak: \(.left_dentries) of slab dentry and \(.left_inodes) of slab inode_cache, \(.left_slab) bytes; \(.left_reaped) of reaped processes")
end
