// SPDX-License-Identifier: GPL-2.0-only
#include "locks/lock_stat.h"

#include <string.h>

/* Of a line after the name and its colon. */
#define FIELDS 12
enum { AT_CONTENDED = 1, AT_WAIT_TOTAL = 4, AT_ACQUIRED = 7, AT_HOLD_TOTAL = 10 };

const char *const lock_class_names[LOCK_CLASSES] = {"i_lock-anon_inodefs", "i_lock-pidfs",
	"i_lock-nsfs", "d_lock", "inode_hash_lock", "s_inode_list_lock", "file_lock", "pidmap_lock",
	"slab", "rcu", "rest"};

/*
 * Beginnings of names. lockdep names a lock after the expression it was
 * initialised by; the sources of Linux 6.1 are given.
 */
static const struct {
	const char *prefix;
	enum lock_class class;
} prefixes[] = {
	{"&sb->s_type->i_lock_key", LOCK_INODE},  /* fs/inode.c, inode_init_always() */
	{"&dentry->d_lock", LOCK_D},              /* fs/dcache.c, __d_alloc() */
	{"inode_hash_lock", LOCK_INODE_HASH},     /* fs/inode.c */
	{"&s->s_inode_list_lock", LOCK_S_INODE_LIST}, /* fs/super.c, alloc_super() */
	{"&newf->file_lock", LOCK_FILE},          /* fs/file.c, dup_fd() */
	{"init_files.file_lock", LOCK_FILE},      /* fs/file.c */
	{"pidmap_lock", LOCK_PIDMAP},             /* kernel/pid.c */
	{"&n->list_lock", LOCK_SLAB},             /* mm/slub.c, init_kmem_cache_node() */
	{"&c->lock", LOCK_SLAB},                  /* mm/slub.c, init_kmem_cache_cpus() */
	{"slab_mutex", LOCK_SLAB},                /* mm/slab_common.c */
	{"rcu_read_lock", LOCK_NONE},             /* kernel/rcu/update.c: a section, no lock */
	{"rcu_callback", LOCK_NONE},
	{"rcu_node_", LOCK_RCU},                  /* kernel/rcu/tree.c, rcu_init_one() */
	{"rcu_state.", LOCK_RCU},
	{"&rcu_state.", LOCK_RCU},
	{"&rnp->", LOCK_RCU},
	{"&rdp->", LOCK_RCU},
	{"krc.lock", LOCK_RCU},
	{"rcu_tasks", LOCK_RCU},
	{"fs_reclaim", LOCK_NONE},                /* mm/page_alloc.c: may reclaim here */
	{"__mmu_notifier", LOCK_NONE},
	{"kn->active", LOCK_NONE},                /* fs/kernfs/dir.c: a reference */
	{"cpuhp_state", LOCK_NONE},
};

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text);
	size_t m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

enum lock_class lock_class_of(const char *name)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(name, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0)
			return prefixes[i].class;
	}
	/* Work items, their queues and timers, "(wq_completion)events"; SRCU sections. */
	if ((name[0] == '(' && !ends_in(name, ".lock")) || ends_in(name, "srcu"))
		return LOCK_NONE;
	return LOCK_REST;
}

/* The name may hold blanks and colons; the numbers hold neither. */
bool lock_stat_line(const char *text, struct lock_line *line)
{
	const char *colon = strrchr(text, ':');
	const char *name = text + strspn(text, " ");
	double field[FIELDS];
	int used = 0;
	size_t len;

	if (!colon || colon <= name)
		return false;
	len = (size_t)(colon - name);
	if (len > 2 && (strncmp(colon - 2, "-R", 2) == 0 || strncmp(colon - 2, "-W", 2) == 0))
		len -= 2;
	if (len >= sizeof(line->name))
		return false;
	text = colon + 1;
	for (int i = 0; i < FIELDS; i++, text += used) {
		// NOLINTNEXTLINE(cert-err34-c): a kernel's number fits
		if (sscanf(text, "%lf%n", &field[i], &used) != 1)
			return false;
	}
	if (text[strspn(text, " \n")] != '\0')
		return false;
	memcpy(line->name, name, len);
	line->name[len] = '\0';
	line->contended = field[AT_CONTENDED];
	line->wait_ns = field[AT_WAIT_TOTAL] * 1e3;
	line->acquired = field[AT_ACQUIRED];
	line->hold_ns = field[AT_HOLD_TOTAL] * 1e3;
	return true;
}

int lock_stat_read(FILE *file,
	int (*add)(void *arg, const struct lock_line *line, char *why, size_t why_len), void *arg,
	char *why, size_t why_len)
{
	char text[512] = "";
	struct lock_line line;

	if (!fgets(text, sizeof(text), file) || strcmp(text, "lock_stat version 0.4\n") != 0) {
		snprintf(why, why_len, "lock_stat begins with '%.40s', not with 'lock_stat version 0.4'",
			text);
		return -1;
	}
	while (fgets(text, sizeof(text), file)) {
		if (strncmp(text, "*WARNING* lock debugging disabled", 33) == 0) {
			snprintf(why, why_len,
				"lockdep turned itself off (the kernel log says why): reboot to count "
				"locks again");
			return -1;
		}
		if (lock_stat_line(text, &line) && add(arg, &line, why, why_len) != 0)
			return -1;
	}
	return 0;
}
