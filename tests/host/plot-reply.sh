#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report.txt of patches that were mailed is a reply to the mail.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
run=$scratch/results/mail
long=bench/of_a_name_that_is_long/target:same/held:0/fdtable:private/and:more
cat >"$scratch/spec" <<END
boot stock counts-1 ok
boot mine counts-1 ok
value stock counts-1 bench/a 1 insn 1000 1000 1000
value mine counts-1 bench/a 1 insn 1003 1003 1003
value stock counts-1 bench/b 1 insn 1000 1000 1000
value mine counts-1 bench/b 1 insn 1000 1000 1000
value stock counts-1 $long 1 insn 1000 1000 1000
value mine counts-1 $long 1 insn 500 500 500
value stock counts-1 bench/a 1 dentries 1 1 1
value mine counts-1 bench/a 1 dentries 0 0 0
END
"$top/tests/fixtures/make-run" "$scratch/spec" "$run" || exit 1
report() { jq "$1" "$run/context.json" >"$scratch/context" && cp "$scratch/context" "$run/context.json" && "$top/plot/report" "$run" >/dev/null; }
check "a report is made" report '.variants.stock.place = 10 | .variants.mine += {place: 9000, summary: "pidfd: a subject (a patch of mail)"} | .settings.MBOX = "x.mbox"'
# says NAME WORDS: whether the text has them, however its lines are broken.
says() { check "$1" grep -qF -- "$2" <(tr -s ' \n' ' ' <"$run/report.txt"); }
says "it begins with what was tested" 'Tested: pidfd: a subject (a patch of mail)'
says "on what, against what" 'against the same source without it (stock), 1 boot of each'
check_equal "what has grown" "More:;  bench/a;    insn, 1 worker: 1000 -> 1003 insn/op (+0.30 %)" "$(sed -n '/^More:/,/^$/p' "$run/report.txt" | sed '/^$/d' | paste -sd';')"
says "what has shrunk" 'insn, 1 worker: 1000 -> 500 insn/op (-50.00 %)'
says "what exact counts say" 'dentries, 1 worker: 1 -> 0 dentries/fd'
says "what is alike" 'No difference: insn (1).'
says "how much would have been seen" 'would have been seen: dentries any, insn 0.2'
says "that it says nothing of time" 'No time was measured'
check_equal "72 columns" "" "$(grep -E '.{73}' "$run/report.txt")"
check_equal "what its kernel does other than it must comes first" \
	"It does other than it must, and was not measured there:;  EINVAL: ESRCH;;No difference: insn (1)." \
	"$(printf 'word\nsame\tbench/a\t1\tinsn\ncannot_tell\tbench/b\t1\tinsn\t\t\t\tB failed: check EINVAL: ESRCH\n' |
		gawk -f "$top/plot/lib/numbers.awk" -f "$top/plot/sections/reply.awk" - | sed -n '/^It does/,/^No/p' | paste -sd';')"
check "one kernel under two names" report '.variants[].build_id = "12ab"'
says "is said to be one" 'With and without it the kernel is the same (one build id).'
check "another run" report 'del(.settings.MBOX, .variants[].build_id)'
check_equal "has its report as text" "pidfdbench: mail" "$(head -n 1 "$run/report.txt")"
