# SPDX-License-Identifier: GPL-2.0-only
# The only entry point. `make help` lists the targets; README.md explains them.
SHELL := /bin/bash
# Privileged: neither BASH_ENV nor functions come from the environment. A pipe fails when
# any part of it does.
.SHELLFLAGS := -p -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
BUILD := build
V ?=
Q := $(if $(filter 1,$(V)),,@)
tools := kernel-patches/tools
# What most targets begin with: all programs, by as many jobs as there are CPUs, or as make was told.
build = +$(MAKE) $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc)) build

# Of the environment what setup/environment.names lists counts and goes on to programs;
# any other variable counts on the command line alone.
listed := $(subst *,%,$(file <setup/environment.names))
unlisted := $(foreach v,$(.VARIABLES),$(if $(filter environment,$(origin $v)),$(filter-out $(listed),$v)))
export PIDFDBENCH_UNUSED := $(strip $(PIDFDBENCH_UNUSED) $(foreach v,$(unlisted),$(if $(value $v),$v)))
$(foreach v,$(unlisted),$(eval undefine $v))
# There a name that nothing here has would be a setting that is not made.
unknown := $(strip $(foreach v,$(.VARIABLES),$(if $(filter command%,$(origin $v)),\
	$(filter-out $(listed) A B RUN TO FILE NAME OUT UNDO BUILD CC CXX %_CC %CFLAGS %CPPFLAGS %LDFLAGS %LIBS tools,$v))))
$(if $(unknown),$(error $(unknown): no variable of this project; make help lists them))
# What stands on the command line is taken as it is, $ too, as it is from the environment: recipes
# take both from their environment ("$$A"), and never paste a value into what a shell reads.
$(foreach v,$(.VARIABLES),$(if $(filter command%,$(origin $v)),$(eval override $v := $$(value $v))$(eval export $v)))
export LC_ALL := C
CC := cc
CXX := g++

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run check soak coverage mutants bench bench-bundle list compare aa calibrate sensitivity fidelity report export import reference lines doctor debs setup build programs clean

help: ## this list
	@echo 'Targets:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 24
	@echo 'Variables:'
	@sed -n 's/^#= //p' $(MAKEFILE_LIST)
#=   VARIANTS="stash mine"  variants to build and measure (make list), or all; a name of one's
#=                          own: at most 32 letters, digits, '.', '_' and '-'
#=   BENCH=<regex>          only benchmarks whose name matches
#=   WORKERS="1 2 4"        worker counts
#=   WORKERS_AS=threads|processes  what a worker is
#=   PLACEMENT=core-first|smt-first|one-node|across-nodes  which CPUs come first
#=   QUICK=1                smallest useful run
#=   TIME=0|1               timed boots (default 1 with KVM, 0 where time would be emulated)
#=   BOOTS=<n>              boots per variant: timed ones, or without any those that count
#=   WINDOWS=<n>            samples of each benchmark per boot
#=   ALL=1                  also benchmarks outside the default set
#=   FRESH=1                count anew what an earlier run of the same kernel has counted
#=   SELFTESTS=0|1          the kernel's own selftests (default 0)
#=   KERNEL_SRC=<path>      kernel tree or tarball instead of Debian's package
#=   KERNEL=6.12            another of Debian's packages linux-source-<version>, installed when named
#=   REVS="v6.12 topic"     revisions of the git repository KERNEL_SRC, a variant each; A..B: each commit
#=   MBOX=<file>            patches in a mailbox (git am's), a variant named after their subject, beside stock
#=   LOCKS=1                lock statistics too, from kernels of their own
#=   ACCEL=auto|kvm|tcg     how guests run
#=   JOBS=<n>               compile jobs
#=   FIX=1                  bench: with settings mended (make doctor), undone at its end
#=   MINUTES=<n>            stress per variant of make soak (10) and make coverage (1)
#=   FLAVOURS="kasan kcsan" debug kernels of make soak (kasan)
#=   MUTANTS=<regex>        only mutants whose name matches
#=   FULL=1                 make check: all there is (what it leaves to that, it lists at its end)
#=   CMD="<program>" CPUS=2 what a guest runs for make lines, and on how many CPUs;
#=   SYSCALLS="openat close" of which calls lines are counted (all)
#=   MACHINE=<file>         make report: project throughput to the cores of the machine that it
#=                          describes (results/README.md, machine.tsv)
#=   MAP=<run>              make report: with the shared lines of another run of the same variants,
#=                          for one of make bench, which has none
#=   V=1                    show commands

setup: ## install the Debian packages that are missing
	$(Q)$(if $(filter skip,$(SETUP)),true,setup/install-packages)

run: setup ## build, boot and measure every default variant in VMs, then report
	$(Q)$(build)
	$(Q)setup/then-report plot/report bench/run/measure-variants

bench: setup ## measure the kernel that is running, no VM
	$(Q)$(build)
	$(Q)setup/then-report plot/report bench/run/measure-running metal/doctor

check: setup ## all tests
	$(Q)$(build)
	$(Q)tests/run-tests

