// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU's emulation: which spinlocks the guest's kernel takes, where, and
 * how many instructions it runs while it holds each, and in each function, counted without
 * a change to the kernel. For one CPU, and for a kernel that runs where it was linked (nokaslr).
 *
 * A section begins with the cmpxchg in _raw_spin_lock() and its like, whose address is
 * the lock's; it ends with the next store of one byte there, which is what an unlock is
 * (queued_spin_unlock(), queued_write_unlock(): include/asm-generic/). It holds
 * the instructions after the one up to and with the other, those of inner sections too,
 * but not an interrupt's. Read locks, and locks that sleep, are not followed.
 *
 * The guest says when to count by two system calls that do nothing else and that
 * nobody else makes: sched_get_priority_max() begins a window, sched_get_priority_min()
 * ends it. Until the first begins only these two are watched, so that the guest boots as
 * fast as without a plugin; at that edge all translated code is dropped.
 * The window is open when the former returns; when the latter begins to run, the file
 * `out` has it:
 *   window TAB N TAB instructions TAB F       F: "ok", or what went wrong
 * and the rows of lock_table_print() and functions_print(). Arguments: map= (System.map), callers=, owners=
 * (lock_names.h), out=.
 */
#include "decode.h"
#include "follow.h"
#include "functions.h"
#include "plugin.h"

#include <string.h>

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_VERSION;

static uint64_t plugin;
static bool instrumented; /* whether locks are followed: since the first window began */
static uint64_t window_begins; /* addresses of the two */
static uint64_t window_ends;
static struct symbols symbols;
static struct name_rules callers;
static struct name_rules owners;

static void translate(uint64_t id, struct qemu_plugin_tb *tb);

static void when_open(uint64_t id)
{
	instrumented = true;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	follow_begin(0, NULL);
}

/*
 * Once only, and never back: a callback of memory may run for an access that QEMU itself
 * makes after the block it was registered with has been dropped (7.2 keeps a pointer to
 * what is freed then, and ends with "code should not be reached").
 */
static void open_window(unsigned vcpu, void *arg)
{
	if (instrumented)
		follow_begin(vcpu, arg);
	else
		qemu_plugin_reset(plugin, when_open);
}

/* What begins at a function's first instruction. */
static void watch_entry(struct qemu_plugin_insn *insn, const char *name)
{
	unsigned set = name_rules_find(&owners, name);
	plugin_run_fn fn = NULL;
	void *arg = NULL;

	if (strcmp(name, WINDOW_BEGINS) == 0) {
		fn = open_window;
	} else if (strcmp(name, WINDOW_ENDS) == 0) {
		fn = follow_end;
	} else if (plugin_begins_with(name, "queued_spin_lock_slowpath") ||
		   plugin_begins_with(name, "queued_write_lock_slowpath")) {
		fn = follow_contended;
	} else if (plugin_is_interrupt(name)) {
		fn = follow_enter_interrupt;
		arg = &follow_insns; /* not NULL */
	} else if (plugin_is_exception(name)) {
		fn = follow_enter_interrupt; /* one within an interrupt ends by iret, too */
	} else if (set) {
		fn = follow_enter_owner;
		arg = (void *)(uintptr_t)set;
	}
	if (fn)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, PLUGIN_NO_REGS, arg);
}

static void watch(struct qemu_plugin_insn *insn, uint64_t address, const struct symbol *f)
{
	struct decoded d = decode(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
	plugin_memory_fn fn = follow_store;
	void *arg = (void *)(intptr_t)d.offset;

	if (f && f->address == address)
		watch_entry(insn, f->name);
	if (d.what == INSN_RET) {
		fn = follow_leave;
	} else if (d.what == INSN_IRET) {
		qemu_plugin_register_vcpu_insn_exec_cb(
			insn, follow_leave_interrupt, PLUGIN_NO_REGS, NULL);
	} else if (f && d.what == INSN_CMPXCHG && plugin_takes_lock(f->name)) {
		fn = follow_acquire;
	} else if (f && d.what == INSN_CMPXCHG && plugin_begins_with(f->name, "lockref_")) {
		fn = follow_lockref;
		arg = (void *)(uintptr_t)address;
	} else if (!d.byte && !d.call) {
		return; /* a callback at each access took a third of a window */
	}
	qemu_plugin_register_vcpu_mem_cb(insn, fn, PLUGIN_NO_REGS, PLUGIN_LOADS_AND_STORES, arg);
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		const struct symbol *f = symbols_function(&symbols, address);

		qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_ADD_U64, &follow_insns, 1);
		qemu_plugin_register_vcpu_insn_exec_inline(
			insn, PLUGIN_ADD_U64, functions_counter(f), 1);
		if (!(address >> 63))
			continue;
		if (i == 0 && f && !plugin_takes_lock(f->name))
			qemu_plugin_register_vcpu_tb_exec_cb(
				tb, follow_caller, PLUGIN_NO_REGS, (void *)(uintptr_t)address);
		watch(insn, address, f);
	}
}

/* The same before the first window: its beginning, and an end without one. */
static void translate_outside(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);

		if (address == window_begins || address == window_ends)
			qemu_plugin_register_vcpu_insn_exec_cb(insn,
				address == window_begins ? open_window : follow_end,
				PLUGIN_NO_REGS, NULL);
	}
}

static int set_up(const struct qemu_info *info, int argc, char **argv, char *why, size_t len)
{
	static const char *const needed[] = {"_raw_spin_lock", NULL};
	struct lock_table *table;

	if (plugin_set_up(&symbols, info, 1, argc, argv, needed, "locks", why, len) != 0 ||
		name_rules_read(&callers, plugin_argument(argc, argv, "callers"), why, len) != 0 ||
		name_rules_read(&owners, plugin_argument(argc, argv, "owners"), why, len) != 0)
		return -1;
	window_begins = symbols_named(&symbols, WINDOW_BEGINS)->address;
	window_ends = symbols_named(&symbols, WINDOW_ENDS)->address;
	table = lock_table_new(&symbols, &callers);
	if (!table || functions_init(&symbols) != 0) {
		snprintf(why, len, "out of memory");
		return -1;
	}
	follow_init(table, plugin_argument(argc, argv, "out"));
	return 0;
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	char why[1024];

	if (set_up(info, argc, argv, why, sizeof(why)) != 0) {
		fprintf(stderr, "lock-sections: %s\n", why);
		return -1;
	}
	plugin = id;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate_outside);
	return 0;
}
