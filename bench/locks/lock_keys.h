// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which filesystem an inode lock class belongs to. All of them are named
 * "&sb->s_type->i_lock_key", told apart by a number in order of first use. What
 * is certain is the class's key: it lies inside the struct file_system_type.
 * /proc/lockdep prints name, number and key of every class (DEBUG_LOCKDEP, booted
 * with no_hash_pointers), the symbols of the kernel say whose the address is.
 *
 * /proc/lock_stat cuts the number to one digit: "#1" is one of #10 to #19, "#2"
 * is #2 or #20 to #29. A name that so stands for several classes is resolved by
 * how often each of them was taken, which /proc/lockdep has, too: lock_match.h.
 */
#ifndef PIDFDBENCH_OBSERVERS_LOCK_KEYS_H
#define PIDFDBENCH_OBSERVERS_LOCK_KEYS_H

#include "locks/lock_stat.h"

#include <stdint.h>

/* More than any kernel has filesystem types. */
#define LOCK_KEYS_MAX 256

/* What an inode lock may be where nothing is known of it: a bit 1 << class each. */
#define LOCK_OWNERS (1U << LOCK_I_ANON | 1U << LOCK_I_PIDFS | 1U << LOCK_I_NSFS | 1U << LOCK_REST)

struct lock_keys {
	size_t n;
	struct {
		char cut[LOCK_NAME_LEN]; /* the name as lock_stat prints it */
		enum lock_class class;
		uint64_t address; /* of the key: what a class is known by */
		double ops;       /* acquisitions since the kernel booted */
	} key[LOCK_KEYS_MAX];
	char why[256]; /* not empty: the keys cannot be resolved, and why */
};

/* Where the kernel's symbols are, and from where to where each we ask for goes. */
struct lock_symbols;

/*
 * Reads the symbols: of $PIDFDBENCH_SYSTEM_MAP if set, else of
 * /boot/System.map-RELEASE, shifted to where the kernel runs. proc is /proc
 * outside tests. Never NULL but when out of memory; what is missing is said by
 * lock_keys_read(). The caller frees it with free().
 */
struct lock_symbols *lock_symbols_read(const char *proc);

/* Fills keys from proc/lockdep; keys->why says what could not be done. */
void lock_keys_read(struct lock_keys *keys, const struct lock_symbols *symbols, const char *proc);

/*
 * The class of an inode lock by the name that lock_stat prints; LOCK_INODE when
 * it cannot be told. owners, if not NULL, gets a bit 1 << class for each class it
 * may be.
 */
enum lock_class lock_keys_find(const struct lock_keys *keys, const char *cut, unsigned *owners);

#endif
