/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bcryptprimitives.c - for tests under a wine that is older than 8.2 and lacks this DLL of Windows: Go takes its
 * random numbers from there. It goes into system32 of the tests' own prefix, and nowhere else.
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID to, ULONG size); /* RtlGenRandom of advapi32.dll */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T size)
{
    while (size) {
        ULONG some = size < 1u << 20 ? (ULONG)size : 1u << 20;
        if (!SystemFunction036(to, some)) return FALSE;
        to += some;
        size -= some;
    }
    return TRUE;
}
