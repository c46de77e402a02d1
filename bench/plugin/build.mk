# SPDX-License-Identifier: GPL-2.0-only
# Builds two plugins for QEMU, $(BUILD)/bench/lock-sections.so and shared-lines.so.
# Included by the top Makefile. They run on the host of a guest, not in it.
plugin_src := $(sort $(wildcard bench/plugin/*.c))
plugin_obj := $(plugin_src:%.c=$(BUILD)/%.o)
plugin_so := $(BUILD)/bench/lock-sections.so $(BUILD)/bench/shared-lines.so
plugin_lines := %/shared_lines.o %/line_table.o %/line_locks.o %/line_print.o %/guest_memory.o
plugin_cflags := -std=c11 -D_GNU_SOURCE -O2 -g $(bench_anywhere) -fPIC -fvisibility=hidden -Wall -Wextra -Wshadow -Wconversion \
	-Werror -Wstrict-prototypes -Wmissing-prototypes

.PHONY: lock-plugin plugin-tidy
lock-plugin: $(plugin_so)

$(BUILD)/bench/plugins.list: list-of-sources
	@mkdir -p $(@D)
	@echo '$(plugin_obj)' | cmp -s - $@ || echo '$(plugin_obj)' >$@

$(BUILD)/bench/lock-sections.so: $(filter-out $(plugin_lines),$(plugin_obj))
$(BUILD)/bench/shared-lines.so: $(filter $(plugin_lines) %/decode.o %/symbols.o %/plugin.o,$(plugin_obj))

# Under another name first: a guest may be running with the old one.
$(plugin_so): $(BUILD)/bench/plugins.list
	$(call bench_say,LD)$(CC) -shared -o $@.new $(filter %.o,$^) && mv $@.new $@

$(BUILD)/bench/plugin/%.o: bench/plugin/%.c bench/plugin/build.mk
	@mkdir -p $(@D)
	$(call bench_say,CC)$(CC) $(plugin_cflags) -MMD -MP -c -o $@ $<

plugin-tidy:
	clang-tidy --quiet $(plugin_src) -- -std=c11 -D_GNU_SOURCE

-include $(plugin_obj:.o=.d)
