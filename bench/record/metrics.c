// SPDX-License-Identifier: GPL-2.0-only
#include "record/metrics.h"

#include <stddef.h>
#include <stdio.h>

static const struct {
	const char *name;
	const char *unit;
	const char *meaning;
} metrics[] = {
	{"shared_lines", "lines/op", "cache lines that workers share and an operation touches, emulated in turns"},
	{"shared_visits", "visits/op", "of each of its system calls, such lines that another worker touched since"},
	{"shared_atomics", "atomics/op", "atomic instructions on such lines"},
	{"throughput", "ops/s", "operations of all workers per second of the window"},
	{"latency", "ns/op", "time of one operation as a worker sees it: window x workers / ops"},
	{"sleeps", "sleeps/op", "times that a worker went to sleep, waiting for another's inode to be freed"},
	{"insn", "insn/op", "instructions of one operation, kernel and user, one worker"},
	{"insn_mode", "insn/op", "the most frequent count of single operations: no deferred work, no tick"},
	{"dentries", "dentries/fd", "dentries made per descriptor held open"},
	{"inodes", "inodes/fd", "inodes made per descriptor held open"},
	{"slab", "bytes/fd", "bytes of dentries, inodes, files and struct pids per descriptor"},
	{"slab_dentry", "bytes/fd", "the part of slab that is dentries"},
	{"slab_inode", "bytes/fd", "the part of slab that is inodes"},
	{"slab_file", "bytes/fd", "the part of slab that is struct files"},
	{"slab_pid", "bytes/fd", "the part of slab that is struct pids"},
	{"slab_ns", "bytes/fd", "the part of slab that is namespaces"},
	{"process_pid", "bytes/process", "a struct pid, which every process has, opened or not"},
	{"process_pid_nested", "bytes/process", "the same in a pid namespace within the first, as in a container"},
	{"process_kept", "bytes/process", "dentries and inodes that stay of a living process after its last close"},
	{"lock_acquired", "acq/op", "acquisitions of a lock class, in a kernel with lock_stat; of one worker in the plain one"},
	{"lock_contended", "cont/op", "of them, those that had to wait"},
	{"lock_wait", "ns/op", "time spent waiting for it, lock_stat's own cost included"},
	{"lock_hold", "ns/op", "time it was held, likewise"},
	{"lock_insn", "insn/op", "instructions run while it was held, on the plain kernel, emulated; one worker"},
	{"drop_time", "ns", "time to drop dentry and inode caches while descriptors are held"},
	{"drop_freed", "objects", "dentries and inodes that were freed by it"},
	{"burst_peak", "bytes", "what caches of dentries, inodes and files grow by at most"},
	{"burst_steady", "bytes", "what they have grown by a second after the burst"},
	{"burst_settle", "ms", "time from the burst's last close until freed objects are back"},
	{"race_dentries", "dentries", "the most alive of a namespace that was first opened in a race"},
	{"race_inodes", "inodes", "the most alive of that namespace"},
	{"race_lost", "inodes", "made in vain in all races; with the stash of stock nsfs each is an -EAGAIN"},
};

void metrics_print(void)
{
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		printf("%s\t%s\t%s\n", metrics[i].name, metrics[i].unit, metrics[i].meaning);
}
