# SPDX-License-Identifier: GPL-2.0-only
# What one selftest printed (TAP, tools/testing/selftests/kselftest.h) to rows
# "suite TAB test TAB result TAB reason". -v suite= program= status= (exit) limit= (s).
# A test is named as the harness announces it (`#  RUN  name ...`), else by its
# number: descriptions hold pids and differ between pass and fail. A number that comes
# twice, as from a child that inherited the plan, is one test: its worst result.

function add(name, result, why) {
	if (!(name in got)) { order[++count] = name; got[name] = result; reason[name] = why; return }
	if (rank[result] > rank[got[name]]) { got[name] = result; reason[name] = why }
}
function clean(text) { gsub(/[\t\r]/, " ", text); sub(/^[ -]+/, "", text); return text }
# The result that the exit status tells of, kselftest.h's KSFT_PASS and the like.
function of_status(status) { return status == 0 ? "pass" : status == 4 ? "skip" : "fail" }
function why_status(status) {
	if (status == 124 || status == 137) return "not ended within " limit " s"
	if (status > 128) return "killed by signal " status - 128
	return status == 4 && last != "" ? last : "exit " status (last != "" ? ": " last : "")
}

BEGIN { rank["pass"] = 0; rank["skip"] = 1; rank["fail"] = 2 }
/^1\.\.[0-9]+/ && !planned { planned = substr($1, 4) + 0 }
/^# +RUN +/ { name = $3; detail = ""; next }
/^# .*:[0-9]+:.*:(Expected|Could not|Failed)/ && detail == "" { detail = clean(substr($0, 2)) }
/^#? *SKIP / { detail = clean($0) }
/^(not )?ok [0-9]+/ {
	line = $0
	result = /^not / ? "fail" : "pass"
	sub(/^not /, "", line)
	match(line, /^ok [0-9]+ */)
	number = line
	sub(/^ok /, "", number); sub(/[^0-9].*/, "", number)
	text = clean(substr(line, RLENGTH + 1))
	if (text ~ /# *SKIP/) { result = "skip"; sub(/^.*# *SKIP */, "", text) }
	if (result == "pass") text = ""
	else if (detail != "") text = detail
	add(program "/" (name != "" ? name : number), result, text)
	ran[number] = 1
	if (result == "fail") failed = 1
	name = detail = ""
	next
}
# Totals say nothing that the lines above have not said.
/[^ ]/ && !/^(# Totals|TAP version|1\.\.)/ { last = clean($0) }

END {
	for (number in ran) tests++
	if (!count) add(program, of_status(status), status ? why_status(status) : "")
	else if (status != 0 && status != 4 && !failed) add(program, "fail", why_status(status))
	else if (planned > tests) add(program, status == 4 ? "skip" : "fail", "ran " tests " of " planned " tests: " why_status(status))
	for (i = 1; i <= count; i++)
		print suite "\t" order[i] "\t" got[order[i]] "\t" reason[order[i]]
}
