# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # work, tree and the like are build-kernel's
# shellcheck shell=bash disable=SC2034,SC2154 # work, how and such belong to build-kernel
# aside under its variant's name, so that a changed patch compiles what depends
# on the files it changes and no more. All builds take place under one name, as
# ccache then sees the same paths for every variant.
#
# What is reused is reused by content: a kept tree goes with the hash of all that
# its builds share (see `base_key`), each object is held against its checksum,
# and a source file that differs gets a new date, for make to see it.

# changed_paths PATCH...: the files that patches name, whatever their prefix.
changed_paths() {
	sed -nE -e 's/^(---|\+\+\+) [^/]+\/([^\t]+).*/\2/p' \
		-e 's/^(rename|copy) (from|to) (.*)/\3/p' "$@" </dev/null | sort -u
}

# make_overlay: the patched files alone in $work/overlay, their names in
# $work/patched. Dies with one line when a patch does not apply.
make_overlay() {
	local patch path out
	local -a patches
	rm -rf "$work/overlay"
	mkdir -p "$work/overlay"
	mapfile -t patches < <("$tools/variants" patches "$base" "$variant")
	changed_paths "${patches[@]}" >"$work/patched"
	while read -r path; do
		if [ -f "$tree/$path" ]; then (cd "$tree" && cp --parents "$path" "$work/overlay"); fi
	done <"$work/patched"
	for patch in "${patches[@]}"; do
		out=$(patch -d "$work/overlay" -p1 --fuzz=0 --force --silent \
			--no-backup-if-mismatch <"$patch" 2>&1) ||
			die "$(basename "$patch") of variant $variant does not apply to Linux $kernel: $(head -n 1 <<<"$out")"
	done
}

# The file a path stands for now: patched, pristine, or none.
wanted_file() {
	if grep -qxF "$1" "$work/patched"; then
		[ ! -f "$work/overlay/$1" ] || echo "$work/overlay/$1"
	elif [ -f "$tree/$1" ]; then
		echo "$tree/$1"
	fi
}

# stale_paths DIR PATHS: those of the listed files that differ in the tree DIR.
stale_paths() {
	local path from
	while read -r path; do
		from=$(wanted_file "$path")
		if [ -z "$from" ]; then
			[ ! -e "$1/$path" ] || echo "$path"
		elif ! cmp -s "$from" "$1/$path"; then
			echo "$path"
		fi
	done <"$2"
}

# Gives $work/src the patched files. A hard link to the pristine tree is
# replaced, never written to.
update_source() {
	local path from
	while read -r path; do
		from=$(wanted_file "$path")
		rm -f "$work/src/$path"
		if [ -n "$from" ]; then
			mkdir -p "$(dirname "$work/src/$path")"
			cp --preserve=mode "$from" "$work/src/$path"
		fi
	done < <(stale_paths "$work/src" "$1")
}

tree_manifest() { (cd "$1" && find obj -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }

# reusable DIR: whether the kept tree is whole, was built from the same base, and
# differs in nothing but code: configuration and build tools start afresh.
reusable() {
	[ -f "$1/base" ] && [ "$(cat "$1/base")" = "$(base_key)" ] || return 1
	sort -u "$1/patched" "$work/patched" >"$work/either"
	! stale_paths "$1/src" "$work/either" | grep -qE '(^|/)Kconfig|\.config$|^(scripts|tools)/' || return 1
	(cd "$1" && sha256sum --quiet -c manifest) >/dev/null 2>&1
}

# prepare_tree DIR: $work/src and $work/obj, out of the kept tree DIR where that
# can be: then $how is `again`, otherwise `anew`.
prepare_tree() {
	rm -rf "$work/src" "$work/obj"
	make_overlay
	if reusable "$1"; then
		mv "$1/src" "$1/obj" "$work"
		rm -rf "$1"
		update_source "$work/either"
		how=again
		return
	fi
	rm -rf "$1"
	mkdir -p "$work/obj"
	cp -al "$tree" "$work/src"
	update_source "$work/patched"
	how=anew
}

# keep_tree DIR: for the next build of this variant. Of all kept trees the six
# last used stay: four variants and two of one's own, about 0.2 GiB each.
keep_tree() {
	rm -rf "$1"
	mkdir -p "$1"
	mv "$work/src" "$work/obj" "$work/patched" "$1"
	tree_manifest "$1" >"$1/manifest"
	base_key >"$1/base"
	find "$(dirname "$1")" -mindepth 1 -maxdepth 1 -printf '%T@ %p\n' | sort -rn |
		tail -n +7 | cut -d' ' -f2- | xargs -r -d '\n' rm -rf
}
