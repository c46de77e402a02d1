// SPDX-License-Identifier: GPL-2.0-only
/* Pinned workers, as threads or processes, that run an op's loop freely. */
#ifndef PIDFDBENCH_WORKERS_H
#define PIDFDBENCH_WORKERS_H

#include "harness/off_cpu.h"
#include "op.h"
#include "harness/placement.h"
#include "singles.h"

#include <pthread.h>
#include <time.h>

/* Written when workers start and when all is over; else read-only in every cache. */
struct worker_shared {
	_Alignas(LINE_PAIR) atomic_int stop; /* enum stop */
	struct singles singles; /* of the only worker */
	struct worker_slot slot[];
};

/* Files that the sampler holds open of each: stat_fd and off_cpu. */
#define WORKER_FILES 3

/* The sampler's handle on one worker. */
struct worker_handle {
	struct worker worker;
	const struct placement *placement;
	struct worker_shared *shared;
	pthread_t thread; /* valid when started and not a process */
	pid_t pid;        /* of a worker process; 0 once reaped */
	clockid_t clock;  /* its CPU clock */
	int stat_fd;      /* its /proc stat file: where it last ran; -1: none */
	struct off_cpu off_cpu;
	bool started;
};

struct pool {
	struct run *run;
	struct worker_shared *shared;
	size_t shared_bytes;
	unsigned count;
	struct worker_handle *handle;
};

/*
 * Starts run->workers workers and waits until each is pinned, has its file
 * table and is about to enter its loop. Returns 0, or -1 with run->error set
 * and nothing left running.
 */
int pool_start(struct pool *pool, struct run *run, const struct placement *placement);

/* Stops and reaps every worker; frees the pool's memory. Safe when not started. */
void pool_stop(struct pool *pool);

/*
 * Lets the only worker time ops one by one, and go back to its loop: *mode is what most
 * of them take. 0, or -1 with run->error set. Not for a slowed loop, nor op->timed.
 */
int pool_singles(struct pool *pool, struct mode *mode);

/* 0 while every worker runs; else -1 with run->error set to its reason. */
int pool_check(struct pool *pool);

/* The CPU worker i was last on, from /proc; -1 when it cannot be read. */
int pool_cpu_of(const struct pool *pool, unsigned i);

/* Sleeps that long, or until a signal comes. */
void pause_ms(long ms);

#endif
