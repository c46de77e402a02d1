// SPDX-License-Identifier: GPL-2.0-only
#include "record/context.h"

#include "record/gbench_shim.h"
#include "preflight/twins.h"
#include "harness/window.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define TEXT_LEN 4096

void context_cpu_list(const cpu_set_t *set, char *text, size_t len)
{
	size_t n = 0;

	text[0] = '\0';
	for (unsigned first = 0; first < CPU_SETSIZE && n < len; first++) {
		unsigned last = first;

		if (!CPU_ISSET(first, set))
			continue;
		while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
			last++;
		n += (size_t)snprintf(text + n, len - n, "%s%u", n ? "," : "", first);
		if (last > first && n < len)
			n += (size_t)snprintf(text + n, len - n, "-%u", last);
		first = last;
	}
}

static void add_file(const char *key, const char *path)
{
	char text[TEXT_LEN] = "unknown";
	FILE *file = fopen(path, "re");

	if (file) {
		if (!fgets(text, sizeof(text), file))
			snprintf(text, sizeof(text), "unknown");
		text[strcspn(text, "\n")] = '\0';
		fclose(file);
	}
	gbench_context(key, text);
}

static void add_kernel(void)
{
	struct utsname name;

	gbench_context("kernel_release", uname(&name) == 0 ? name.release : "unknown");
	gbench_context("kernel_version", uname(&name) == 0 ? name.version : "unknown");
	gbench_context("checks", twins_said());
	add_file("boot_id", "/proc/sys/kernel/random/boot_id");
	add_file("clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

/* The library's own version is a note on the topology's root object. */
static void add_versions(const struct placement *p)
{
	const char *hwloc = hwloc_obj_get_info_by_name(
		hwloc_get_root_obj(p->topology), "hwlocVersion");

	gbench_context("hwloc_version", hwloc ? hwloc : "unknown");
	gbench_context("library_version", gbench_version());
}

static void add_placement(const struct protocol *o, const struct placement *p)
{
	char text[TEXT_LEN] = "";
	size_t n = 0;

	for (unsigned i = 0; i < p->count && n < sizeof(text); i++)
		n += (size_t)snprintf(
			text + n, sizeof(text) - n, "%s%u:%d", i ? " " : "", i, p->cpu[i]);
	gbench_context("pin_map", text); /* worker:cpu; worker i takes entry i % entries */
	gbench_context("placement", placement_names[p->kind]);
	gbench_context("workers_as", o->as_processes ? "processes" : "threads");
}

static void add_protocol(const struct protocol *o)
{
	char text[TEXT_LEN];

	snprintf(text, sizeof(text), "%g", o->window_s);
	gbench_context("window_s", text);
	snprintf(text, sizeof(text), "%u", o->windows);
	gbench_context("windows", text);
	snprintf(text, sizeof(text), "%u", o->retries);
	gbench_context("retries", text);
	snprintf(text, sizeof(text), "%g", o->cpu_share_min);
	gbench_context("cpu_share_min", text);
	gbench_context("preempted_by", off_cpu_rule());
	sampler_describe_warm_up(o->window_s, o->counts_instructions, text, sizeof(text));
	gbench_context("warmup", text);
}

/* In tests only: data that carries this key is made up. */
static void add_slowdown(const struct protocol *o)
{
	char text[32];

	snprintf(text, sizeof(text), "%g", o->slowdown_percent);
	if (o->slowdown_percent > 0)
		gbench_context("test_slowdown", text);
}

static void add_throttle(const struct placement *p)
{
	struct throttle t;

	if (throttle_open(&t, p) != 0)
		return;
	gbench_context("throttle_counters", t.n_fds ? "present" : "absent");
	throttle_close(&t);
}

static void add_perf(struct session *s)
{
	char text[TEXT_LEN];

	perf_probe(s->perf, text, sizeof(text));
	gbench_context("perf_unavailable", text);
	if (s->protocol.counts_instructions)
		gbench_context("insn_source", "icount");
	else if (s->perf[PERF_INSTRUCTIONS])
		gbench_context("insn_source", "perf");
}

void context_add(struct session *s)
{
	const struct protocol *o = &s->protocol;
	const struct placement *p = s->placement;
	char text[TEXT_LEN];

	add_kernel();
	add_versions(p);
	context_cpu_list(s->allowed, text, sizeof(text));
	gbench_context("cpus_allowed", text);
	add_placement(o, p);
	add_protocol(o);
	add_throttle(p);
	add_perf(s);
	add_slowdown(o);
}
