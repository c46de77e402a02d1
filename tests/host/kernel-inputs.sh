#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Series, patches and options of one's own: each line is used, as quilt and patch(1)
# would, or refused with file and line, before anything is built.
. "$(dirname "$0")/../lib.sh"

suite=$scratch/suite
series=$suite/kernel-patches/6.1
tree=$scratch/tree
mkdir -p "$series/sub" "$tree/fs"
cp -r "$top/kernel-patches/tools" "$top/kernel-patches/config" "$suite/kernel-patches"
[ ! -d "$top/setup" ] || cp -r "$top/setup" "$suite"
export XDG_CACHE_HOME=$scratch/cache KERNEL_SRC=$tree
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\nEXTRAVERSION =\n' >"$tree/Makefile"
printf 'one\ntwo\nthree\n' >"$tree/fs/f.c"
: >"$tree/fs/empty.c"
variants() { "$suite/kernel-patches/tools/variants" "$@"; }
printf '# Summary: stock\n# Default: yes\n' >"$series/anon-inode.series"
echo mine.patch >"$series/mine.series"

# made: what the patches of `mine` make, as "kind path" or "kind path: lines".
made() {
	bash -euc '. "$0/common.sh"; . "$0/clean-env.sh"; . "$0/overlay.sh"
		make_overlay 6.1 mine "$1" 6.1.9 "$2"' "$suite/kernel-patches/tools" "$tree" "$scratch/overlay" 2>&1 || return 1
	while IFS=$'\t' read -r kind content path; do
		case $kind in
		link) echo "$kind $path: $content" ;;
		none) echo "$kind $path" ;;
		*) echo "$kind $path:$(sed 's/^/ /' "$scratch/overlay/files/$path" | tr -d '\n')" ;;
		esac
	done <"$scratch/overlay/list" | paste -sd,
}
# patched WHAT EXPECTED PATCH: the patch is printf's format.
patched() {
	# shellcheck disable=SC2059 # meant so
	printf -- "$3" >"$series/mine.patch"
	check_equal "patch: $1" "$2" "$(variants check 6.1 mine 2>&1 && made)"
}
# refused WHAT REGEX PATCH: by check, or when it is applied.
refused() {
	# shellcheck disable=SC2059 # meant so
	printf -- "$3" >"$series/mine.patch"
	check_fails "patch: $1" "$2" variants identical 6.1 mine
}
edit='--- a/fs/f.c\n+++ b/fs/f.c\n@@ -1,3 +1,3 @@\n-one\n+ONE\n two\n three\n'
changed='file fs/f.c: ONE two three'
patched "an edit" "$changed" "$edit"
patched "with a description, mode lines and a signature" "$changed" "Why:\n- one\n+ two\n---\n f.c | 2\n\ndiff --git a/fs/f.c b/fs/f.c\nindex 1..2 100644\n$edit-- \n2.39.5\n\n"
patched "an empty file" "file fs/e.c:" 'diff --git a/fs/e.c b/fs/e.c\nnew file mode 100644\nindex 0000000..e69de29\n'
patched "an empty file that is removed" "none fs/empty.c" 'diff --git a/fs/empty.c b/fs/empty.c\ndeleted file mode 100644\nindex e69de29..0000000\n'
patched "a symbolic link" "link fs/l: f.c" 'diff --git a/fs/l b/fs/l\nnew file mode 120000\nindex 0000000..1269488\n--- /dev/null\n+++ b/fs/l\n@@ -0,0 +1 @@\n+f.c\n\\ No newline at end of file\n'
patched "a mode" "program fs/f.c: one two three" 'diff --git a/fs/f.c b/fs/f.c\nold mode 100644\nnew mode 100755\n'
patched "a new file" "file fs/n.c: new" '--- /dev/null\n+++ b/fs/n.c\n@@ -0,0 +1 @@\n+new\n'
patched "a file that is removed" "none fs/f.c" '--- a/fs/f.c\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-one\n-two\n-three\n'
patched "a rename" "none fs/f.c,file fs/g.c: one two three" 'diff --git a/fs/f.c b/fs/g.c\nsimilarity index 100%%\nrename from fs/f.c\nrename to fs/g.c\n'
patched "a copy" "file fs/g.c: one two three" 'diff --git a/fs/f.c b/fs/g.c\nsimilarity index 100%%\ncopy from fs/f.c\ncopy to fs/g.c\n'
patched "times after a tab" "$changed" '--- a/fs/f.c\t2020-01-01 00:00:00.0 +0000\n+++ b/fs/f.c\t2021-01-01 00:00:00.0 +0000\n@@ -1,3 +1,3 @@\n-one\n+ONE\n two\n three\n'
patched "a new file by its time" "file fs/n.c: new" '--- a/fs/n.c\t1970-01-01 00:00:00.0 +0000\n+++ b/fs/n.c\t2021-01-01 00:00:00.0 +0000\n@@ -0,0 +1 @@\n+new\n'
patched "CR at the ends of its lines" "$changed" "${edit//\\n/\\r\\n}"
patched "an offset" "$changed" '--- a/fs/f.c\n+++ b/fs/f.c\n@@ -5,2 +5,2 @@\n-one\n+ONE\n two\n'
refused "empty" 'mine.patch: the patch changes nothing' ''
refused "words alone" 'mine.patch: the patch changes nothing' 'Why not.\n'
refused "a binary file" 'mine.patch:8: a binary file' "${edit}Binary files a/x and b/x differ\n"
refused "git's binary patch" 'mine.patch:3: a binary file' 'diff --git a/x b/x\nnew file mode 100644\nGIT binary patch\nliteral 4\n'
refused "a file that diff only names" 'mine.patch:8: a file is only named' "${edit}Only in b/fs: n.c\n"
refused "a file without a hunk" 'mine.patch:9: a file is named' "$edit--- a/fs/n.c\n+++ b/fs/n.c\n"
refused "a file of git's without a change" 'mine.patch:1: a file is named' 'diff --git a/fs/f.c b/fs/f.c\nindex 1..2 100644\n'
refused "a line more than its hunk has" 'mine.patch:8: a line that is in no hunk: .more' "$edit+more\n"
refused "a hunk of no file" 'mine.patch:9: a hunk of no file' "$edit\n@@ -1 +1 @@\n-one\n+ONE\n"
refused "a torn one" 'mine.patch:6: the patch ends within the hunk of line 3' '--- a/fs/f.c\n+++ b/fs/f.c\n@@ -1,3 +1,3 @@\n-one\n+ONE\n two\n'
refused "without its last newline" 'mine.patch of variant mine does not apply .*malformed|ends in middle' '--- a/fs/f.c\n+++ b/fs/f.c\n@@ -1 +1 @@\n-one\n+ONE'
refused "a context diff" 'mine.patch:3: a context diff' '*** a/fs/f.c\n--- b/fs/f.c\n***************\n*** 1 ****\n! one\n--- 1 ----\n! ONE\n'
refused "a normal diff" 'mine.patch:3: only unified diffs' 'diff a/fs/f.c b/fs/f.c\n1c1\n< one\n---\n> ONE\n'
refused "a submodule" 'mine.patch:2: mode 160000' 'diff --git a/s b/s\nnew file mode 160000\n'
refused "a file outside the tree" 'mine.patch:2: a file outside the tree' '--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n'
refused "a quoted name" 'mine.patch:.: a quoted name' '--- "a/f\\303.c"\n+++ "b/f\\303.c"\n@@ -1 +1 @@\n-one\n+ONE\n'
refused "what is not there: file, hunk and line are named" 'does not apply to Linux 6.1.9: fs/f.c: Hunk #1 FAILED at 2' '--- a/fs/f.c\n+++ b/fs/f.c\n@@ -2 +2 @@\n-tow\n+TWO\n'
refused "fuzz" 'Hunk #1 FAILED' '--- a/fs/f.c\n+++ b/fs/f.c\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n tree\n'
refused "a file that is there is not made anew" 'already exists|FAILED' '--- /dev/null\n+++ b/fs/f.c\n@@ -0,0 +1 @@\n+x\n'
refused "no such file: the line is named" "find file to patch at input line 3" '--- a/fs/x.c\n+++ b/fs/x.c\n@@ -1 +1 @@\n-one\n+ONE\n'
refused "names without a folder before them, in a series that says nothing" "find file to patch" "${edit//[ab]\/fs/fs}"

