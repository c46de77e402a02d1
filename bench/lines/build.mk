# SPDX-License-Identifier: GPL-2.0-only
# What bench/lines/shared runs in a guest beside the program that is looked at. Included
# by the top Makefile, after bench/build.mk.
lines_programs := $(BUILD)/bench/lines-turns.so $(BUILD)/bench/lines-window

.PHONY: lines-programs
lines-programs: $(lines_programs)

$(BUILD)/bench/lines-turns.so: bench/lines/turns.c bench/lines/build.mk
	@mkdir -p $(@D)
	$(call bench_say,CC)$(CC) -D_GNU_SOURCE -std=c11 -O2 -fPIC -shared $(bench_warn) -o $@.new $< && mv $@.new $@

$(BUILD)/bench/lines-window: bench/lines/window.c bench/lines/build.mk
	@mkdir -p $(@D)
	$(call bench_say,CC)$(CC) -D_GNU_SOURCE -std=c11 -O2 $(bench_warn) -o $@.new $< && mv $@.new $@

.PHONY: lines-tidy
lines-tidy:
	clang-tidy --quiet bench/lines/turns.c bench/lines/window.c -- -std=c11 -D_GNU_SOURCE
