// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU's emulation: which cache lines of the guest's kernel its CPUs share,
 * per system call, and which spinlocks are held meanwhile, counted without a change to the
 * kernel. For a kernel that runs where it was linked (nokaslr), on one host
 * thread (thread=single: then one CPU runs at a time, and nothing here needs a lock).
 *
 * The guest says when to count by two system calls that do nothing else and that
 * nobody else makes: sched_get_priority_max() begins a window, sched_get_priority_min()
 * ends it. Until the first begins the guest runs at full speed; that one makes QEMU
 * translate anew, with all that is to be counted, and is no window itself: the guest
 * sleeps a while and begins again. One that begins before the last has ended goes on from it, so that who
 * touched a line last is known from the first system call on. When the end begins to run, the file `out` has
 *   window TAB N TAB system calls TAB instructions TAB F     F: "ok", or what went wrong
 * and the rows of line_table_print().
 * Arguments: map= (System.map), layout= (layout.tsv), out=, calls= (only these system calls are
 * counted: names with + between; empty or none: all).
 */
#include "decode.h"
#include "line_table.h"
#include "plugin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_VERSION;

static uint64_t plugin;
static struct symbols symbols;
static struct line_table *table;
static struct guest_memory *memory; /* NULL: objects have no names, for the reason in no_names */
static const char *out;
static const char *layout;
static const char *calls; /* as the argument */
static uint64_t windows;
static bool armed;
static bool counting;
static const char *fault;
static char no_names[1024];

static uint64_t insns_before; /* line_insns when the window began */

/* What a system call's function is called, before its name. */
#define ENTRY "__x64_sys_"

/* By address: a block is translated again and again, an instruction kept once. */
#define INSNS_MAX (1u << 20)
static struct line_insn *insn_at;

/* What mm/slub.c calls the functions that take objects from slabs and give them back. */
static bool keeps_slabs(const struct symbol *f)
{
	static const char *const part[] = {"slab", "kmem_cache_", "kmalloc", "kfree", "freelist", "partial"};

	for (size_t i = 0; f && i < sizeof(part) / sizeof(part[0]); i++) {
		if (strstr(f->name, part[i]))
			return true;
	}
	return false;
}

/* What kernel/sched/core.c calls the functions that the CPU goes from one task to another in. */
static bool switches_tasks(const struct symbol *f)
{
	return f && (strcmp(f->name, "__schedule") == 0 || plugin_begins_with(f->name, "finish_task_switch"));
}

static struct line_insn *insn_for(uint64_t address, const struct decoded *d)
{
	size_t at = (address * 0x9e3779b97f4a7c15u) >> (64 - 20);

	for (size_t i = 0; i < INSNS_MAX; i++, at = (at + 1) % INSNS_MAX) {
		struct line_insn *insn = &insn_at[at];

		if (insn->address && insn->address != address)
			continue;
		if (!insn->address) {
			const struct symbol *f = symbols_function(&symbols, address);

			insn->allocator = keeps_slabs(f);
			insn->switches = switches_tasks(f);
			insn->takes_lock = f && d->what == INSN_CMPXCHG && plugin_takes_lock(f->name);
		}
		insn->address = address;
		insn->atomic = d->atomic;
		return insn;
	}
	return NULL;
}

static void access_memory(unsigned cpu, uint32_t info, uint64_t address, void *arg)
{
	if (counting && (address >> 63))
		line_table_access(table, cpu, arg, address, qemu_plugin_mem_size_shift(info),
			qemu_plugin_mem_is_store(info));
}

static void begin_call(unsigned cpu, void *arg)
{
	(void)arg;
	line_table_call(table, cpu);
}

static void count_call(unsigned cpu, void *arg)
{
	(void)arg;
	line_table_counts(table, cpu);
}

/* Whether a function is the entry of one of the calls that are counted. */
static bool is_counted(const char *function)
{
	size_t n;

	if (strncmp(function, ENTRY, strlen(ENTRY)) != 0)
		return false;
	function += strlen(ENTRY);
	for (const char *at = calls; *at; at += n + (at[n] == '+')) {
		n = strcspn(at, "+");
		if (strlen(function) == n && strncmp(at, function, n) == 0)
			return true;
	}
	return false;
}

