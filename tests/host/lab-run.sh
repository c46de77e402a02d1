# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2119,SC2120 # another shell expands; no argument is one more way to call them
# A lab's campaign on doubles of Slurm and of a node: what is refused before anything is submitted, its
# jobs, tries that fail, a second submit, and its report.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/campaign-common.inc"
. "$(dirname "$0")/lab-common.inc"

new_machine
make_cluster
# refuses NAME REGEX [VARIABLE=VALUE...]: and no job was submitted, no folder made.
refuses() {
	check_fails "$1" "$2" submit "${@:3}"
	if [ -e "$lab" ] || [ -e "$cluster/log" ]; then fail "$1: nothing was submitted" "$lab or $cluster/log is there"; fi
}
refuses "no partition" "say PARTITION=" PARTITION=
refuses "a partition of odd characters" "PARTITION 'lab;reboot' is no name" PARTITION='lab;reboot'
refuses "one that is an option" "PARTITION '--wrap=x' is no name" PARTITION=--wrap=x
refuses "no kinds" "say KINDS=" KINDS=
refuses "a kind of odd characters" "KINDS 'epyc|xeon' is no name" KINDS='epyc|xeon'
refuses "a kind that would be a folder of ours" "has a meaning of its own" KINDS=cells
refuses "a kind twice" "names a kind twice" KINDS="epyc epyc"
refuses "a folder of odd characters" "LAB='.*/a b' must be an absolute path" LAB="$scratch/a b"
refuses "a relative folder" "must be an absolute path" LAB=here
refuses "an unknown variant" "unknown variant 'nope'" VARIANTS=nope
refuses "boots of none" "BOOTS='0' is no positive number" BOOTS=0
refuses "what only the measured machine would" "QUICK='2' is not valid; valid: 0 1" QUICK=2
refuses "likewise of the program's settings" "placement: 'x' is not valid" PLACEMENT=x
refuses "a quiet that is none" "QUIET='200' is no percentage" QUIET=200
refuses "a partition that Slurm does not have" "Slurm has no partition other" PARTITION=other
refuses "a kind that Slurm does not have" "no node of partition lab has the features arm and pidfd_stash" KINDS=arm
refuses "a kind without one of the kernels" "no node of partition lab has the features xeon and pidfd_unique_anon" KINDS="epyc xeon"
: >"$cluster/deaf"
refuses "a Slurm that does not answer" "Slurm does not answer: slurm_load_partitions: Unable to contact" KINDS=epyc
rm "$cluster/deaf"
mkdir "$scratch/no-slurm"
for program in "$fakes"/*; do case $program in */s[bqic][aquno]*) ;; *) ln -s "$program" "$scratch/no-slurm/" ;; esac; done
# Where a real one is installed, it is out of PATH, too.
mkdir "$scratch/usr"
for program in /usr/bin/*; do case ${program##*/} in sbatch | squeue | sinfo | scontrol) ;; *) ln -s "$program" "$scratch/usr/" ;; esac; done
refuses "no Slurm: one line" "^lab-submit: there is no Slurm here \(sbatch\): .*make campaign" PATH="$scratch/no-slurm:$scratch/usr"
check_fails "no campaign" "no lab's campaign in .*make lab-submit starts one" status

# Its jobs.
submit 2>"$scratch/err"
check "a job for each cell" grep -q "submitted 4 jobs, 0 were queued already, of 4 cells" "$scratch/err"
check_equal "each asks for its kind and kernel" "2 epyc&pidfd_stash;2 epyc&pidfd_unique_anon" \
	"$(cat "$cluster"/jobs/*/constraint | sort | uniq -c | sed 's/^ *//' | paste -sd';')"
check "for a whole node, which Slurm may give it again" grep -q -- "--nodes=1 --exclusive --requeue --open-mode=append" "$cluster/log"
check_equal "in the order of the stored seed" "$(bash -c '. "$0/kernel-patches/tools/common.sh"; . "$0/metal/campaign-state.sh"; order_cells 1 2 epyc/stash epyc/unique-anon' "$top" | sed 's,epyc/,,')" \
	"$(jq -r '.cells[] | [.boot, .variant] | @tsv' "$lab/lab.json")"
check "status: queued, and no more is known" says "epyc: 0 of 4 measured, 4 left on 1 node; how long is known after the first" "$(status)"
submit 2>"$scratch/err"
check "a second submit submits nothing twice" grep -q "submitted 0 jobs, 4 were queued already" "$scratch/err"
check_fails "nor another campaign into the folder" "holds a campaign of other BOOTS: 2" submit BOOTS=3
cp "$scratch/bench" "$lab/pidfdbench"

