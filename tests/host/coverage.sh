# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What tests/coverage makes of counts: lines of patches without code, run, never run,
# and never run for a reason.
. "$(dirname "$0")/../lib.sh"

printf '# Reasons\nfs/a.c\tpanic("no");\tthe boot would end here\n' >"$scratch/reasons"
printf 'fs/a.c\t1\t0\nfs/a.c\t2\t0\nfs/a.c\t2\t7\nfs/a.c\t4\t0\nfs/a.h\t9\t1\n' >"$scratch/counts"
printf 'fs/a.c\t2\t\tgoto out;\nfs/a.c\t3\t{\nfs/a.c\t4\t\tpanic("no");\nfs/a.h\t9\treturn 0;\n' >"$scratch/added"

# judged: the row, and after a bar the lines never run and the exit status.
judged() {
	local status=0 row
	: >"$scratch/never"
	row=$(gawk -F '\t' -v variant=mine -v never="$scratch/never" -f "$tests_dir/coverage.awk" \
		"$scratch/reasons" "$scratch/counts" "$scratch/added") || status=$?
	echo "$(tr -s ' ' <<<"$row") | $(tr '\t\n' ':;' <"$scratch/never") $status"
}

check_equal "run in one of its copies, without code, never run for a reason" \
	'mine 3 2 1 0 | fs/a.c:4:panic("no");:the boot would end here; 0' "$(judged)"
printf 'fs/a.c\t1\t\treturn -ENOMEM;\n' >>"$scratch/added"
check_equal "a line that is never run fails it" \
	'mine 4 2 1 1 | fs/a.c:4:panic("no");:the boot would end here;fs/a.c:1:return -ENOMEM;:NEVER RUN; 1' "$(judged)"
printf 'fs/a.c\tif (no) { dput(d);\twhy\n' >>"$scratch/reasons"
printf 'fs/a.c\t3\tif (no) {\nfs/a.c\t4\t\tdput(d);\n' >"$scratch/added"
check_equal "the line before it tells which of two alike has the reason" \
	'mine 1 0 1 0 | fs/a.c:4:dput(d);:why; 0' "$(judged)"
printf 'fs/a.c\t1\t\tdput(d);\n' >"$scratch/added"
check_equal "and which has none" 'mine 1 0 0 1 | fs/a.c:1:dput(d);:NEVER RUN; 1' "$(judged)"
printf 'fs/a.c\t2\t\tx\nfs/b.c\t2\t\tgoto out;\nfs/b.h\t2\tx\n' >"$scratch/added"
check_equal "and so does a file that was not counted" \
	'mine 1 1 0 0 | fs/b.c:::nothing was counted: name it in kernel-patches/config/gcov.config; 1' "$(judged)"
printf 'fs/a.c\t3\t{\n' >"$scratch/added"
check_equal "and a patch without code" 'mine 0 0 0 0 |  1' "$(judged)"
: >"$scratch/added"
check_equal "and no patch at all" 'mine 0 0 0 0 |  1' "$(judged)"

# shellcheck source=tests/prove.sh
. "$tests_dir/prove.sh"
# covered VARIANTS: which variants that is for, of a line each.
covered() { (VARIANTS=$1 && choose 1 anon-inode && printf '%s\n' "${variants[@]}"); }
list() { "$top/kernel-patches/tools/variants" chosen 6.1 "$1"; }
check_equal "stock, which has no line, is not of the default comparison" "$(list '' | grep -vx anon-inode)" "$(covered '')"
check_equal "nor of all" "$(list all | grep -vx anon-inode)" "$(covered all)"
check_equal "but can be named" anon-inode "$(covered anon-inode)"
