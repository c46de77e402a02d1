# SPDX-License-Identifier: GPL-2.0-only
# Builds $(BUILD)/bench/lock-sections.so, a plugin for QEMU. Included by the top
# Makefile. It runs on the host of a guest, not in it.
plugin_src := $(sort $(wildcard bench/plugin/*.c))
plugin_obj := $(plugin_src:%.c=$(BUILD)/%.o)
plugin_so := $(BUILD)/bench/lock-sections.so
plugin_cflags := -std=c11 -D_GNU_SOURCE -O2 -g -fPIC -fvisibility=hidden -Wall -Wextra -Wshadow -Wconversion \
	-Werror -Wstrict-prototypes -Wmissing-prototypes

.PHONY: lock-plugin plugin-tidy
lock-plugin: $(plugin_so)

# Under another name first: a guest may be running with the old one.
$(BUILD)/bench/lock-sections.list: list-of-sources
	@mkdir -p $(@D)
	@echo '$(plugin_obj)' | cmp -s - $@ || echo '$(plugin_obj)' >$@

$(plugin_so): $(plugin_obj) $(BUILD)/bench/lock-sections.list
	$(call bench_say,LD)$(CC) -shared -o $@.new $(plugin_obj) && mv $@.new $@

$(BUILD)/bench/plugin/%.o: bench/plugin/%.c bench/plugin/build.mk
	@mkdir -p $(@D)
	$(call bench_say,CC)$(CC) $(plugin_cflags) -MMD -MP -c -o $@ $<

plugin-tidy:
	clang-tidy --quiet $(plugin_src) -- -std=c11 -D_GNU_SOURCE

-include $(plugin_obj:.o=.d)
