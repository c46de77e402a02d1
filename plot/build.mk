# SPDX-License-Identifier: GPL-2.0-only
# The one compiled program of plot/. Included by the top Makefile; the scripts
# also run it alone (make -f plot/build.mk plot-tools), from the top folder.
BUILD ?= build
PLOT_CC ?= gcc
PLOT_CFLAGS ?= -O2 -g -Wall -Wextra -Wshadow -Wconversion -Werror
PLOT_SOURCES := $(wildcard plot/tables/stats/*.c)
PLOT_HEADERS := $(wildcard plot/tables/stats/*.h)

.PHONY: plot-tools
plot-tools: $(BUILD)/plot/tidy-stats

.PHONY: list-of-sources
$(BUILD)/plot/tidy-stats.list: list-of-sources
	@mkdir -p $(@D)
	@echo '$(PLOT_SOURCES)' | cmp -s - $@ || echo '$(PLOT_SOURCES)' >$@

# Built under another name and renamed: two scripts may start this at once.
$(BUILD)/plot/tidy-stats: $(PLOT_SOURCES) $(PLOT_HEADERS) plot/build.mk $(BUILD)/plot/tidy-stats.list
	@mkdir -p $(@D)
	@temp=$@.$$$$; \
	$(PLOT_CC) -std=c11 -D_POSIX_C_SOURCE=200809L $(PLOT_CFLAGS) $(PLOT_SOURCES) \
		-lgsl -lgslcblas -lm -o $$temp && mv $$temp $@ || { rm -f $$temp; exit 1; }
