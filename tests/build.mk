# SPDX-License-Identifier: GPL-2.0-only
# Compiles every tests/guest/*.c to $(BUILD)/tests/<name>: the programs that
# tests run inside a guest. A new program needs no line here. They are linked
# statically, so that to start one no library is read from the host.
guest_programs := $(patsubst tests/guest/%.c,$(BUILD)/tests/%,$(wildcard tests/guest/*.c))

.PHONY: guest-programs
guest-programs: $(guest_programs)

$(BUILD)/tests/%: tests/guest/%.c $(wildcard tests/guest/*.h) tests/build.mk
	@mkdir -p $(@D)
	$(Q)$(if $(Q),printf '  CC   %s\n' $@;)$(CC) -std=c11 -O2 -g -static -pthread -Wall -Wextra -Wshadow -Wconversion -Werror -o $@ $<
