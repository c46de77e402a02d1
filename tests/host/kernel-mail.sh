#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# MBOX: patches as mail has them become a variant beside stock; those that git am would
# refuse, or that do not apply, are refused in a line that says what and where.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
tree=$scratch/tree work=$scratch/work
export XDG_CACHE_HOME=$scratch/cache KERNEL_SRC=$tree
mkdir -p "$tree/fs"
printf 'VERSION = 6\nPATCHLEVEL = 13\nSUBLEVEL = 0\nEXTRAVERSION =\n' >"$tree/Makefile"
seq 1 40 >"$tree/fs/f.c"
cp -r "$tree" "$work"
cd "$work" || exit 1
git init -q -b master . && git config user.name 'Jörg Tester' && git config user.email tester@example.org
git add -A && git commit -qm base && git tag base
sed -i '3s/$/ three/' fs/f.c && git commit -qam 'fs: say three'
sed -i '30s/$/ dreißig/' fs/f.c && echo new >fs/new.c && git add -A && git commit -qm 'fs: say thirty'
git format-patch -q --stdout -1 HEAD~1 >"$scratch/one.mbox"
git format-patch -q -v2 --cover-letter -o "$scratch/series" base
sed -i 's/\*\*\* SUBJECT HERE \*\*\*/fs: speak at last/' "$scratch/series"/v2-0000*
cat "$scratch/series"/v2-000[021]* >"$scratch/series.mbox" # in no order

# variant BOX: what its variant is called, its summary and what it changes.
facts() { MBOX=$1 "$tools/kernel-source" 2>"$scratch/err"; }
variant() {
	local said series name
	said=$(facts "$1") || { cat "$scratch/err" && return 1; }
	series=$(sed -n 's/^series=//p' <<<"$said")
	name=$("$tools/variants" chosen "$series" | sed -n 2p)
	echo "$("$tools/variants" chosen "$series" | paste -sd' '): $("$tools/variants" about "$series" "$name" | cut -f4): $(cut -f1,3 "$series/$name.overlay/list" | tr '\t' ' ' | paste -sd,): $(sed -n '3p;30p' "$series/$name.overlay/files/fs/f.c" | paste -sd' ')"
}
one="stock fs-say-three: fs: say three (a patch of mail): file fs/f.c: 3 three 30"
check_equal "a patch" "$one" "$(variant "$scratch/one.mbox")"
check_equal "a series in any order: its cover letter names it" \
	"stock fs-speak-at-last: fs: speak at last (2 patches of mail): file fs/f.c,file fs/new.c: 3 three 30 dreißig" "$(variant "$scratch/series.mbox")"
sed 's/$/\r/' "$scratch/one.mbox" >"$scratch/crlf.mbox"
check_equal "with CR at the ends of its lines" "$one" "$(variant "$scratch/crlf.mbox")"
gzip -c "$scratch/one.mbox" >"$scratch/one.mbox.gz"
check_equal "gzipped, as archives give it" "$one" "$(variant "$scratch/one.mbox.gz")"
# coded ENCODING COMMAND...: the patch with its body so encoded.
coded() {
	sed "/^$/q" "$scratch/one.mbox" | sed '$d'
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: %s\n\n' "$1"
	sed '1,/^$/d' "$scratch/one.mbox" | "${@:2}"
}
coded base64 base64 >"$scratch/base64.mbox"
check_equal "base64" "$one" "$(variant "$scratch/base64.mbox")"
sed 's/$/\r/' "$scratch/one.mbox" >"$scratch/as-crlf"
coded base64 bash -c "sed 's/\$/\r/' | base64" >"$scratch/base64-crlf.mbox"
check_equal "base64 of lines with CR" "$one" "$(variant "$scratch/base64-crlf.mbox")"
coded quoted-printable sed 's/=/=3D/g; s/ three/=20three/' >"$scratch/qp.mbox"
check_equal "quoted-printable" "$one" "$(variant "$scratch/qp.mbox")"
printf 'From x Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: Re: [PATCH] fs: say three\n\nOn Monday he wrote:\n> diff --git a/fs/f.c b/fs/f.c\nNo.\n\n' >"$scratch/reply"
cat "$scratch/one.mbox" "$scratch/reply" >"$scratch/thread.mbox"
check_equal "beside an answer" "$one" "$(variant "$scratch/thread.mbox")"
check_equal "nothing was written to the tree" "fs/f.c Makefile" "$(cd "$tree" && find . -type f -printf '%P\n' | sort -r | paste -sd' ')"

