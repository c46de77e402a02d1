// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the plugins use of QEMU's plugin interface, version 1: QEMU 4.2 to 8.2,
 * so Debian 12's 7.2. Debian packages no header, and the interface is the symbols
 * that the program exports. Meanings: docs/devel/tcg-plugins.rst of QEMU.
 */
#ifndef PIDFDBENCH_QEMU_PLUGIN_H
#define PIDFDBENCH_QEMU_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_EXPORT __attribute__((visibility("default")))
#define PLUGIN_VERSION 1

struct qemu_plugin_tb;   /* a translated block, valid while its callback runs */
struct qemu_plugin_insn; /* an instruction of it, likewise */

struct qemu_info {
	const char *target_name; /* "x86_64" */
	struct {
		int min;
		int cur;
	} version;
	bool system_emulation;
	int smp_vcpus;
	int max_vcpus;
};

enum plugin_registers { PLUGIN_NO_REGS }; /* a callback touches no register */
/* 7.2 takes loads for stores when it picks one of them: ask for both, and tell them apart. */
enum plugin_access { PLUGIN_LOADS_AND_STORES = 3 };
enum plugin_inline { PLUGIN_ADD_U64 }; /* what the generated code does itself */

typedef void (*plugin_translate_fn)(uint64_t id, struct qemu_plugin_tb *tb);
typedef void (*plugin_run_fn)(unsigned vcpu, void *arg);
typedef void (*plugin_reset_fn)(uint64_t id);
typedef void (*plugin_memory_fn)(unsigned vcpu, uint32_t info, uint64_t address, void *arg);

/* Later, between two blocks: drops what is translated and all callbacks, then calls fn. */
void qemu_plugin_reset(uint64_t id, plugin_reset_fn fn);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, plugin_translate_fn fn);
void qemu_plugin_register_vcpu_tb_exec_cb(
	struct qemu_plugin_tb *tb, plugin_run_fn fn, enum plugin_registers regs, void *arg);
void qemu_plugin_register_vcpu_insn_exec_cb(
	struct qemu_plugin_insn *insn, plugin_run_fn fn, enum plugin_registers regs, void *arg);
void qemu_plugin_register_vcpu_insn_exec_inline(
	struct qemu_plugin_insn *insn, enum plugin_inline op, void *counter, uint64_t add);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, plugin_memory_fn fn,
	enum plugin_registers regs, enum plugin_access access, void *arg);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
unsigned qemu_plugin_mem_size_shift(uint32_t info); /* log2 of the bytes */
bool qemu_plugin_mem_is_store(uint32_t info);

/* What QEMU looks up in the plugin. */
extern PLUGIN_EXPORT int qemu_plugin_version;
PLUGIN_EXPORT int qemu_plugin_install(
	uint64_t id, const struct qemu_info *info, int argc, char **argv);

#endif