soak: setup ## MINUTES=10 of stress per variant in kernels that check themselves
	$(Q)$(build)
	$(Q)tests/soak

coverage: setup ## which lines of the patches do those checks run? (MINUTES=1 of stress per variant)
	$(Q)$(build)
	$(Q)tests/coverage

mutants: setup ## right variants with one mistake each: every one must be caught
	$(Q)$(build)
	$(Q)tests/run-mutants "$$MUTANTS"

bench-bundle: setup ## TO=<file>: a tar.gz that does as `make bench` on a machine where nothing is installed
	$(Q)$(build)
	$(Q)metal/bundle $${TO:+"$$TO"}

list: setup ## variants, benchmarks and metrics
	$(Q)$(build)
	$(Q)echo 'Variants (name, in the default comparison, what it does):'
	$(Q)$(tools)/variants list | sed 's/^/  /' | expand -t 28,36
	$(Q)echo 'Benchmarks:'
	$(Q)$(BUILD)/bench/pidfdbench --list --insn-from-clock | sed 's/^/  /' | expand -t 68
	$(Q)echo 'Metrics (name, unit, meaning):'
	$(Q)$(BUILD)/bench/pidfdbench --metrics | sed 's/^/  /' | expand -t 20,36

compare: setup ## A=<variant or results path> B=<...>: significance of every difference
	$(Q)$(build)
	$(Q)plot/compare "$$A" "$$B"

aa: setup ## one kernel under two names, RUNS=1 times: comparisons with a false difference
	$(Q)$(build)
	$(Q)v=$${VARIANTS:-anon-inode}; exec setup/then-report plot/report bench/run/measure-aa -- plot/aa-share "$$v" "$$v.again"

calibrate: setup ## are verdicts and intervals right? Judges drawn comparisons whose truth is known
	$(Q)$(build)
	$(Q)tests/calibrate

sensitivity: setup ## is a slow-down of 3 % found on the running kernel?
	$(Q)$(build)
	$(Q)TIDY_STATS="$${TIDY_STATS:-$(BUILD)/plot/tidy-stats}" bench/run/sensitivity

fidelity: setup ## our rates over a bare loop's, and our loop's cost (WIS=<will-it-scale tree, built>)
	$(Q)$(build)
	$(Q)TIDY_STATS="$${TIDY_STATS:-$(BUILD)/plot/tidy-stats}" bench/run/fidelity

report: setup ## RUN=results/<run>: rebuild report and plots from stored data only (AGAINST=, MACHINE=, MAP=)
	$(Q)$(build)
	$(Q)run="$${RUN:-results/latest}"; if [ -f "$$run/lab.json" ]; then metal/lab-gather "$$run" >/dev/null || exit 1; exec plot/kinds "$$run"; fi; \
		exec plot/report "$$run"

export: setup ## RUN=results/<run>: one tar.gz to report and compare it elsewhere (TO=<file>)
	$(Q)plot/export "$${RUN:-results/latest}" $${TO:+"$$TO"}

import: setup ## FILE=<tar.gz>: what `make export` wrote, as results/<run> (NAME=<other>)
	$(Q)plot/import "$$FILE" $${NAME:+"$$NAME"}

reference: setup ## RUN=results/<run>: what the repository keeps of a run, as results/reference/<run>
	$(Q)$(build)
	$(Q)plot/reference "$${RUN:-results/latest}"

lines: setup ## CMD="<program>": which cache lines the CPUs of a guest share when they run it (VARIANTS=, CPUS=, SYSCALLS=)
	$(Q)$(build)
	$(Q)bench/lines/shared

doctor: ## is this machine fit for measuring? FIX=1 mends what can be undone, UNDO=1 undoes it
	$(foreach v,FIX UNDO,$(if $(filter-out 0 1,$($v)),$(error $v='$($v)' is not valid; valid: 0 1)))
	$(Q)metal/doctor $(if $(filter 1,$(UNDO)),undo,$(if $(filter 1,$(FIX)),fix,check))

debs: setup ## kernel packages of VARIANTS from this machine's configuration (KCONFIG=<file>)
	$(Q)$(if $(filter skip,$(SETUP)),true,setup/install-packages metal/debs-packages.txt)
	$(Q)metal/debs

# Under a lock, as two may be started in one folder at once.
build: ## compile the benchmarks and tools
	@mkdir -p $(BUILD)
	@exec 9>$(BUILD)/.lock; flock -n 9 || { echo 'build: waiting for another make in this folder' >&2; flock 9; }; \
		$(MAKE) programs 9>&-

programs: $(BUILD)/bench/pidfdbench lock-plugin lines-programs plot-tools guest-programs $(BUILD)/kernel-patches/guest-init
	@:

clean: ## remove build/ (the cache of kernels stays)
	$(Q)rm -rf $(BUILD)

include kernel-patches/build.mk bench/build.mk bench/plugin/build.mk bench/lines/build.mk plot/build.mk tests/build.mk metal/campaign.mk metal/lab.mk
