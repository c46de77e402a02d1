# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # work, tree, overlay, how belong to who sources this
# The tree that a kernel is built in. After a build its source and objects are put
# aside under its variant's name, so that a changed patch compiles what depends
# on the files it changes and no more. All builds take place under one name, as
# ccache then sees the same paths for every variant.
#
# What is reused is reused by content: a kept tree goes with the hash of all that
# its builds share (see `base_key`), each object is held against its checksum,
# and a source file that differs gets a new date, for make to see it.

# The file a path stands for now: patched, pristine, or none.
wanted_file() {
	if grep -qxF -- "$1" "$overlay/paths"; then
		if [ -e "$overlay/files/$1" ] || [ -L "$overlay/files/$1" ]; then echo "$overlay/files/$1"; fi
	elif [ -e "$tree/$1" ] || [ -L "$tree/$1" ]; then
		echo "$tree/$1"
	fi
}

# stale_paths DIR PATHS: those of the listed files that differ in the tree DIR.
stale_paths() {
	local path from
	while IFS= read -r path; do
		from=$(wanted_file "$path")
		if [ -z "$from" ]; then
			if [ -e "$1/$path" ] || [ -L "$1/$path" ]; then echo "$path"; fi
		elif ! same_file "$from" "$1/$path"; then
			echo "$path"
		fi
	done <"$2"
}

# Gives $work/src the patched files. A hard link to the pristine tree is
# replaced, never written to.
update_source() {
	local path from stale=()
	read_lines stale stale_paths "$work/src" "$1"
	for path in "${stale[@]}"; do
		from=$(wanted_file "$path")
		rm -f "$work/src/$path"
		if [ -n "$from" ]; then
			mkdir -p "$(dirname "$work/src/$path")"
			cp -P --preserve=mode "$from" "$work/src/$path"
		fi
	done
}

tree_manifest() { (cd "$1" && find obj -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }

# reusable DIR: whether the kept tree is whole, was built from the same base, and
# differs in nothing but code: configuration and build tools start afresh.
reusable() {
	[ -f "$1/base" ] && [ "$(cat "$1/base")" = "$(base_key)" ] || return 1
	sort -u "$1/patched" "$overlay/paths" >"$work/either"
	! stale_paths "$1/src" "$work/either" | grep -qE '(^|/)Kconfig|\.config$|^(scripts|tools)/' || return 1
	(cd "$1" && sha256sum --quiet -c manifest) >/dev/null 2>&1
}

# prepare_tree DIR: $work/src and $work/obj, out of the kept tree DIR where that
# can be: then $how is `again`, otherwise `anew`.
prepare_tree() {
	rm -rf "$work/src" "$work/obj"
	if reusable "$1"; then
		mv "$1/src" "$1/obj" "$work"
		rm -rf "$1"
		update_source "$work/either"
		how=again
		return 0
	fi
	rm -rf "$1"
	mkdir -p "$work/obj"
	cp -al "$tree" "$work/src"
	update_source "$overlay/paths"
	how=anew
}

# keep_tree DIR: for the next build of this variant. Of all kept trees the six
# last used stay: four variants and two of one's own, about 0.2 GiB each.
keep_tree() {
	rm -rf "$1"
	mkdir -p "$1"
	mv "$work/src" "$work/obj" "$1"
	cp "$overlay/paths" "$1/patched"
	tree_manifest "$1" >"$1/manifest"
	base_key >"$1/base"
	find "$(dirname "$1")" -mindepth 1 -maxdepth 1 -printf '%T@ %p\n' | sort -rn |
		tail -n +7 | cut -d' ' -f2- | xargs -r -d '\n' rm -rf
}
