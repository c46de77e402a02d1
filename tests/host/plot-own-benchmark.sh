#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A benchmark is one file: a new one in bench/ops/, with a setting, a metric and a section of the report that no
# other has, is explained, tabled and drawn, and no other file knows of it.
# shellcheck disable=SC2016 # backticks are Markdown's
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
copy=$scratch/copy run=$scratch/run
mkdir -p "$copy"
cp -r "$top/bench" "$copy"
cp -a "$top/build" "$copy"
cat >"$copy/bench/ops/widget.c" <<'END'
// SPDX-License-Identifier: GPL-2.0-only
#include "op.h"

static const struct setting_value size_values[] = {
	{"small", "the widget is no larger than a cache line"},
	{"large", "it is"},
	{0},
};
static const struct setting settings[] = {{"size", size_values, 2}, {0}};
static const struct metric metrics[] = {
	{"wear", "grains/widget", "what comes off a widget", .repeats = 0},
	{0},
};

static int measure(struct run *run, struct op_counters *out)
{
	(void)run;
	op_count(out, "wear", 3);
	return 0;
}

static const struct op op = {
	.name = "widget",
	.description = "wear a widget",
	.settings = settings,
	.metrics = metrics,
	.section = "widgets",
	.measure = measure,
};
OP_REGISTER(op)
END
check "the new file compiles, and no other changes" make -s -C "$copy" BUILD=build -f bench/build.mk build/bench/pidfdbench
cat >"$scratch/spec" <<'END'
context accel tcg
boot anon-inode counts-1 ok
boot stash counts-1 ok
value anon-inode counts-1 widget/size:small 1 wear 3 3
value stash counts-1 widget/size:small 1 wear 6 6
value anon-inode counts-1 pidfd_open/target:same/held:0/fdtable:private 1 insn 3000 3000
value stash counts-1 pidfd_open/target:same/held:0/fdtable:private 1 insn 4000 4000
END
"$top/tests/fixtures/make-run" "$scratch/spec" "$run"
"$copy/build/bench/pidfdbench" --catalogue >"$run/catalogue.tsv"
check "the run has a report" "$top/plot/report" "$run"
section() { gawk -v title="## $1" '/^## / { inside = $0 == title; next } inside' "$run/report.md"; }
holds() { check "$1" grep -Eq -- "$3" <(section "$2"); }
holds "it has a section of its own, with its figures" Widgets '^\| widget/size:small: wear \(grains/widget\) \| 3 \| 6 \+100\.0% \|$'
holds "and its picture" Widgets '^!\[what comes off a widget: .*\]\(plots/wear-widgets\.png\)$'
check "which is there" test -s "$run/plots/wear-widgets.svg"
holds "its setting is explained" Names '^- `size:small`: the widget is no larger than a cache line$'
holds "its metric is explained" Names '^- `wear` \(grains/widget\): what comes off a widget$'
check_fails "and it is in no other section" '^0$' grep -c widget <(section Operations)
check "its figures compare" grep -q $'\twear\tgrains/widget\t6\t' "$run/summary.tsv"
rm "$run/catalogue.tsv"
check_fails "a run without a catalogue is refused, with what to do" 'catalogue\.tsv is missing, which says what its benchmarks are' "$top/plot/report" "$run"

# What no table could be made of is refused by the program itself, before anything is measured.
# refused WHY EDIT: after sed's EDIT of the file.
refused() {
	sed "$2" "$scratch/widget.c" >"$copy/bench/ops/widget.c"
	make -s -C "$copy" BUILD=build -f bench/build.mk build/bench/pidfdbench >/dev/null 2>&1
	check_fails "refused: $1" "^pidfdbench: bench/ops/widget.c, op '.*': $1" "$copy/build/bench/pidfdbench" --list
}
cp "$copy/bench/ops/widget.c" "$scratch/widget.c"
refused "its name must be of a-z, 0-9 and _" 's/"widget"/"my widget"/'
refused "its description must be a line" 's/"wear a widget"/"wear\\ta widget"/'
refused "its description must be a line" '/description/d'
refused "the name of a control, and no other, begins with control_" 's/"widget"/"control_widget"/'