check "the first is measured" run_job
check_equal "and says so" "done 1" "$(cell_state 1)"
check_equal "the node is at home again" pidfd_default "$(env -i "$node/features")"
check "status: the time that is left" says "epyc: 1 of 4 measured, 3 left, about [0-9]+ min on 1 node" "$(status)"

# A kernel that panics while it is measured: Slurm starts the job again.
: >"$m/panic"
run_job 2>/dev/null
check_equal "a panic: the cell was being measured" "running 1" "$(cell_state 2)"
run_job
check_equal "the next restart measures it, at its second try" "done 2" "$(cell_state 2)"
check "and the reason stays" grep -q "try 1: the machine restarted while it was measured" "$lab/cells/2/state.json"

# A kernel that never comes up.
image=$(ls "$m"/boot/vmlinuz-*-pidfd-"$(jq -r '.cells[2].variant' "$lab/lab.json")")
echo broken >"$image"
run_job
check_equal "a kernel that does not come up: Slurm is asked for another restart" "running 2 scontrol requeue 3" \
	"$(cell_state 3) $(grep requeue "$cluster/log" | tail -n 1)"
run_job
check_equal "twice: left out" "failed 2" "$(cell_state 3)"
check "with both reasons" says "try 1: its kernel did not come up; .*try 2: its kernel did not come up" "$(jq -r '.cells[0].reasons | join("; ")' "$lab/cells/3/state.json")"
check_equal "and no job waits for it" 1 "$(find "$cluster/jobs" -mindepth 1 -maxdepth 1 | wc -l)"
echo "kernel again" >"$image"

# scancel, before and while it is measured.
rm -r "$cluster/jobs/4"
check "status: who ended the job has to submit again" says "1 have no job: make lab-submit goes on" "$(status)"
submit 2>"$scratch/err"
check "a second submit goes on with what is left, not with what was left out" grep -q "submitted 1 jobs, 0 were queued" "$scratch/err"
printf '#!/bin/bash\n(trap "" TERM; exec sleep 60) &\nexec sleep 60\n' >"$scratch/slow" && chmod +x "$scratch/slow"
cp "$scratch/slow" "$lab/pidfdbench"
run_job &
waiting=$!
for _ in {1..100}; do [ "$(cell_state 4 2>/dev/null)" = "running 1" ] && grep -q '"phase":"measuring"' "$lab/cells/4/state.json" && break; sleep 0.1; done
pkill -TERM --session "$(cat "$m/step.pid")"
await 30 $waiting
check_equal "scancel while it is measured is no try" "pending 0" "$(cell_state 4)"
check "and said" grep -q "ended from outside; make lab-submit goes on" "$lab/cells/4/log"
cp "$scratch/bench" "$lab/pidfdbench"
submit 2>"$scratch/err"
run_job
check_equal "submitted again it is measured" "done 1" "$(cell_state 4)"
check_equal "status: the end" "epyc: 3 of 4 measured, 1 left out" "$(status | tail -n 1)"
check "status without Slurm: what is on the disk, and why no more" says "note: .*there is no Slurm here.*epyc: 3 of 4 measured, 1 left out" \
	"$(status PATH="$scratch/no-slurm:$scratch/usr" | paste -sd' ')"
submit RETRY=1 2>"$scratch/err"
check "RETRY=1: also what was left out" grep -q "submitted 1 jobs" "$scratch/err"

# A machine that is not as the first one of its kind was.
printf 'another machine, 64 CPUs\tn7\n' >"$lab/kinds/epyc"
run_job
check "a machine of another kind is not measured as this one" grep -q "this is a machine of another kind .* than epyc on n7 .another machine, 64 CPUs." "$lab/cells/3/state.json"
check "status says why it is left out" says "left out.*machine of another kind" "$(status)"
check_equal "nothing forbidden was called" "" "$(grep FORBIDDEN "$m/log")"

# What was measured is a run of each kind.
check "a run of the kind" "$top/metal/lab-gather" "$lab"
check_equal "it has what was measured" 3 "$(find "$lab/epyc" -name bench.json | wc -l)"
check "and why one boot is not there" grep -rq "^failed: this is a machine of another kind" "$lab/epyc" --include=status
check "its context: by Slurm, on which node" jq -e '.campaign.method == "slurm" and ([.campaign.order[] | select(.state == "done") | .node] == ["n1", "n1", "n1"]) and .accel == "metal"' "$lab/epyc/context.json"
