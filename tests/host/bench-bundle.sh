# SPDX-License-Identifier: GPL-2.0-only
# Runs side by side with others: nothing is timed.
# shellcheck shell=bash
# `make bench-bundle`: measures in a root where there is /bin/sh and /usr/bin/env and nothing else,
# without a network or a repository, and what it packs there is a run here.
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
export RESULTS=$scratch/results SETUP=skip

check "make bench-bundle" make bench-bundle TO="$scratch/bundle.tar.gz"
mkfifo "$scratch/fifo"
check_fails "what is no regular file is refused" "fifo is there and no regular file" make bench-bundle TO="$scratch/fifo"
check "and stays what it is" test -p "$scratch/fifo"
check_fails "a folder that is not there is named" "^bundle: cannot write /nonexistent/bundle: there is no folder /nonexistent$" make bench-bundle TO=/nonexistent/bundle
root=$scratch/root
mkdir -p "$root"/{bin,usr/bin,proc,sys,dev,tmp,home}
tar -xzf "$scratch/bundle.tar.gz" -C "$root/home" && mv "$root"/home/pidfdbench-* "$root/home/bundle"
# These two with what they are linked with, where this machine has that.
cp -L /bin/sh "$root/bin/sh"
cp -L /usr/bin/env "$root/usr/bin/env"
ldd /bin/sh /usr/bin/env | grep -oE '/[^ :]+\.so[^ ]*' | sort -u | while read -r library; do
	mkdir -p "$root${library%/*}" && cp -L "$library" "$root$library"
done

as=()
[ "$(id -u)" = 0 ] || as=(--map-root-user)
# in_root COMMAND...: with no environment at all, in /home.
in_root() {
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount "${as[@]}" bash -c 'mount --make-rprivate / && for part in proc sys dev; do mount --rbind /$part "$0/$part"; done &&
		exec env -i /usr/sbin/chroot "$0" /bin/sh -c "cd /home && $1"' "$root" "$1"
}
if ! in_root true 2>"$scratch/err"; then
	skip "a root of its own" "$(tail -n 1 "$scratch/err")"
	exit 0
fi
check_fails "there is no other program there" "jq: not found" in_root "jq --version"

# On a loaded machine windows are thrown out: not what this tests.
in_root "QUICK=1 BENCH=^getppid CPU_SHARE=0 WORKERS='1 2' ./bundle/run" >"$scratch/out" 2>"$scratch/err"
check_equal "it measures there" 0 $?
check_equal "and misses no program" "" "$(grep -E 'not found|No such file|cannot open|line [0-9]+:' "$scratch/err")"
run=$(basename "$(cat "$scratch/out")" .tar.gz)
check "make import takes what it packed" make import FILE="$root/home/$run.tar.gz"
check "and make report" make report RUN="$RESULTS/$run"
context=$RESULTS/$run/context.json
check_equal "its commit is that of the bundle" "$(git rev-parse HEAD)" "$(jq -r '.project_commit | sub("-dirty$"; "")' "$context")"
check_equal "its program is that which was built" "$(sha256sum <build/bench/pidfdbench | cut -d' ' -f1)" "$(jq -r .pidfdbench_sha256 "$context")"
# shellcheck disable=SC2016 # jq's
check "all that a run says of where it came from is there" jq -e '.accel == "metal" and .host_kernel == $release and
	.cpus == ($cpus | tonumber) and .machine != "" and .compiler != "" and (.doctor | length > 30) and
	.settings == {BENCH: "^getppid", CPU_SHARE: "0", QUICK: "1", WORKERS: "1 2"} and (.variants[$release].boot_ids | length == 1)' \
	--arg release "$(uname -r)" --arg cpus "$(nproc)" "$context"
check "the machine's time per instruction and line is there" test -s "$RESULTS/$run/machine.tsv"

# The running kernel is none of ours: what a run would say of one is asked for.
check_equal "and what a .series says of a variant" "$(kernel-patches/tools/variants about 6.1 stash)" \
	"$(in_root "PATH=/home/bundle/bin:\$PATH ./bundle/kernel-patches/tools/variants about 6.1 stash" 2>&1)"

in_root "./bundle/run doctor" >"$scratch/out" 2>"$scratch/err"
check "the doctor runs there" grep -q '^governor ' "$scratch/out"
check_equal "and misses no program" "" "$(grep 'not found' "$scratch/err")"
check_fails "an argument that it does not know" "unknown argument 'WORKERS=2'" in_root "./bundle/run WORKERS=2"
echo >>"$root/home/bundle/bench/run/measure"
check_fails "a file that is not as it was packed" "damaged, unpack the bundle again: bench/run/measure: FAILED" in_root ./bundle/run
