# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # work, tree, overlay, how, objects, layout_of belong to who sources this
# The tree that a kernel is built in. After a build its source and objects are put
# aside under its variant's name, so that a changed patch, or another variant of the same
# base and configuration, compiles what depends on the files that differ and no more. All
# builds take place under one name, as ccache then sees the same paths for every variant.
#
# What is reused is reused by content: a kept tree goes with the hash of all that
# its family's builds share (see `family_key`), each object is held against its checksum,
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

# By b2sum, which takes a third of sha256sum's time: it is read twice in each build.
tree_manifest() { (cd "$1" && find obj -type f -print0 | LC_ALL=C sort -z | xargs -0 b2sum); }

# put_either DIR: $work/either, the files that the kept tree's patches or the wanted ones change.
put_either() { sort -u "$1/patched" "$overlay/paths" >"$work/either"; }

# To the names of kept trees, NUL-separated: how many objects would be compiled in each,
# a tab, the name; without those that differ in more than code (configuration and build
# tools start afresh).
by_objects_to_compile() {
	local dir
	while IFS= read -r -d '' dir; do
		put_either "$dir"
		stale_paths "$dir/src" "$work/either" >"$work/differing"
		! grep -qE '(^|/)Kconfig|\.config$|^(scripts|tools)/' "$work/differing" || continue
		sed 's|^|/src/|' "$work/differing" >"$work/names"
		printf '%s\t%s\0' "$(grep -rlF -f "$work/names" --include='.*.o.cmd' "$dir/obj" | wc -l)" "$dir"
	done
}

# relatives DIR: the kept trees of the same family, DIR first, NUL-separated.
relatives() {
	local dir family
	family=$(family_key)
	printf '%s\0' "$1" "${1%/*}"/* | gawk 'BEGIN { RS = ORS = "\0" } !seen[$0]++' |
		while IFS= read -r -d '' dir; do
			if [ -f "$dir/family" ] && [ "$(cat "$dir/family")" = "$family" ]; then printf '%s\0' "$dir"; fi
		done
}

# take_tree DIR FROM: $work/src and $work/obj out of FROM, which stays unless it is DIR.
# The copy's source is hard links, which are replaced, never written to.
take_tree() {
	if [ "$2" = "$1" ]; then
		mv "$2/src" "$2/obj" "$work"
	else
		cp -al "$2/src" "$work" && cp -a --reflink=auto "$2/obj" "$work" && touch "$2"
	fi
}

# new_tree: $work/src and $work/obj out of nothing that was built.
new_tree() {
	rm -rf "$work/src" "$work/obj"
	mkdir -p "$work/obj"
	cp -al "$tree" "$work/src"
	update_source "$overlay/paths"
	how=anew
}

# prepare_tree DIR: $work/src and $work/obj, out of a kept tree, DIR or a relative of it, in
# which the least is to be compiled: then $how is `again`, and $objects how many files that is,
# otherwise `anew`. $layout_of is that kept tree where no structure can lie otherwise in it, as no header differs.
prepare_tree() {
	local from
	layout_of=''
	rm -rf "$work/src" "$work/obj"
	relatives "$1" | by_objects_to_compile | LC_ALL=C sort -z -s -n >"$work/trees"
	while IFS=$'\t' read -r -d '' objects from; do
		(cd "$from" && b2sum --quiet -c manifest) >/dev/null 2>&1 || {
			rm -rf "$from"
			continue
		}
		put_either "$from"
		take_tree "$1" "$from"
		stale_paths "$work/src" "$work/either" >"$work/differing"
		grep -qE '\.h$|(^|/)(bounds|asm-offsets)' "$work/differing" || layout_of=$from
		update_source "$work/either"
		how=again
		return 0
	done <"$work/trees"
	new_tree
}

# keep_tree DIR: for the next build of this variant, or of a relative. Of all kept trees
# the eight last used stay: the default comparison and some of one's own, about 0.2 GiB each.
keep_tree() {
	rm -rf "$1" "$work"/obj/.tmp_vmlinux* # steps of the link, 43 MB, which the next one makes anew
	mkdir -p "$1"
	mv "$work/src" "$work/obj" "$1"
	cp "$overlay/paths" "$1/patched"
	tree_manifest "$1" >"$1/manifest"
	family_key >"$1/family"
	find "$(dirname "$1")" -mindepth 1 -maxdepth 1 -printf '%T@ %p\n' | sort -rn |
		tail -n +9 | cut -d' ' -f2- | xargs -r -d '\n' rm -rf
}

# own_image: makes the image anew where an object of it holds a file of another kernel. What a source takes in by
# .incbin (the code that starts other CPUs; in a bzImage the compressed kernel) ccache, which reads no preprocessed
# source here, does not see: it returns what it compiled before. So these few are compiled without it.
own_image() {
	local tries
	for tries in 1 2 3; do
		! own_objects || return 0
		kernel_make "${kernel_files[0]}" || return $?
	done
	echo "error: $(paste -sd' ' "$work/stale") comes out another each time"
	return 1
}

# own_objects: compiles those that take in files; 1 where one comes out another, see $work/stale.
own_objects() {
	local object command
	: >"$work/stale"
	while read -r object; do
		[ -n "$object" ] || continue
		command=$(sed -n 's/^[a-z]*cmd_[^ ]* := \(ccache \)\{0,1\}\(gcc .*\)/\2/p' "$work/obj/${object%/*}/.${object##*/}.cmd")
		mv "$work/obj/$object" "$work/before.o"
		(cd "$work/obj" && eval "clean $command") || return 1
		# One that is the same keeps its date.
		if cmp -s "$work/obj/$object" "$work/before.o"; then
			mv "$work/before.o" "$work/obj/$object"
		else
			echo "$object" >>"$work/stale"
		fi
	done <<<"$(objects_with_files)"
	[ ! -s "$work/stale" ]
}

# objects_with_files: the objects whose source has .incbin.
objects_with_files() {
	find "$work/obj" -name '.*.o.cmd' -print0 | xargs -0 -r grep -hs '^source_' | sed 's/^source_\([^ ]*\) := /\1\t/' >"$work/sources"
	(cd "$work/obj" && cut -f2 "$work/sources" | xargs -r -d '\n' grep -ls '\.incbin' || true) |
		gawk -F '\t' 'NR == FNR { has[$0]; next } $2 in has { print $1 }' - "$work/sources"
}
