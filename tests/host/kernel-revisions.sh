#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# REVS: revisions of a git repository as variants: which there are, in what order, what
# tree each of them has; that nothing is checked out or written; and bad ones refused.
# Nothing is compiled: make is one that leaves what a build would.
. "$(dirname "$0")/../lib.sh"
tools=$top/kernel-patches/tools
repo=$scratch/repo
export XDG_CACHE_HOME=$scratch/cache KERNEL_SRC=$repo
mkdir -p "$repo/fs" "$repo/scripts/kconfig" "$scratch/bin"
cd "$repo" || exit 1
git init -q -b master .
git config user.name tester
git config user.email tester@example.org
commit() { git add -A && git commit -qm "$1"; }
printf 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\nEXTRAVERSION =\n' >Makefile
printf 'config %s\n' PROC_FS EPOLL >Kconfig
printf '#!/bin/sh\ncat "$5" >>"$4"\n' >scripts/kconfig/merge_config.sh
chmod +x scripts/kconfig/merge_config.sh
echo one >fs/one.c
echo 'a' >'fs/a name'
commit "start"
git tag v6.12
echo -rt1 >localversion-rt
commit "master moves on"
git checkout -qb topic/x v6.12
echo two >fs/one.c && commit "fs: two"
git rm -q 'fs/a name' && ln -s one.c fs/link && chmod +x fs/one.c && commit "fs: a link, a mode, one file less"
printf 'config MEMCG\n' >>Kconfig && echo new >"fs/ä new" && commit "fs: a new file"
git checkout -q master
echo local >fs/one.c # not of any commit

# facts REVS: what kernel-source says; series_of, tree_of: of that.
facts() { REVS=$1 "$tools/kernel-source"; }
fact() { sed -n "s/^$1=//p"; }
listed=$(find . -type f -printf '%p %T@ %s\n' | sort)
said=$(facts "v6.12 topic/x")
series=$(fact series <<<"$said")
check_equal "base, version and kernel are of the first" "6.12 v6.12 6.12.0" \
	"$(fact base <<<"$said") $(fact version <<<"$said") $(fact kernel <<<"$said")"
check_equal "the variants, in order" "v6.12 topic-x" "$("$tools/variants" chosen "$series" | paste -sd' ')"
check_equal "what they are" "$(git log -1 --format='%h %s' topic/x)" "$("$tools/variants" list "$series" | gawk -F'\t' '$1 == "topic-x" { print $3 }')"
check_equal "the tree is the first's, not what lies in the work tree" "one" "$(cat "$(fact tree <<<"$said")/fs/one.c")"

# made REVS NAME: the files of that variant's overlay.
made() {
	local said
	said=$(facts "$1") || return 1
	bash -euc '. "$0/common.sh"; . "$0/clean-env.sh"; . "$0/overlay.sh"
		make_overlay "$1" "$2" "$3" 6.12.0 "$4"' "$tools" "$(fact series <<<"$said")" "$2" "$(fact tree <<<"$said")" "$scratch/overlay" &&
		cut -f1,3 "$scratch/overlay/list" | tr '\t' ' ' | paste -sd,
}
check_equal "a revision's tree is what differs" "file Kconfig,none fs/a name,link fs/link,program fs/one.c,file fs/ä new" "$(made "v6.12 topic/x" topic-x)"
check_equal "and its bytes" "two new one.c" "$(cat "$scratch/overlay/files/fs/one.c" "$scratch/overlay/files/fs/ä new" | paste -sd' ') $(readlink "$scratch/overlay/files/fs/link")"
check_equal "a version of the tree's own is left out" "" "$(made "v6.12 master" master)"
check_equal "which is told" "v6.12: identical to master" "$(REVS="v6.12 master" "$tools/variants" identical "$(facts "v6.12 master" | fact series)" v6.12 2>/dev/null)"

