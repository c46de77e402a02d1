# SPDX-License-Identifier: GPL-2.0-only
# Compiles $(BUILD)/kernel-patches/guest-init, process 1 of a guest. Included by the top Makefile.
# What a run counts is kept under a hash of it, too: no path is in it.
$(BUILD)/kernel-patches/guest-init: kernel-patches/tools/guest-init.c kernel-patches/build.mk
	@mkdir -p $(@D)
	$(Q)$(if $(Q),printf '  CC   %s\n' $@;)$(CC) -std=c11 -O2 -static -Wall -Wextra -Wshadow -Wconversion -Werror -o $@ $<
