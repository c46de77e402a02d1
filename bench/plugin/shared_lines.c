// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU's emulation: which cache lines of the guest's kernel its CPUs share,
 * per system call, counted without a change to the kernel, and how many instructions each
 * of its functions runs. For a kernel that runs where it was linked (nokaslr), on one host
 * thread (thread=single: then one CPU runs at a time, and nothing here needs a lock).
 *
 * The guest says when to count by two system calls that do nothing else and that
 * nobody else makes: sched_get_priority_max() begins a window, sched_get_priority_min()
 * ends it. Until the first begins the guest runs at full speed; that one makes QEMU
 * translate anew, with all that is to be counted, and is no window itself: the guest
 * sleeps a while and begins again. When the end begins to run, the file `out` has
 *   window TAB N TAB system calls TAB instructions TAB F     F: "ok", or what went wrong
 * the rows of line_table_print(), and a row for each function that ran, by name:
 *   function TAB NAME TAB instructions
 * Arguments: map= (System.map), out=.
 */
#include "decode.h"
#include "line_table.h"
#include "qemu_plugin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_VERSION;

static uint64_t plugin;
static struct symbols symbols;
static struct line_table *table;
static const char *out;
static uint64_t windows;
static bool armed;
static bool counting;
static const char *fault;

/* Of symbols.symbol[i]: the generated code adds to the one, the other is when the window began. */
static uint64_t *insns;
static uint64_t *insns_before;

/* By address: a block is translated again and again, an instruction kept once. */
#define INSNS_MAX (1u << 20)
static struct line_insn *insn_at;

static struct line_insn *insn_for(uint64_t address, bool atomic)
{
	size_t at = (address * 0x9e3779b97f4a7c15u) >> (64 - 20);

	for (size_t i = 0; i < INSNS_MAX; i++, at = (at + 1) % INSNS_MAX) {
		struct line_insn *insn = &insn_at[at];

		if (insn->address && insn->address != address)
			continue;
		insn->address = address;
		insn->atomic = atomic;
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
		qemu_plugin_reset(plugin, arm);
		return;
	}
	fault = NULL;
	line_table_clear(table);
	memcpy(insns_before, insns, symbols.n * sizeof(*insns));
	counting = true;
}

/* Under another name first: nobody reads half of it. */
static void publish(void)
{
	char temporary[4096];
	uint64_t executed = 0;
	FILE *file;

	snprintf(temporary, sizeof(temporary), "%s.new", out);
	file = fopen(temporary, "we");
	if (!file)
		return;
	for (size_t i = 0; i < symbols.n; i++)
		executed += insns[i] - insns_before[i];
	fprintf(file, "window\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\n", windows,
		line_table_calls(table), executed, fault ? fault : "ok");
	if (!line_table_print(table, file))
		fprintf(file, "fault\tmore lines than there is room for\n");
	for (size_t i = 0; i < symbols.n; i++) {
		if (insns[i] != insns_before[i])
			fprintf(file, "function\t%s\t%" PRIu64 "\n", symbols.symbol[i].name,
				insns[i] - insns_before[i]);
	}
	if (fclose(file) == 0)
		rename(temporary, out);
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
	publish();
}

static plugin_run_fn watched_entry(const char *name)
{
	if (strcmp(name, "__x64_sys_sched_get_priority_max") == 0)
		return begin_window;
	if (strcmp(name, "__x64_sys_sched_get_priority_min") == 0)
		return end_window;
	return strcmp(name, "do_syscall_64") == 0 ? begin_call : NULL;
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t address = qemu_plugin_insn_vaddr(insn);
		const struct symbol *f;
		plugin_run_fn fn;

		if (!(address >> 63))
			return; /* a program's: a block is of one page */
		f = symbols_function(&symbols, address);
		fn = f && f->address == address ? watched_entry(f->name) : NULL;
		if (fn)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, PLUGIN_NO_REGS, NULL);
		if (!armed)
			continue;
		if (f)
			qemu_plugin_register_vcpu_insn_exec_inline(
				insn, PLUGIN_ADD_U64, &insns[f - symbols.symbol], 1);
		qemu_plugin_register_vcpu_mem_cb(insn, access_memory, PLUGIN_NO_REGS,
			PLUGIN_LOADS_AND_STORES,
			insn_for(address, decode(qemu_plugin_insn_data(insn),
						  qemu_plugin_insn_size(insn))
						  .atomic));
	}
}

/* The value of name=value; empty: not given. */
static const char *argument(int argc, char **argv, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=')
			return argv[i] + n + 1;
	}
	return "";
}

static int set_up(const struct qemu_info *info, int argc, char **argv, char *why, size_t len)
{
	static const char *const needed[] = {"do_syscall_64", "__x64_sys_sched_get_priority_max",
		"__x64_sys_sched_get_priority_min"};
	const char *map = argument(argc, argv, "map");

	out = argument(argc, argv, "out");
	if (!info->system_emulation || strcmp(info->target_name, "x86_64") != 0 ||
		info->smp_vcpus > LINE_CPUS || !out[0]) {
		snprintf(why, len, "needs an x86_64 guest with at most %d CPUs, map= and out=",
			LINE_CPUS);
		return -1;
	}
	if (symbols_read(&symbols, map, why, len) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (symbols_named(&symbols, needed[i]))
			continue;
		snprintf(why, len, "%s has no function %s: a kernel whose lines this cannot follow",
			map, needed[i]);
		return -1;
	}
	table = line_table_new(&symbols);
	insns = calloc(symbols.n, sizeof(*insns));
	insns_before = calloc(symbols.n, sizeof(*insns_before));
	insn_at = calloc(INSNS_MAX, sizeof(*insn_at));
	if (table && insns && insns_before && insn_at)
		return 0;
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
