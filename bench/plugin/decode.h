// SPDX-License-Identifier: GPL-2.0-only
/* The few x86-64 instructions that the plugins look for. */
#ifndef PIDFDBENCH_PLUGIN_DECODE_H
#define PIDFDBENCH_PLUGIN_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum decoded_insn { INSN_OTHER, INSN_RET, INSN_IRET, INSN_CMPXCHG, INSN_STORE_ZERO_BYTE };

struct decoded {
	enum decoded_insn what;
	bool atomic;    /* reads and writes memory with nobody between: a lock prefix, or xchg */
	bool call;      /* writes the address after it to the stack */
	bool byte;      /* may write one byte of memory; of AVX it is not told */
	int32_t offset; /* of INSN_STORE_ZERO_BYTE: the address is this beyond a register; else 0 */
};

/* byte: n of them, a whole instruction in 64-bit mode. */
struct decoded decode(const uint8_t *byte, size_t n);

#endif