# A series.
# in_series WHAT EXPECTED SERIES
in_series() {
	# shellcheck disable=SC2059 # meant so
	printf "$3" >"$series/mine.series"
	check_equal "series: $1" "$2" "$(variants check 6.1 mine 2>&1 && made)"
}
# shellcheck disable=SC2059 # meant so
printf -- "$edit" >"$series/mine.patch"
printf -- '--- fs/f.c\n+++ fs/f.c\n@@ -3 +3 @@\n-three\n+THREE\n' >"$series/flat.patch"
cp "$series/mine.patch" "$series/mine[12].patch"
cp "$series/mine.patch" "$series/sub/mine.patch"
in_series "no newline at its end" "file fs/f.c: ONE two THREE" 'mine.patch\nflat.patch -p0'
in_series "comments and blanks" "$changed" '\n  # no\n\tmine.patch \t# yes\n\n'
in_series "-p1 and -pab" "$changed" 'mine.patch -pab\n'
in_series "a patch whose name looks like a pattern" "$changed" 'mine[12].patch\n'
in_series "a patch in a folder" "$changed" 'sub/mine.patch\n'
in_series "CR at the ends of its lines" "$changed" '# Default: yes\r\nmine.patch\r\n'
check "series: which keep Default" grep -qx mine <(variants default)
# refused_series WHAT REGEX SERIES
refused_series() {
	# shellcheck disable=SC2059 # meant so
	printf "$3" >"$series/mine.series"
	check_fails "series: $1" "mine.series:$2" variants check 6.1 mine
}
refused_series "an option that is none" "2: '-R' is not taken" '\nmine.patch -R\n'
refused_series "a blank in a name" "1: 'two.patch' is not taken" 'mine.patch two.patch\n'
refused_series "a patch outside" "1: the patch ../mine.patch is outside" '../mine.patch\n'
refused_series "a patch of the root" "1: the patch /mine.patch is outside" '/mine.patch\n'
refused_series "no such patch" "1: names absent.patch" 'absent.patch'
refused_series "a folder" "1: names sub, which is not" 'sub\n'
refused_series "another Default" "2: '# Default: maybe'" 'mine.patch\n# Default: maybe\n'
refused_series "another Inode" "1: '# Inode: mine'" '# Inode: mine\nmine.patch\n'
refused_series "a header twice" "2: '# Summary:' was in line 1 already" '# Summary: a\n# Summary: b\nmine.patch\n'
refused_series "two options" "1: '-p1' is more than a patch's name and one option" 'mine.patch -p0 -p1\n'
refused_series "another Place" "1: '# Place: 0'" '# Place: 0\nmine.patch\n'
refused_series "another Control" "1: '# Control: me'" '# Control: me\nmine.patch\n'
mkdir "$scratch/aside"
mv "$series"/*.series "$scratch/aside"
printf '# Default: yes\n' | tee "$series/a.series" >"$series/b.series"
printf '# Place: 1\n# Default: yes\n' >"$series/c.series"
printf '# Control: yes\n' >"$series/d.series"
: >"$series/e.series"
# means WHAT VARIANTS NAMES
means() { check_equal "VARIANTS: $1" "$3" "$(variants chosen 6.1 "$2" 2>&1 | paste -sd' ')"; }
means "nothing is the default comparison, in order" "" "c a b"
means "blanks are nothing" "  " "c a b"
means "all is all but controls" all "c a b e"
means "names in their order, in whatever lines, also a kernel again" $'d  a\ne e.again' "d a e e.again"
check_fails "VARIANTS: one that is none" "unknown variant 'f'; valid: a b c d e" variants chosen 6.1 "a f"
rm "$series"/[a-e].series
mv "$scratch/aside"/*.series "$series"
echo mine.patch >"$series/mine.series"

# Options.
options() {
	# shellcheck disable=SC2059 # meant so
	printf "$2" >"$series/mine.config"
	check_equal "options: $1" "$3" "$(gawk -f "$suite/kernel-patches/tools/read-fragments.awk" "$series/mine.config" | paste -sd,)"
}
options "all that may be there" '# why\n\n# CONFIG_F is not set\nCONFIG_A=y\nCONFIG_B=10\nCONFIG_C=0x1f\nCONFIG_D="a b"' \
	'# CONFIG_F is not set,CONFIG_A=y,CONFIG_B=10,CONFIG_C=0x1f,CONFIG_D="a b"'
options "CR at the ends of lines" 'CONFIG_A=y\r\n# CONFIG_B is not set\r\n' 'CONFIG_A=y,# CONFIG_B is not set'
printf '# Since 6.10: CONFIG_A=y\n# Since 6.2: CONFIG_B=n\n' >"$series/mine.config"
for linux in 6.1: 6.2:CONFIG_B=n 6.9:CONFIG_B=n 6.10:CONFIG_A=y,CONFIG_B=n 7.0:CONFIG_A=y,CONFIG_B=n; do
	check_equal "options: of later versions, for Linux ${linux%%:*}" "${linux#*:}" \
		"$(gawk -v linux="${linux%%:*}" -f "$suite/kernel-patches/tools/read-fragments.awk" "$series/mine.config" | paste -sd,)"
done
while IFS='|' read -r what line why; do
	printf 'CONFIG_A=y\n%s\n' "$line" >"$series/mine.config"
	check_fails "options: $what" "mine.config:2: $why" variants check 6.1 mine
done <<'END'
a blank before one| CONFIG_B=y|' CONFIG_B=y' is neither
no CONFIG_|B=y|'B=y' is neither
no value|CONFIG_B=|'CONFIG_B=' is neither
a value that is none|CONFIG_B=yes|'CONFIG_B=yes' is neither
words after a value|CONFIG_B=y # why|'CONFIG_B=y # why' is neither
words after is not set|# CONFIG_B is not set, why|.* is not taken
no blank before is not set|#CONFIG_B is not set|.* is not taken
one that is set twice|CONFIG_A=n|CONFIG_A is set in line 1 already
a version that is none|# Since then: CONFIG_B=y|.* is not taken
one of later that is set already|# Since 6.2: CONFIG_A=n|CONFIG_A is set in line 1 already
a goal for make|# Make: clean|'clean' is no NAME=VALUE
END
rm "$series/mine.config"

# Names.
for name in 'my variant' -x 'a,b' mine.again all 'ü' "$(printf 'x%.0s' {1..33})"; do
	: >"$series/$name.series"
	check_fails "name: '$name' is refused" "$name.series: a variant's name is at most 32 letters" variants list
	rm "$series/$name.series"
done
name=A.b_c-$(printf '9%.0s' {1..26})
: >"$series/$name.series"
check "name: letters, digits, dot, underscore and dash, 32 of them" variants check 6.1 "$name"

# What a series says of its inode is what the tables of counts expect.
for expected in "$top"/tests/expect/6.*/*.tsv; do
	variant=$(basename "$expected" .tsv)
	base=$(basename "${expected%/*}")
	check_equal "about: the inode of $variant of $base" "$(gawk '$1 == "ino_differs_between_processes" { print $2 ? "own" : "anon" }' "$expected")" \
		"$("$top/kernel-patches/tools/variants" about "$base" "$variant" | cut -f2)"
