# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # sourced by measure-variants, whose are the variables
# The kernel's own selftests in each variant: <run>/<variant>/selftests.tsv, made by a
# boot whose log and status are <run>/<variant>/selftests-1/.

# selftest_boot VARIANT FOLDER: FOLDER is build-selftests'.
selftest_boot() {
	local variant=$1 out=$dir/$1/selftests-1
	mkdir -p "$out"
	cp "${kernel_of[$variant]}/config" "$out/config"
	cp -r "$2" "$out/programs"
	echo 'exec kernel-patches/tools/guest-selftests /run/share/programs /run/share' >"$out/job"
	"$tools/boot-guest" accel="$accel" cpus="$cpus" memory=1G limit=900 stall=200 \
		"${kernel_of[$variant]}" "$out" "$out/job" || true
	rm -rf "$out/programs"
	[ ! -f "$out/selftests.tsv" ] || mv "$out/selftests.tsv" "$dir/$variant/selftests.tsv"
	rm -f "$out/selftests.tsv.new"
	write_boot_context "$out" "$variant" "$accel"
}

# They sleep most of their time: as many guests at once as there are CPUs.
run_selftests() {
	local variant programs
	programs=$("$tools/build-selftests")
	for variant in "${variants[@]}"; do
		while [ "$(jobs -pr | wc -l)" -ge "$cpus" ]; do wait -n || true; done
		say "$variant: the kernel's own selftests (half a minute)"
		selftest_boot "$variant" "$programs" &
	done
	wait
}

# selftest_regressions RUN: what stock passes there and another variant does not.
selftest_regressions() {
	local variant files=("$1/anon-inode/selftests.tsv")
	[ -f "${files[0]}" ] || return 0
	for variant in "${variants[@]}"; do
		if [ "${variant%.again}" != anon-inode ] && [ -f "$1/$variant/selftests.tsv" ]; then
			files+=("now=$variant" "$1/$variant/selftests.tsv")
		fi
	done
	gawk -f "$tools/selftest-regressions.awk" "${files[@]}"
}

# A boot that went wrong is a failure; so is a test that stock passes and another does not.
blame_selftests() {
	local out line regressions
	for out in "$dir"/*/selftests-1/; do
		if [ ! -d "$out" ] || [ "$(cat "$out/status")" = ok ]; then continue; fi
		line=$(cat "$out/status")
		failed+=("$(basename "$(dirname "$out")") selftests-1: ${line#failed: }")
	done
	read_lines regressions selftest_regressions "$dir"
	failed+=("${regressions[@]}")
}
