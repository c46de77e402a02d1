#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every benchmark runs, as threads and as processes; its checks can fail.
# shellcheck source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=tests/host/bench-common.inc
. "$(dirname "${BASH_SOURCE[0]}")/bench-common.inc"

check "ops: unit test of the checks compiles" unit bench-verify op subjects/pidfd || exit 0
said=$("$build/tests/bench-verify")
check_equal "ops: pidfds of one process pass" "0 0" "$(sed -n 1p <<<"$said")"
check "ops: a pidfd of another process is told" \
	grep -Eq 'a pidfd of process 1 says it is of [0-9]+' <(sed -n 3p <<<"$said")
check "ops: a file that is no pidfd is told" grep -q "has no line Pid:" <(sed -n 4p <<<"$said")
check "ops: another inode is told" grep -q "two pidfds of one process are inodes" <(sed -n 5p <<<"$said")

short=(--windows=1 --window=0.03 --cpu-share=0 --retries=50)
json=$scratch/ops.json
failed() { jq -r '[.benchmarks[] | select(.error_occurred) | "\(.name): \(.error_message)"] | join("; ")' "$json"; }
loops='^([^mn]|ns_[^mr])[^45]*$'
"$pb" "${short[@]}" --workers=1 --filter=eventfd/fdtable:private/memcg:1 "--out=$json" >/dev/null 2>&1
if [[ $(failed) = *'memcg:1 needs '* ]]; then
	skip "ops: those with memcg:1" "$(failed)"
	loops="${loops%$}([^1]|held:1)$"
fi
# Not in a chroot, nor in most containers.
said=$(unshare --user true 2>&1) || {
	skip "ops: those that make user namespaces" "$said"
	loops=${loops/'ns_[^mr]'/'ns_[^imr]'}
}
check "ops: all loops but many targets and many held run as threads" "$pb" --all "${short[@]}" --workers=2 \
	--filter="$loops" "--out=$json"
check_equal "ops: none of them fails" "" "$(failed)"
check "ops: the default set runs as processes" "$pb" "${short[@]}" --workers=1 \
	--workers-as=processes "--out=$json"
check_equal "ops: none of them fails as processes" "" "$(failed)"
check_equal "ops: no child is left" "" "$(pgrep -f -- "--out=$json")"

# Only half of an open_only worker's time is the op: its rate is not ops / window.
check "ops: open alone" "$pb" --windows=1 --window=0.3 --cpu-share=0 --workers=1 --filter=open_only/target:same/held:0/fdtable:private \
	"--out=$json"
check_equal "ops: only the timed part counts" "true" \
	"$(jq '.benchmarks[0] | .throughput > 1.1 * .ops / .window_s
		and (.throughput * .latency / 1e9 - 1 | fabs) < 1e-6' "$json")"
check_equal "ops: names of the control group say so" "" \
	"$("$pb" --list --all | gawk -F'\t' '(/^control_/) != ($2 ~ /^control: /)')"
