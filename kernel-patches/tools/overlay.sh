# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # tools is common.sh's
# The files that a variant's patches change, as patch(1) makes them: what tells one
# variant's tree from another's. Source it after common.sh and clean-env.sh.

# same_file A B: neither content, kind nor the right to execute differs.
same_file() {
	if [ -L "$1" ] || [ -L "$2" ]; then
		[ -L "$1" ] && [ -L "$2" ] && [ "$(readlink "$1")" = "$(readlink "$2")" ]
	else
		[ -f "$1" ] && [ -f "$2" ] && cmp -s "$1" "$2" &&
			[ "$([ -x "$1" ] && echo x)" = "$([ -x "$2" ] && echo x)" ]
	fi
}

# file_state FILE: its kind and content, tab-separated.
file_state() {
	if [ -L "$1" ]; then
		printf 'link\t%s' "$(readlink "$1")"
	elif [ -f "$1" ]; then
		printf '%s\t%s' "$([ -x "$1" ] && echo program || echo file)" "$(sha256_of "$1")"
	else
		printf 'none\t-'
	fi
}

# why_not: from what patch(1) said, the first thing that went wrong, with the file.
why_not() {
	gawk '/^patching (file|symbolic link) / { file = $0; sub(/^patching (file|symbolic link) /, "", file) }
		/^Hunk .* FAILED/ { print file ": " $0; found = 1; exit }
		/find file to patch|malformed|unexpected|dangerous|already exists|not supported|differs|garbage|not found|Skipping|refus|No space left/ {
			print (/differs|already/ && file != "" ? file ": " : "") $0; found = 1; exit }
		NF { last = $0 }
		END { if (!found) print last != "" ? last : "patch(1) said no word" }'
}

# make_overlay BASE VARIANT TREE KERNEL OUT: OUT/files holds the changed files alone,
# OUT/list their kind, content and path, OUT/paths the paths. What the patches leave
# as it is in TREE is not there; what they remove has kind `none`. Dies with
# one line when a patch does not apply. An overlay that lies beside the series is it.
make_overlay() {
	local base=$1 variant=$2 tree=$3 kernel=$4 out=$5 dir series patch strip path said
	rm -rf "$out"
	dir=$("$tools/variants" folder "$base")
	if [ -d "$dir/$variant.overlay" ]; then
		ln -s "$dir/$variant.overlay" "$out"
		return 0
	fi
	mkdir -p "$out/files"
	series=$("$tools/variants" entries "$base" "$variant")
	while IFS=$'\t' read -r strip patch; do
		[ -z "$patch" ] || gawk -v strip="$strip" -f "$tools/read-patch.awk" "$patch" || return $?
	done <<<"$series" | LC_ALL=C sort -u >"$out/names"
	while IFS= read -r path; do
		if [ -f "$tree/$path" ] || [ -L "$tree/$path" ]; then
			(cd "$tree" && cp -P --parents -- "$path" "$out/files")
		fi
	done <"$out/names"
	while IFS=$'\t' read -r strip patch; do
		[ -n "$patch" ] || continue
		said=$(clean patch -d "$out/files" -p"$strip" --unified --fuzz=0 --force \
			--no-backup-if-mismatch --reject-file=- <"$patch" 2>&1) ||
			die "$(basename "$patch") of variant $variant does not apply to Linux $kernel: $(why_not <<<"$said")"
	done <<<"$series"
	{
		(cd "$out/files" && find . \( -type f -o -type l \) -printf '%P\n')
		cat "$out/names"
	} | LC_ALL=C sort -u >"$out/candidates"
	while IFS= read -r path; do
		if same_file "$tree/$path" "$out/files/$path"; then
			rm "$out/files/$path"
		elif [ -e "$out/files/$path" ] || [ -L "$out/files/$path" ] || [ -e "$tree/$path" ] || [ -L "$tree/$path" ]; then
			printf '%s\t%s\n' "$(file_state "$out/files/$path")" "$path"
		fi
	done <"$out/candidates" >"$out/list"
	cut -f3 "$out/list" >"$out/paths"
}
