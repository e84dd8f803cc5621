/* SPDX-License-Identifier: Apache-2.0 */
/* word_windows.c - words by WaitOnAddress, which Windows has since 8; Go wants 10. */
#include <windows.h>

#include "word.h"

void wsx_word_await(_Atomic uint32_t *word, uint32_t seen, int64_t ns)
{
    int64_t ms = ns < 0 ? -1 : (ns + 999999) / 1000000;
    WaitOnAddress((volatile void *)word, &seen, sizeof seen, ms < 0 ? INFINITE : ms < 0x7fffffff ? (DWORD)ms : 0x7fffffff);
}

void wsx_word_wake(_Atomic uint32_t *word)
{
    WakeByAddressAll((void *)word);
}
