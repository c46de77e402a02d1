// SPDX-License-Identifier: GPL-2.0-only
/* Encodings: Intel SDM, volume 2, 2.1 (prefixes, ModR/M, SIB), 2.2.1 (REX), appendix A. */
#include "decode.h"

#include <string.h>

/* With one CPU the kernel has turned its `lock` prefixes into `ds`. */
static size_t prefixes(const uint8_t *byte, size_t n)
{
	static const uint8_t legacy[] = {
		0xf0, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0x66, 0x67};
	size_t i = 0;

	while (i + 1 < n && (memchr(legacy, byte[i], sizeof(legacy)) || (byte[i] & 0xf0) == 0x40))
		i++;
	return i;
}

/* The displacement that follows a ModR/M byte and perhaps a SIB byte; 0: none. */
static int32_t displacement(const uint8_t *modrm, size_t n)
{
	size_t at = (*modrm & 7) == 4 ? 2 : 1;
	int32_t value = 0;

	if (*modrm >> 6 == 1 && at < n)
		return (int8_t)modrm[at];
	if (*modrm >> 6 == 2 && at + sizeof(value) <= n)
		memcpy(&value, modrm + at, sizeof(value));
	return value;
}

/* Those with an even opcode, of the instructions that have a form for bytes. */
static bool writes_byte(const uint8_t *byte, size_t n)
{
	static const uint8_t others[] = {
	        0x80, 0x86, 0x88, 0xa2, 0xa4, 0xaa, 0xc0, 0xc6, 0xd0, 0xd2, 0xf6, 0xfe, 0x6c};

	if (byte[0] == 0x0f)
		return n > 1 && ((byte[1] & 0xf0) == 0x90 || byte[1] == 0xb0 || byte[1] == 0xc0 ||
		                        byte[1] == 0x3a);
	return (byte[0] < 0x40 && (byte[0] & 7) == 0) || memchr(others, byte[0], sizeof(others));
}

struct decoded decode(const uint8_t *byte, size_t n)
{
	struct decoded d = {.what = INSN_OTHER};
	size_t i = prefixes(byte, n);

	/* xchg with a register (mod 3) touches no memory. */
	d.atomic = memchr(byte, 0xf0, i) ||
		(i + 1 < n && (byte[i] & 0xfe) == 0x86 && byte[i + 1] >> 6 != 3);
	d.byte = writes_byte(byte + i, n - i);
	/* With 0xff it is /2 and /3 of ModR/M. */
	d.call = byte[i] == 0xe8 ||
		(i + 1 < n && byte[i] == 0xff && (byte[i + 1] & 0x30) == 0x10);
	if (byte[i] == 0xc2 || byte[i] == 0xc3) {
		d.what = INSN_RET;
	} else if (byte[i] == 0xcf) {
		d.what = INSN_IRET;
	} else if (i + 1 < n && byte[i] == 0x0f && byte[i + 1] == 0xb1) {
		d.what = INSN_CMPXCHG;
	} else if (i + 2 < n && byte[i] == 0xc6 && byte[n - 1] == 0) {
		d.what = INSN_STORE_ZERO_BYTE;
		d.offset = displacement(byte + i + 1, n - i - 1);
	}
	return d;
}
