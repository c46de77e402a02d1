# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # work, variant, how, layout_of, scratch_tree are of who sources this, or of new_tree
# layout.tsv beside a kernel: where the members of its structures lie, as DWARF has them
# of the same source, configuration and compiler options (layout.awk has the form). The
# kernel itself carries no debug information, which would be another one. layout.key is a
# hash of what made it and of itself. It is empty where layout.c does not compile in a
# tree of somebody's own: then nothing can be told of that kernel's structures.
layout_key() { cat "$tools/layout.c" "$tools/layout.awk" "$1/layout.tsv" 2>/dev/null | sha256_of; }

laid_out() { [ -f "$1/layout.key" ] && [ "$(layout_key "$1")" = "$(cat "$1/layout.key")" ]; }

# take_layout DIR: that of the kept tree which this kernel was made of, where it is the same.
take_layout() { [ -n "$layout_of" ] && laid_out "$layout_of" && cp "$layout_of"/layout.{tsv,key} "$1"; }

# With the options of arch/x86/kernel/asm-offsets.c, which every build begins with.
compile_layout() {
	local options
	options=$(sed -n 's/^[a-z]*cmd_[^ ]* := \(ccache \)\{0,1\}gcc //p' "$work/obj/arch/x86/kernel/.asm-offsets.s.cmd" |
		sed 's/-Wp,-MMD[^ ]*//; s/-fverbose-asm.*//')
	[ -n "$options" ] || {
		echo "error: the build left no options of gcc in asm-offsets.s.cmd"
		return 1
	}
	(cd "$work/obj" && eval "clean gcc $options -g -fno-eliminate-unused-debug-types -c -I'$work/src' -o '$work/layout.o' '$tools/layout.c'")
}

# write_layout DIR: of the tree in $work, where at least `make prepare0` was made.
write_layout() {
	local log=$work/layout.log
	: >"$work/layout.tsv"
	if compile_layout >"$log" 2>&1; then
		{ pahole "$work/layout.o" && pahole -C pageflags "$work/layout.o"; } |
			gawk -f "$tools/layout.awk" >"$work/layout.tsv"
		rm -f "$work/layout.o"
	else
		say "$variant: nothing is told of its structures: $(reason "$log")"
	fi
	layout_key "$work" >"$work/layout.key"
	mv "$work/layout.tsv" "$work/layout.key" "$1"
}

prepare_only() { configure && kernel_make prepare0; }

# add_layout DIR: for a kernel that was built before there were layouts, or other ones. In
# a tree of its own: what else is built meanwhile need not wait.
add_layout() {
	local how work
	scratch_tree=$(mktemp -d "$cache/.layout.XXXXXX")
	work=$scratch_tree
	new_tree
	say "$variant: reading the layout of its structures (a quarter of a minute)"
	with_progress "$variant" "$work/build.log" prepare_only ||
		die "variant $variant: $(reason "$work/build.log")"
	write_layout "$1"
}
