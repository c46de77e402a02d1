// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a benchmark ("op") is, and what it may use. One op is one file in
 * bench/ops/ that defines a struct op and ends with OP_REGISTER(it).
 */
#ifndef PIDFDBENCH_OP_H
#define PIDFDBENCH_OP_H

#include "singles.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Longest reason for a failed sample, with its NUL. */
#define REASON_LEN 256
/* Most settings one op may declare. */
#define OP_MAX_SETTINGS 6

/*
 * 128 bytes, not 64: x86's adjacent-line prefetcher fetches lines in pairs
 * (Intel SDM, optimization manual 3.7.3), so 64 would still be false sharing.
 */
#define LINE_PAIR 128

struct setting_value {
	const char *name;
	const char *meaning; /* for the glossary of a report */
};

/*
 * One dimension of an op. The registry makes the cross product of all of them
 * and puts name:value in the benchmark's name. The first n_default values are
 * in the default set; the rest run with --all or when named in full.
 */
struct setting {
	const char *name;
	const struct setting_value *values; /* ends with a NULL name */
	unsigned n_default;
};

/* One benchmark at one worker count. value[i] belongs to op->settings[i]. */
struct run {
	const struct op *op;
	const char *value[OP_MAX_SETTINGS];
	unsigned workers;
	bool as_processes;
	bool cred_shared;       /* threads share their struct cred: cred.h */
	bool memcg;             /* workers are in a memory cgroup of their own: memory_cgroup.h */
	bool in_step;           /* workers make each system call in turn: worker_in_step() */
	double slowdown;        /* 0.03: 3 % longer; 0 but in tests, see slowdown.h */
	void *data;             /* owned by the op, between setup and teardown */
	char error[REASON_LEN]; /* why it failed; set through run_fail() */
};

enum worker_state { WORKER_STARTING, WORKER_RUNNING, WORKER_FAILED, WORKER_DONE };

/* A worker's part of the memory it shares with the sampler. */
struct worker_slot {
	_Alignas(LINE_PAIR) _Atomic uint64_t ops; /* its pair of lines is its own */
	_Atomic uint64_t busy_ns;                 /* time the ops took; only if op->timed */
	_Alignas(LINE_PAIR) _Atomic int state;    /* enum worker_state */
	_Atomic pid_t tid;
	_Atomic uint64_t step; /* how far it is; 0: it goes not in step */
	_Atomic int hold;      /* enum hold; the first worker's is for all */
	char error[REASON_LEN]; /* valid once state is WORKER_FAILED */
};

/* The sampler asks, the first of workers in step waits before its next op, and so do all when they have ended the last. */
enum hold { HOLD_NOT, HOLD_ASKED, HOLD_HELD };

/* What the sampler wants of the loops. A loop that is not OP_LOOP's ends unless STOP_NOT. */
enum stop { STOP_NOT, STOP_NOW, STOP_SINGLY };

/* One worker, private to it once it runs. */
struct worker {
	const struct run *run;
	const atomic_int *stop; /* enum stop */
	struct worker_slot *slot;
	struct singles *singles; /* where ops go that are timed one by one: singles.h */
	unsigned index; /* 0 .. run->workers - 1 */
	int cpu;        /* the CPU it is pinned to */
	/* For the op: set by worker_setup, read in the loop. */
	pid_t pid;
	const pid_t *pids; /* n_pids of them, to choose from */
	uint32_t n_pids;
	uint64_t uncounted; /* tests only: calls per op that nobody counts, in 1/2^32 */
	uint64_t random; /* state of worker_random(), never 0 */
	int fd;
	void *data;
};

/* Which runs take an op (and the default values of its settings) unasked. */
enum op_set {
	SET_EXTRA,   /* none */
	SET_DEFAULT, /* all but --quick */
	SET_QUICK    /* all */
};

/*
 * What an op means, in checks that are made on the running kernel before any op
 * is timed (twins.h). An op that is no floor names those it rests on.
 */
enum twin_bit {
	TWIN_OPEN = 1,   /* pidfd_open: right process, right inode, right errors */
	TWIN_SIGNAL = 2, /* pidfd_send_signal reaches the process, or says why not */
	TWIN_POLL = 4,   /* poll is ready from the exit on */
	TWIN_WAIT = 8,   /* waitid(P_PIDFD) */
	TWIN_DUP = 16,   /* a duplicate is the same open file */
	TWIN_SCM = 32,   /* so is a descriptor received over a socket */
	TWIN_CLONE = 64  /* CLONE_PIDFD gives the child's */
};

/* A column of summary.tsv. A benchmark's counter of that name is a sample of it. */
struct metric {
	const char *name;
	const char *unit;
	const char *meaning;
	bool is_time;   /* or follows from one: emulation says nothing of it */
	bool higher;    /* is better */
	double repeats; /* of a count: how far runs of one kernel may be apart, relative; 0: exact */
};