# A..B: where B left A, then each commit.
said=$(facts master..topic/x)
check_equal "A..B: the start and each commit, in order" \
	"start,fs: two,fs: a link, a mode, one file less,fs: a new file" \
	"$("$tools/variants" list "$(fact series <<<"$said")" | cut -f3 | cut -d' ' -f2- | paste -sd,)"
check_equal "A..B: names that sort, with the commit" "00-$(git rev-parse --short=12 v6.12) 03-$(git rev-parse --short=12 topic/x)" \
	"$("$tools/variants" chosen "$(fact series <<<"$said")" | sed -n '1p;$p' | paste -sd' ')"
chosen_of() { "$tools/variants" chosen "$(facts "$1" | fact series)" | paste -sd' '; }
check_equal "an end that is left out is HEAD" "$(chosen_of master..topic/x) $(chosen_of topic/x..master)" "$(chosen_of ..topic/x) $(chosen_of topic/x..)"
check_equal "nothing in the repository was written" "$listed" "$(find . -type f -printf '%p %T@ %s\n' | sort)"
git clone -q --bare . "$scratch/bare repository.git"
check_equal "a bare repository gives the same" "$(fact sha256 <<<"$said")" "$(KERNEL_SRC="$scratch/bare repository.git" facts master..topic/x | fact sha256)"

# Built: a kernel each, and the options that one has and the other does not know.
cat >"$scratch/bin/make" <<'END'
#!/bin/bash
for word; do case $word in O=*) obj=${word#O=} ;; esac done
mkdir -p "$obj/arch/x86/boot" "$obj/include/config"
if [ "${!#}" = bzImage ]; then
	cat "$2/fs/one.c" >"$obj/arch/x86/boot/bzImage"
	cp /bin/true "$obj/vmlinux"
	touch "$obj/System.map"
	echo 6.12.0 >"$obj/include/config/kernel.release"
else
	touch "$obj/.config"
fi
END
chmod +x "$scratch/bin/make"
built() { REVS="v6.12 topic/x" PATH=$scratch/bin:$PATH "$tools/build-kernel" "$1" 2>"$scratch/err"; }
check_equal "kernels of both" "one two" "$(cat "$(built v6.12)/bzImage" "$(built topic-x)/bzImage" | paste -sd' ')"
check "an option that came later is left out before" grep -qx CONFIG_MEMCG=y "$(built v6.12)/left-out"
check_equal "and not then" 0 "$(grep -cx CONFIG_MEMCG=y "$(built topic-x)/left-out")"

# Refused, in a line, before anything is unpacked.
export XDG_CACHE_HOME=$scratch/other
refused() { check_fails "refused: $1" "^kernel-source: $2" facts "$3"; }
refused "no such revision" "REVS: 'nope' is no commit" "v6.12 nope"
refused "an option" "REVS: '--all' is no commit" "--all"
refused "one twice" "REVS names two variants 'v6.12'" "v6.12 v6.12"
git branch topic-x v6.12
refused "two of the same name" "REVS names two variants 'topic-x'" "topic/x topic-x"
refused "an empty range" "REVS: 'topic/x..v6.12' has no commit" "topic/x..v6.12"
refused "a symmetric difference" "REVS: 'master...topic/x' is not taken" "master...topic/x"
refused "blanks" "REVS names no revision" " "
check_fails "refused: no repository" "^kernel-source: REVS is of a git repository; KERNEL_SRC=$scratch/bin is none" \
	env KERNEL_SRC="$scratch/bin" REVS=v6.12 "$tools/kernel-source"
check_fails "refused: Debian's source" "^kernel-source: REVS is of a git repository; set KERNEL_SRC=" \
	env -u KERNEL_SRC REVS=v6.12 "$tools/kernel-source"
git checkout -q --orphan other && git rm -rqf . && echo x >x && commit "no kernel"
check_fails "refused: no kernel" "REVS: other holds no kernel source" facts other
check_fails "refused: no commit in common" "have no commit in common" facts other..topic/x
check_equal "nothing half-made is left" "" "$(find "$scratch/other" -mindepth 3 2>/dev/null)"