static void enter_interrupt(unsigned cpu, void *arg)
{
	line_table_interrupt(table, cpu, arg != NULL);
}

static void leave_interrupt(unsigned cpu, void *arg)
{
	(void)arg;
	line_table_return(table, cpu);
}

static void switch_tasks(unsigned cpu, void *arg)
{
	(void)arg;
	line_table_switch(table, cpu);
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb);

static void arm(uint64_t id)
{
	armed = true;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
}

static void begin_window(unsigned cpu, void *arg)
{
	(void)cpu, (void)arg;
	if (!armed) {
		memory = guest_memory_new(&symbols, layout, no_names, sizeof(no_names));
		line_table_names(table, memory);
		qemu_plugin_reset(plugin, arm);
		return;
	}
	fault = NULL;
	if (counting)
		line_table_restart(table);
	else
		line_table_clear(table);
	insns_before = line_insns;
	counting = true;
}

static void print(FILE *file)
{
	fprintf(file, "window\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\n", windows,
		line_table_calls(table), line_insns - insns_before, fault ? fault : "ok");
	if (!memory)
		fprintf(file, "unnamed\t%s\n", no_names);
	if (!line_table_print(table, file))
		fprintf(file, "fault\tmore lines than there is room for\n");
}

static void end_window(unsigned cpu, void *arg)
{
	(void)cpu, (void)arg;
	if (!armed)
		return;
	windows++;
	if (!counting)
		fault = "a window ended that had not begun";
	counting = false;
	plugin_publish(out, print);
}

/* What begins with a function. */
static void watch_entry(struct qemu_plugin_insn *insn, const char *name)
{
	plugin_run_fn fn = NULL;
	void *arg = NULL;

	if (strcmp(name, WINDOW_BEGINS) == 0) {
		fn = begin_window;
	} else if (strcmp(name, WINDOW_ENDS) == 0) {
		fn = end_window;
	} else if (strcmp(name, "do_syscall_64") == 0) {
		fn = begin_call;
	} else if (strcmp(name, "__switch_to") == 0) {
		fn = switch_tasks; /* it runs on the next task's stack, and first saves registers there */
	} else if (is_counted(name)) {
		fn = count_call;
	} else if (armed && plugin_is_interrupt(name)) {
		fn = enter_interrupt;
	} else if (armed && plugin_is_exception(name)) {
		fn = enter_interrupt;
		arg = &table; /* not NULL */
	}
	if (fn)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, PLUGIN_NO_REGS, arg);
}

static void watch_accesses(struct qemu_plugin_insn *insn, uint64_t address)
{
	struct decoded d = decode(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));

	if (d.what == INSN_IRET)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, leave_interrupt, PLUGIN_NO_REGS, NULL);
	qemu_plugin_register_vcpu_mem_cb(insn, access_memory, PLUGIN_NO_REGS,
		PLUGIN_LOADS_AND_STORES, insn_for(address, &d));
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		const struct symbol *f;

		if (!(address >> 63))
			return; /* a program's: a block is of one page */
		f = symbols_function(&symbols, address);
		if (f && f->address == address)
			watch_entry(insn, f->name);
		if (!armed)
			continue;
		qemu_plugin_register_vcpu_insn_exec_inline(insn, PLUGIN_ADD_U64, &line_insns, 1);
		watch_accesses(insn, address);
	}
}

static int set_up(const struct qemu_info *info, int argc, char **argv, char *why, size_t len)
{
	static const char *const needed[] = {"do_syscall_64", NULL};

	if (plugin_set_up(&symbols, info, LINE_CPUS, argc, argv, needed, "lines", why, len) != 0)
		return -1;
	out = plugin_argument(argc, argv, "out");
	layout = plugin_argument(argc, argv, "layout");
	calls = plugin_argument(argc, argv, "calls");
	table = line_table_new(&symbols, (unsigned)info->smp_vcpus);
	insn_at = calloc(INSNS_MAX, sizeof(*insn_at));
	if (table && insn_at) {
		if (*calls)
			line_table_count_some(table);
		return 0;
	}
	snprintf(why, len, "out of memory");
	return -1;
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc, char **argv)
{
	char why[1024];

	if (set_up(info, argc, argv, why, sizeof(why)) != 0) {
		fprintf(stderr, "shared-lines: %s\n", why);
		return -1;
	}
	plugin = id;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}