# refused WHAT REGEX BOX
refused() { check_fails "refused: $1" "^kernel-source: MBOX=[^ ]*: ?.*$2|^kernel-source: MBOX=[^ ]*,? .*$2" env MBOX="$3" "$tools/kernel-source"; }
export XDG_CACHE_HOME=$scratch/other
coded 8bit cat | sed 's/charset=UTF-8/charset=UTF-8; format=flowed/' >"$scratch/flowed.mbox"
refused "format=flowed, and why" "mail 0001 .fs: say three. has format=flowed, which breaks lines" "$scratch/flowed.mbox"
cat "$scratch/one.mbox" "$scratch/series.mbox" >"$scratch/two.mbox"
refused "two versions" "has patches of v1 v2; give those of one version" "$scratch/two.mbox"
refused "an answer alone" "has no patch" "$scratch/reply"
check_equal "and says so once, of however many kernels" "kernel-source: MBOX=$scratch/reply has no patch" \
	"$(env -u KERNEL_SRC -u XDG_CACHE_HOME MBOX="$scratch/reply" "$tools/kernel-source" 2>&1 | grep MBOX)"
refused "no file" "is no file" "$scratch/nowhere"
: >"$scratch/empty.mbox"
refused "an empty one" "is empty" "$scratch/empty.mbox"
head -c 100 "$scratch/one.mbox.gz" >"$scratch/torn.gz"
refused "one whose compression is torn" "cannot be read: gzip: .*unexpected end of file" "$scratch/torn.gz"
refused "half a series" "is no whole series: 1/2 is missing" "$(echo "$scratch/series"/v2-0002*)"
cat "$scratch/series"/v2-000[02]* >"$scratch/half.mbox"
refused "half of one with its cover letter" "is no whole series: 1/2 is missing" "$scratch/half.mbox"
cat "$scratch/series"/v2-000[1122]* "$scratch/series"/v2-0002* >"$scratch/twice.mbox"
refused "a patch twice" "has 2/2 twice; the second is 'fs: say thirty'" "$scratch/twice.mbox"
sed 's|v2 2/2|v2 2/3|' "$scratch/series.mbox" >"$scratch/mixed.mbox"
refused "patches of two series" "has patches of two series: 1/2 .fs: say three. and 2/3 .fs: say thirty.; give one" "$scratch/mixed.mbox"
sed 's|v2 2/2|v2|' "$scratch/series.mbox" >"$scratch/bare.mbox"
refused "one without its number" "mail 000[0-9] .fs: say thirty. has a patch and no number, others have" "$scratch/bare.mbox"
sed 's/^ 4$/ four/' "$scratch/one.mbox" >"$scratch/other.mbox"
refused "what does not apply: hunk, file and line" "'fs: say three' does not apply to Linux 6.13.0: hunk 1 of fs/f.c, line 1, is not there" "$scratch/other.mbox"
sed 's|fs/f.c|fs/g.c|g' "$scratch/one.mbox" >"$scratch/absent.mbox"
refused "a file that is not there" "fs/g.c: (does not exist|No such file)" "$scratch/absent.mbox"
head -n 17 "$scratch/one.mbox" >"$scratch/torn.mbox"
refused "a torn one" "mail 0001 .fs: say three.: line [0-9]+: " "$scratch/torn.mbox"
check_fails "refused: MBOX and REVS" "MBOX= and REVS= both" env MBOX="$scratch/one.mbox" REVS=x "$tools/kernel-source"
check_equal "nothing half-made is left" "" "$(find "$scratch/other/pidfdbench/series" -mindepth 1 2>/dev/null)"
check_fails "refused: VARIANTS= without the patches' own" "the patches of MBOX= are the variant fs-say-three, which VARIANTS='stock' leaves out" \
	env MBOX="$scratch/one.mbox" VARIANTS=stock "$top/bench/run/measure-variants" "$scratch/run"