done

# What nobody would read.
touch "$series/lonely.config"
check_fails "options of no series" "lonely.config: options of no variant, as there is no lonely.series" variants list
rm "$series/lonely.config"
for hidden in .series .mine.series .mine.config; do
	touch "$series/$hidden"
	check_fails "a hidden $hidden" "/$hidden: (options of no variant|a hidden series is none)" variants check 6.1 mine
	rm "$series/$hidden"
done
ln -s nowhere "$series/.#mine.series"
check "an editor's lock is let be" variants list
rm "$series/.#mine.series"

# One tree under two names is told.
check_equal "identical: a variant that changes nothing, and the one it is" "$name: identical to anon-inode" \
	"$(variants identical 6.1 "$name" mine 2>/dev/null)"
echo CONFIG_A=y >"$series/$name.config"
check_equal "identical: not with other options" "" "$(variants identical 6.1 "$name" mine 2>/dev/null)"
rm "$series/$name.config"
cp "$series/mine.patch" "$series/copied.patch"
echo copied.patch >>"$series/$name.series"
identical() { variants identical 6.1 "$name" mine 2>/dev/null | paste -sd' '; }
check_equal "identical: by what its patches make" "$name: identical to mine mine: identical to $name" "$(identical)"
check_equal "identical: once more, without applying them again" "$(identical)" \
	"$(printf '#!/bin/sh\nexit 1\n' >"$scratch/patch" && chmod +x "$scratch/patch" && PATH=$scratch:$PATH identical)"
sed -i 's/^+\(.*[A-Z]\)/+\1 CHANGED/' "$series/copied.patch"
check_equal "identical: not once a patch has changed" "" "$(identical)"