/* What an op without a loop found out; at most OP_MAX_COUNTERS. */
#define OP_MAX_COUNTERS 12
struct op_counter {
	const char *name; /* static */
	double value;
};
struct op_counters {
	unsigned n;
	struct op_counter counter[OP_MAX_COUNTERS];
	const char *note; /* why a counter is missing, or NULL; lives until teardown */
};

/*
 * Order of calls: setup (main), then in each worker worker_setup, verify, loop,
 * worker_teardown, at last teardown (main). verify does once, with every check
 * that can be made, what the loop does: what is timed is what was seen to work.
 * check (main) is called after each window and must not disturb the workers.
 * An op with measure (main) has no loop and no workers: measure is called once
 * per sample, between setup and teardown, at worker count 1 only, and at most
 * `samples` times where that is not 0: counts are exact, repeating them tells little.
 * Each may be NULL but one of loop and measure. Those that return int return 0, or -1 after
 * run_fail() or worker_fail(). teardown runs only after a successful setup, and
 * worker_teardown only after a successful worker_setup, so that each undoes what
 * it did on failure.
 */
struct op {
	const char *name;
	const char *description;        /* one line, for --list */
	bool floor;                     /* a reference line, not a subject */
	/*
	 * Works on an open pidfd without making or dropping one: no variant
	 * should change it. Its name starts with control_.
	 */
	bool control;
	/*
	 * Only part of the loop is the op: the loop adds that part's time to
	 * slot->busy_ns, and the rest of the window does not count. Any other loop
	 * is OP_LOOP's, which also times ops one by one.
	 */
	bool timed;
	/*
	 * The loop waits for processes of its own on the worker's CPU. What they run
	 * there is part of the op, so there is no rule on what others leave the worker.
	 */
	bool waits;
	enum op_set set;
	unsigned twins; /* of enum twin_bit; 0: its own verify is all there is to check */
	/* Whether these values of the settings make sense together. */
	bool (*combines)(const char *const *value);
	/* Where these values do not belong in `set`, the smaller set they belong in. */
	enum op_set (*set_of)(const char *const *value);
	/* Whether a run that counts instructions takes these values with memcg:1, too. */
	bool (*counts_memcg)(const char *const *value);
	const struct setting *settings; /* ends with a NULL name; may be NULL */
	const struct metric *metrics;   /* that no other op has; ends with a NULL name; may be NULL */
	/* Where a report tells of it; NULL: "operations". A section that no other op is in is made. */
	const char *section;
	/*
	 * What a report draws of it: "<metric>", a bar for each benchmark, or "<metric>/<setting>",
	 * a curve over the values of that, or "-", nothing. NULL: insn, or the first metric of an op
	 * without a loop.
	 */
	const char *picture;
	/* Descriptors that setup keeps open and all loops hold at once. */
	unsigned (*fds)(const struct run *run);
	int (*setup)(struct run *run);
	int (*worker_setup)(struct worker *w);
	void (*loop)(struct worker *w);
	int (*measure)(struct run *run, struct op_counters *out);
	/* measure runs a thread on each CPU, and has nothing to say with one. */
	bool all_cpus;
	unsigned samples;
	void (*worker_teardown)(struct worker *w);
	int (*verify)(struct worker *w);
	int (*check)(struct run *run);
	void (*teardown)(struct run *run);
};

/* One op of a loop, and two. */
#define OP_STEP(once)                                                                              \
	if (__builtin_expect(once(w) != 0, 0))                                                     \
		return;                                                                            \
	atomic_store_explicit(ops, ++n, memory_order_relaxed);
#define OP_STEPS_2(once) OP_STEP(once) OP_STEP(once)

/*
 * Defines loop(), which calls once(w) until told to stop. once must be static
 * inline and returns 0, or non-zero after worker_fail(). Nothing is shared in
 * the loop but one read-only flag and this worker's own line, which is told of
 * each op, and no clock is read. The guided loop times nothing: workers go in step there, or, in
 * tests, it makes calls that it does not count, so that an op takes longer by a known share of itself.
 * flatten: a call per op would be a part of what is measured.
 */
