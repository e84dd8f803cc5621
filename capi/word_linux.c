/* SPDX-License-Identifier: Apache-2.0 */
/* word_linux.c - words by the futex. */
#define _GNU_SOURCE
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "word.h"

enum { WAIT = 128, WAKE = 129 }; /* FUTEX_..._PRIVATE; musl comes without the headers of the kernel */

void wsx_word_await(_Atomic uint32_t *word, uint32_t seen, int64_t ns)
{
    /* as the call has it, on 32 bits, too */
    struct { long seconds, nanoseconds; } left = {(long)(ns / 1000000000), (long)(ns % 1000000000)};
    syscall(SYS_futex, word, WAIT, seen, ns < 0 ? NULL : &left, NULL, 0);
}

void wsx_word_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, WAKE, INT_MAX, NULL, NULL, 0);
}
