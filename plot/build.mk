# SPDX-License-Identifier: GPL-2.0-only
# The compiled programs of plot/, a folder of plot/tables/ each. Included by the top Makefile; the scripts
# also run it alone (make -f plot/build.mk plot-tools), from the top folder.
BUILD ?= build
PLOT_CC ?= gcc
PLOT_CFLAGS ?= -O2 -g -Wall -Wextra -Wshadow -Wconversion -Werror
plot_tools := $(BUILD)/plot/tidy-stats $(BUILD)/plot/tidy-project
plot_src_tidy-stats := $(wildcard plot/tables/stats/*.c)
plot_src_tidy-project := $(wildcard plot/tables/projection/*.c)

.PHONY: plot-tools
plot-tools: $(plot_tools)

.PHONY: list-of-sources
$(BUILD)/plot/%.list: list-of-sources
	@mkdir -p $(@D)
	@echo '$(plot_src_$*)' | cmp -s - $@ || echo '$(plot_src_$*)' >$@

# Built under another name and renamed: two scripts may start this at once.
.SECONDEXPANSION:
$(plot_tools): $(BUILD)/plot/%: $$(plot_src_$$*) $(wildcard plot/tables/*/*.h) plot/build.mk $(BUILD)/plot/%.list
	@temp=$@.$$$$; \
	$(PLOT_CC) -std=c11 -D_POSIX_C_SOURCE=200809L $(PLOT_CFLAGS) $(plot_src_$*) \
		-lgsl -lgslcblas -lm -o $$temp && mv $$temp $@ || { rm -f $$temp; exit 1; }