#define OP_LOOP(loop_name, once)                                                                   \
	__attribute__((noinline, cold)) static void loop_name##_guided(struct worker *w)           \
	{                                                                                          \
		uint64_t owed = 0;                                                                 \
		uint64_t n = 0;                                                                    \
		while (!atomic_load_explicit(w->stop, memory_order_relaxed)) {                     \
			if (w->run->in_step)                                                       \
				worker_in_step(w, n + 1);                                          \
			for (owed += w->uncounted; owed >> 32; owed -= 1ull << 32) {               \
				if (__builtin_expect(once(w) != 0, 0))                             \
					return;                                                    \
			}                                                                          \
			if (__builtin_expect(once(w) != 0, 0))                                     \
				return;                                                            \
			atomic_store_explicit(&w->slot->ops, ++n, memory_order_relaxed);           \
		}                                                                                  \
	}                                                                                          \
	__attribute__((noinline, cold, flatten)) static int loop_name##_singly(struct worker *w)   \
	{                                                                                          \
		struct singles *const s = w->singles;                                              \
		uint32_t start;                                                                    \
		for (unsigned i = 0; i < SINGLES; i++) {                                           \
			start = singles_now();                                                     \
			s->empty[i] = singles_now() - start;                                       \
		}                                                                                  \
		for (unsigned i = 0; i < SINGLES; i++) {                                           \
			start = singles_now();                                                     \
			if (__builtin_expect(once(w) != 0, 0))                                     \
				return -1;                                                         \
			s->op[i] = singles_now() - start;                                          \
		}                                                                                  \
		atomic_store_explicit(&s->done, true, memory_order_release);                       \
		while (atomic_load_explicit(w->stop, memory_order_relaxed) == STOP_SINGLY &&       \
			atomic_load_explicit(&s->done, memory_order_relaxed)) {                    \
			if (__builtin_expect(once(w) != 0, 0))                                     \
				return -1;                                                         \
		}                                                                                  \
		return 0;                                                                          \
	}                                                                                          \
	__attribute__((flatten)) static void loop_name(struct worker *w)                           \
	{                                                                                          \
		const atomic_int *const stop = w->stop;                                            \
		_Atomic uint64_t *const ops = &w->slot->ops;                                       \
		uint64_t n = 0;                                                                    \
		if (w->uncounted || w->run->in_step) {                                             \
			loop_name##_guided(w);                                                     \
			return;                                                                    \
		}                                                                                  \
		do {                                                                               \
			while (atomic_load_explicit(stop, memory_order_relaxed) == STOP_NOT) {     \
				OP_STEPS_2(once)                                                   \
				OP_STEPS_2(once)                                                   \
				OP_STEPS_2(once)                                                   \
				OP_STEPS_2(once)                                                   \
			}                                                                          \
		} while (atomic_load_explicit(stop, memory_order_relaxed) == STOP_SINGLY &&        \
			loop_name##_singly(w) == 0);                                               \
	}

/*
 * Wait until it is this worker's turn: to begin its op n, from 1 on, and after a system call within
 * it to go on. A worker makes its next system call when those before it have made theirs and those
 * behind it the one before: one after the other, whatever the host's or the guest's scheduler does.
 * One that makes fewer in an op is waited for until it has ended the op. Or until told to stop.
 * bench/lines/turns.c tells of the calls. False: the thread is not a worker's in step, and waits for nobody.
 */
void worker_in_step(struct worker *w, uint64_t n);
bool worker_called(void);

/* Puts an op with static lifetime in the registry before main() runs. */
#define OP_REGISTER(op)                                                                            \
	__attribute__((constructor)) static void op_register_this(void)                            \
	{                                                                                          \
		op_register(&(op), __FILE__);                                                      \
	}
/* Ends the program with one line when another file registered an op of that name. */
void op_register(const struct op *op, const char *file);

/* The harness itself acts on this setting; any op may declare it. */
#define SETTING_FDTABLE "fdtable"
extern const struct setting_value fdtable_values[]; /* private (default), shared */

/* The value of a setting in this run; NULL when the op does not declare it. */
const char *run_setting(const struct run *run, const char *name);
bool run_setting_is(const struct run *run, const char *name, const char *value);

/* Adds a counter; name is static. One beyond OP_MAX_COUNTERS ends the program. */
void op_count(struct op_counters *out, const char *name, double value);

/* Store the reason for a failure in run->error; return -1. */
__attribute__((format(printf, 2, 3), cold)) int run_fail(struct run *run, const char *format, ...);

/* Store "<what>: <errno's name> (<its text>)" for the sampler; return -1. */
__attribute__((cold, noinline)) int worker_fail(struct worker *w, const char *what, int error);

/* The same with a reason that is no errno's. */
__attribute__((format(printf, 2, 3), cold, noinline)) int worker_fail_text(
	struct worker *w, const char *format, ...);

/* xorshift64 (Marsaglia, "Xorshift RNGs", 2003): no state is shared. */
static inline uint64_t worker_random(struct worker *w)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return w->random;
}

/* Uniform in 0 .. n - 1 for n far below 2^32; no division. */
static inline uint32_t worker_choose(struct worker *w, uint32_t n)
{
	return (uint32_t)(((worker_random(w) >> 32) * n) >> 32);
}

/* "ESRCH" for ESRCH; "error 999" (in a static buffer) for an unknown one. */
const char *errno_name(int error);

#endif
