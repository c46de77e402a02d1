# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # cache, scratch, new and the like are of who sources this
# REVS: revisions of the git repository KERNEL_SRC, out of its objects: nothing is
# checked out, no file of it is written. A word is a revision, or A..B: where B left A, and
# each commit of B since, oldest first. The first revision's tree is unpacked whole; of the
# others only what differs from it, as an overlay (overlay.sh) beside a series of that name.
rev_names=() rev_ids=() rev_says=()
most_revisions=99
repository=${KERNEL_SRC:-}

# repository ARGUMENT...: git in $repository, KERNEL_SRC or another, which may belong to
# somebody else.
repository() { git -C "$repository" "$@"; }

# commit_of WORD: the commit it names.
commit_of() {
	repository rev-parse --verify --quiet --end-of-options "$1^{commit}" 2>/dev/null ||
		die "REVS: '$1' is no commit of KERNEL_SRC=$KERNEL_SRC; give a tag, branch, commit, or A..B"
}

# add_revision NAME COMMIT
add_revision() {
	local other
	for other in "${rev_names[@]}"; do
		[ "$other" != "$1" ] || die "REVS names two variants '$1'; leave one of them out"
	done
	rev_names+=("$1") rev_ids+=("$2")
	rev_says+=("$(repository log -1 --format='%h %s' "$2" | tr -d '\r')")
}

# add_range A..B: an end that is left out is HEAD, as git has it.
add_range() {
	local from=${1%%..*} to=${1#*..} start commit commits number=0
	[[ $1 != *...* ]] || die "REVS: '$1' is not taken; give A..B, the commits of B that A has not"
	from=$(commit_of "${from:-HEAD}")
	to=$(commit_of "${to:-HEAD}")
	start=$(repository merge-base "$from" "$to") || die "REVS: the two ends of '$1' have no commit in common"
	read_lines commits repository rev-list --reverse --topo-order "$start..$to"
	[ ${#commits[@]} -gt 0 ] || die "REVS: '$1' has no commit"
	[ ${#commits[@]} -lt $most_revisions ] || die "REVS: '$1' has ${#commits[@]} commits; at most $((most_revisions - 1)) are taken"
	for commit in "$start" "${commits[@]}"; do
		add_revision "$(printf '%02d-%s' "$number" "$(repository rev-parse --short=12 "$commit")")" "$commit"
		number=$((number + 1))
	done
}

# list_revisions REPOSITORY: sets rev_names, rev_ids and rev_says, in order.
list_revisions() {
	local word words commit
	{ [ -d "$1" ] && repository rev-parse --git-dir >/dev/null 2>&1; } ||
		die "REVS is of a git repository; KERNEL_SRC=$1 is none"
	read -r -d '' -a words <<<"$REVS" || true
	[ ${#words[@]} -gt 0 ] || die "REVS names no revision"
	for word in "${words[@]}"; do
		if [[ $word == *..* ]]; then
			add_range "$word"
		else
			commit=$(commit_of "$word")
			add_revision "$(variant_name "$word")" "$commit"
		fi
	done
}

# archive COMMIT DIR [PATH...]: these files of it, or all, as git archive has them.
archive() { repository --literal-pathspecs archive --format=tar "$1" -- "${@:3}" | clean tar --no-same-owner -xf - -C "$2"; }

archive_first() { archive "${rev_ids[0]}" "$2"; }

# overlay_of_diff FROM TO OUT: what differs, in the form of make_overlay. Names of what
# kernel trees don't have (submodules, a tab in a name) are refused.
overlay_of_diff() {
	mkdir -p "$3/files"
	repository diff-tree -r -z --raw --no-renames --no-abbrev "$1" "$2" >"$3/raw"
	gawk 'BEGIN { RS = "\0"; OFS = "\t" }
		NR % 2 { mode = $2; id = $4; next }
		/^(\.scmversion|localversion[^\/]*)$/ { next }
		/[\t\n]/ || mode !~ /^(000000|100644|100755|120000)$/ { printf "%s (mode %s)\n", $0, mode > "/dev/stderr"; exit 1 }
		{ print mode == "000000" ? "none" : mode == "120000" ? "link" : mode == "100755" ? "program" : "file",
			mode == "000000" ? "-" : "git:" id, $0 }' "$3/raw" >"$3/unsorted" 2>"$3/refused" ||
		die "a file of this kind is not taken: $(cat "$3/refused")"
	LC_ALL=C sort -t "$(printf '\t')" -k3 "$3/unsorted" >"$3/list"
	cut -f3 "$3/list" >"$3/paths"
	gawk -F'\t' '$1 != "none" { printf "%s\0", $3 }' "$3/list" >"$3/wanted"
	export -f archive repository clean git
	ccache_size=$ccache_size cache=$cache repository=$repository \
		xargs -0 -r -n 1000 "$BASH" -euo pipefail -c 'archive "$@"' sh "$2" "$3/files" <"$3/wanted"
	rm "$3"/{raw,unsorted,refused,wanted}
}

# plan_revisions TREE: prints the folder with a series and an overlay of each revision. Its
# name is a hash of what is in it; it appears whole or not at all.
plan_revisions() {
	local dir number name
	dir=$cache/series/$(printf '%s\n' "$1" "${rev_names[@]}" "${rev_ids[@]}" | sha256_of)
	if [ ! -d "$dir" ]; then
		mkdir -p "$cache/series"
		new=$(mktemp -d "$cache/series/.new.XXXXXX")
		for number in "${!rev_names[@]}"; do
			name=${rev_names[number]}
			printf '# Summary: %s\n# Place: %s\n# Default: yes\n' "${rev_says[number]}" $((number + 1)) >"$new/$name.series"
			overlay_of_diff "${rev_ids[0]}" "${rev_ids[number]}" "$new/$name.overlay"
		done
		mv -T "$new" "$dir" 2>/dev/null || [ -d "$dir" ]
	fi
	printf '%s\n' "$dir"
}
