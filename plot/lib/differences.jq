# SPDX-License-Identifier: GPL-2.0-only
# Two context.json -> what else than the variant is not alike, tab-separated: `differs`, what,
# value in A, value in B; and of the pairs of variants those whose kernels have one build id:
# `same_kernel`, the pair. -n with --slurpfile a and b, --rawfile pairs, variant of A TAB variant of B a line.
def words: {
	accel: "accelerator", machine: "CPU", cpus: "number of CPUs", kernel_base: "kernel base",
	kernel_source_version: "kernel source", kernel_source_sha256: "kernel source sha256",
	compiler: "compiler", host_kernel: "host kernel", qemu: "QEMU", pidfdbench_sha256: "benchmark program" };
def text: (. // "") | tostring | gsub("[\\t\\n]"; " ") | if . == "" then "unknown" else . end;
# Those that say how a figure is measured, not which there are.
def how: ["QUICK", "WORKERS_AS", "PLACEMENT", "WINDOWS", "WINDOW", "CPU_SHARE"];
def config($context; $name): ($context.variants[$name] // {}).config_sha256 | text | .[:12];
def build($context; $name): $context.variants[$name].build_id // "";

$a[0] as $a | $b[0] as $b | [$pairs / "\n" | .[] | select(. != "") / "\t"] as $pairs |
($pairs[] | select(build($a; .[0]) != "" and build($a; .[0]) == build($b; .[1])) | ["same_kernel"] + .),
(["differs"] + (
(words | keys_unsorted[] | . as $key |
	select(($a[$key] | text) != ($b[$key] | text)) |
	# The version says as much as its sum.
	select($key != "kernel_source_sha256" or $a.kernel_source_version == $b.kernel_source_version) |
	[words[$key], ($a[$key] | text), ($b[$key] | text)]),
(if $a.settings and $b.settings then how[] as $key | select($a.settings[$key] != $b.settings[$key]) |
	[$key + "=", ($a.settings[$key] // "not set"), ($b.settings[$key] // "not set")] else empty end),
($pairs[] | . as [$of_a, $of_b] |
	select(config($a; $of_a) != config($b; $of_b)) |
	["kernel config of " + (if $of_a == $of_b then $of_a else $of_a + " and " + $of_b end), config($a; $of_a), config($b; $of_b)])
)) | @tsv
