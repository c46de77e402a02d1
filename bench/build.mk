# SPDX-License-Identifier: GPL-2.0-only
# Builds $(BUILD)/bench/pidfdbench. Include it from a Makefile one level up,
# after the default target. A new benchmark is a new file in bench/ops/: no
# line here changes. BENCH_CPPFLAGS adds to the flags.
BUILD ?= build

bench_src := $(sort $(wildcard bench/*.c bench/lines/lines.c $(addprefix bench/,$(addsuffix /*.c,ops subjects preflight harness locks record calibrate))))
bench_cxx := bench/record/gbench_shim.cc
bench_obj := $(bench_src:%.c=$(BUILD)/%.o) $(bench_cxx:%.cc=$(BUILD)/%.o)
bench_bin := $(BUILD)/bench/pidfdbench

bench_version := $(shell pkg-config --modversion benchmark 2>/dev/null || echo unknown)
bench_warn := -Wall -Wextra -Wshadow -Wconversion -Werror
bench_cppflags := -D_GNU_SOURCE -Ibench -DGBENCH_VERSION='"$(bench_version)"' $(BENCH_CPPFLAGS)
# The same program from any clone: what guests counted is kept under its hash.
bench_anywhere := -ffile-prefix-map=$(CURDIR)=.
bench_cflags := -std=c11 -O2 -g $(bench_anywhere) -pthread $(bench_warn) -Wstrict-prototypes -Wmissing-prototypes
bench_cxxflags := -std=c++17 -O2 -g $(bench_anywhere) -pthread $(bench_warn)
bench_libs := -lbenchmark -lhwloc -lm -pthread
bench_say = $(if $(V),,@printf '  %-4s %s\n' $(1) $@;)

# What a program is linked of: newer only when the list has changed, so that a source
# that was removed leaves the program.
.PHONY: list-of-sources
$(BUILD)/bench/pidfdbench.list: list-of-sources
	@mkdir -p $(@D)
	@echo '$(bench_obj)' | cmp -s - $@ || echo '$(bench_obj)' >$@

$(bench_bin): $(bench_obj) $(BUILD)/bench/pidfdbench.list
	$(call bench_say,LD)$(CXX) -Wl,--export-dynamic-symbol=worker_called -o $@ $(bench_obj) $(bench_libs)

# What bench/run/fidelity holds it against, and what times a machine's lines.
bare_programs := $(BUILD)/bench/bare/bare $(BUILD)/bench/bare/machine
$(bench_bin): | $(bare_programs)
$(BUILD)/bench/bare/machine: $(BUILD)/bench/harness/perf_events.o $(BUILD)/bench/op.o
$(bare_programs): %: %.o $(BUILD)/bench/harness/placement.o
	$(call bench_say,LD)$(CC) -o $@ $^ -lhwloc -pthread

$(BUILD)/bench/%.o: bench/%.c bench/build.mk
	@mkdir -p $(@D)
	$(call bench_say,CC)$(CC) $(bench_cppflags) $(bench_cflags) -MMD -MP -c -o $@ $<

$(BUILD)/bench/%.o: bench/%.cc bench/build.mk
	@mkdir -p $(@D)
	$(call bench_say,CXX)$(CXX) $(bench_cppflags) $(bench_cxxflags) -MMD -MP -c -o $@ $<

.PHONY: bench-tidy
bench-tidy:
	clang-tidy --quiet $(bench_src) bench/bare/*.c -- $(bench_cppflags) -std=c11
	clang-tidy --quiet $(bench_cxx) -- $(bench_cppflags) -std=c++17

-include $(bench_obj:.o=.d) $(bare_programs:=.d)
