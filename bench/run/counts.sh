# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by measure-variants, whose variables these are
# The boots that count, and the cache of what earlier ones counted. What such a guest
# counts (instructions and the like, or shared lines) does not depend on how fast it goes, and the next one counts the same. So
# $cache/counts has what a boot left, in a folder whose name is the hash of all that the
# boot was made of: kernel, programs and their libraries, settings, QEMU. Its file made-of
# has that in words, counted_in the run. An entry is held against its checksums each time,
# and one that is torn is counted again. FRESH=1 takes none; X.again takes none either, being
# there to be another boot of X.
counts_kept=300 # of 0.3 MB
cached=0
declare -A programs_of=() # by kind of boot

# count_boots VARIANT: its boots under -icount and those of shared lines, in the background.
# Each takes one CPU, and a tenth of its time none: one more at once than the host has CPUs.
count_boots() {
	local kind number
	for kind in counts lines; do
		for ((number = 1; number <= ${!kind}; number++)); do
			cell=$((cell + 1))
			if take_counts "$1" "$kind" "$number"; then
				cached=$((cached + 1))
			else
				when_a_cpu_is_free boot_cell "$1" "$kind" "$number"
			fi
		done
	done
}

when_a_cpu_is_free() {
	while [ "$(jobs -pr | wc -l)" -gt "$cpus" ]; do wait -n || true; done
	"$@" &
}

# programs KIND: what runs in such a guest and under it, all boots of this run alike.
programs() {
	local files=(bench/run/measure setup/environment.sh setup/environment.names bench/plugin/boot
		kernel-patches/tools/{boot-guest,check-kernel-log} build/kernel-patches/guest-init)
	case $1 in
	counts) files+=(build/bench/lock-sections.so bench/plugin/{lock-callers.tsv,lock-owners.tsv}) ;;
	lines) files+=(build/bench/{shared-lines,lines-turns}.so bench/lines/{fold,names.awk,objects.tsv}) ;;
	esac
	(cd "$top" && sha256sum "${files[@]}") &&
		ldd "$dir/pidfdbench" | gawk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }' | xargs sha256sum &&
		echo "$(sha256_of "$dir/pidfdbench")  pidfdbench" &&
		qemu-system-x86_64 --version | sed -n 1p
}

# made_of VARIANT KIND NUMBER: all that the counts of such a boot depend on. It fails where a
# part cannot be read.
made_of() {
	[ -n "${programs_of[$2]:-}" ] || programs_of[$2]=$(programs "$2") || return 1
	cat "${kernel_of[$1]}/manifest" &&
		{ [ "$2" != lines ] || sha256_of "${kernel_of[$1]}/layout.tsv"; } &&
		printf '%s\n%s %s of %s CPUs\n' "${programs_of[$2]}" "$2" "$3" "$cpus" &&
		job "$2" "$1" "$3"
}

# take_counts VARIANT KIND NUMBER: puts into the run what an earlier one counted, whole or not
# at all.
take_counts() {
	local out=$dir/$1/$2-$3 new=$dir/.counts-$1-$2-$3 entry from
	mkdir -p "$dir/$1"
	[ "$fresh" = 0 ] && [[ $1 != *.again ]] || return 1
	entry=$cache/counts/$(made_of "$@" | sha256_of) || return 1
	[ -d "$entry" ] || return 1
	if ! { cp -r "$entry" "$new" && whole_entry "$new" "${entry##*/}" && from=$(cat "$new/counted_in") &&
		jq --arg variant "$1" --arg from "$from" '.variant = $variant | .counts_from = $from' "$new/context.json" >"$new/context.new"; } 2>/dev/null; then
		say "$1, $2 $3: what the cache has of them is damaged, counting again"
		rm -rf "$new" "$entry"
		return 1
	fi
	mv "$new/context.new" "$new/context.json"
	rm "$new"/{made-of,counted_in,manifest}
	mv -T "$new" "$out"
	touch "$entry" || true
	say "[$cell/$cells] $1, $2 $3: as run $from counted them (FRESH=1 counts again)"
}

# whole_entry DIR KEY: whether all that was put there is, and nothing else.
whole_entry() {
	[ "$(sha256_of "$1/made-of")" = "$2" ] &&
		[ "$(cd "$1" && entry_files)" = "$(cut -c67- "$1/manifest")" ] &&
		(cd "$1" && sha256sum --quiet -c manifest >/dev/null)
}

entry_files() { find . -type f ! -name manifest | LC_ALL=C sort; }

# store_counts VARIANT KIND NUMBER: for later runs. That it cannot be kept is no fault of the run.
store_counts() {
	local out=$dir/$1/$2-$3 new='' entry
	[ "$(cat "$out/status" 2>/dev/null)" = ok ] || return 0
	if mkdir -p "$cache/counts" && new=$(mktemp -d "$cache/counts/.new.XXXXXX") && cp -r "$out/." "$new" &&
		made_of "$@" >"$new/made-of" && echo "$run" >"$new/counted_in" &&
		(cd "$new" && entry_files | xargs -d '\n' sha256sum >manifest); then
		entry=$cache/counts/$(sha256_of "$new/made-of")
		rm -rf "$entry"
		if mv -T "$new" "$entry" 2>/dev/null; then new=''; fi
	else
		say "$1, $2 $3: not kept for later runs: what they are of cannot be read, or $cache/counts not be written"
		rm -rf "$new"
		return 0
	fi
	rm -rf "$new"
	find "$cache/counts" -mindepth 1 -maxdepth 1 -name '.new.*' -mmin +60 -exec rm -rf {} + || true
	find "$cache/counts" -mindepth 1 -maxdepth 1 ! -name '.new.*' -printf '%T@ %p\n' | sort -rn |
		tail -n +$((counts_kept + 1)) | cut -d' ' -f2- | xargs -r -d '\n' rm -rf || true
}
