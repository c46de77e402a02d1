# SPDX-License-Identifier: GPL-2.0-only
# context.json -> "What ran where" of report.md. Known keys come first, in this
# order and words; keys that this list does not know follow under their names.
def words: {
	kernel_base: "kernel base", kernel_source_version: "kernel source", kernel_source_sha256: "its sha256",
	machine: "machine", cpus: "CPUs", accel: "accelerator", accel_why: "why that", host_kernel: "host kernel", qemu: "QEMU", compiler: "compiler",
	project_commit: "commit of this suite", date: "date", settings: "set by the user" };
def text: (if type == "string" then . elif type == "array" and all(.[]; type != "object" and type != "array")
	then map(tostring) | join(", ") else tojson end) | gsub("[|\\n]"; " ");
def assignments: [to_entries[] | "\(.key)=\(.value)"] | join(", ") | if . == "" then "nothing" else . end;
# The machine's state: how many checks were fine, and what was not.
def health: def of($s): [.[] | select(.state == $s) | .check + " (" + .value + ")"] | join(", ");
	"\(map(select(.state == "ok")) | length) of \(length) checks ok" +
	(of("wrong") | if . == "" then "" else "; wrong: " + . end) +
	(map(select(.state == "note") | .check) | if . == [] then "" else "; not seen: " + join(", ") end) | text;
def short: (. // "") | tostring | .[:12];

# Per variant, "good of all" boots.
([$boots / "\n" | .[] / "\t" | select(.[0]) | { key: .[0], value: .[1] }] | from_entries) as $boots |
. as $context |
"| what | value |",
"|------|-------|",
(words | keys_unsorted[] | select($context[.] != null and $context[.] != "") | "| \(words[.]) | \($context[.] | (if type == "object" then assignments else . end) | text) |"),
($context | keys[] | select(IN("schema", "run", "variants", "order", "doctor", "phases") or words[.] != null or $context[.] == "" | not) |
	"| \(.) | \($context[.] | text) |"),
(if ($context.doctor | type) == "array" then "| state of the machine | \($context.doctor | health) |" else empty end),
"",
"| variant | release | boots | series sha256 | config sha256 |",
"|---------|---------|------:|---------------|---------------|",
($order / "\n" | .[] | select(. != "") as $name | ($context.variants[$name] // {}) |
	"| \($name) | \(.release // "" | text) | \($boots[$name] // "") | \(.series_sha256 | short) | \(.config_sha256 | short) |"),
([$context.variants | to_entries[] | select(.value.counts_from)] | group_by(.value.counts_from)[] |
	"", "Counts of \(map(.key) | join(", ")): as run \(.[0].value.counts_from) counted them, of the same kernel with the same programs, settings and QEMU.")
