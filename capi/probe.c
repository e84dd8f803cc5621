/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * probe.c - asks the system for what the Go runtime takes when it starts, and gives it back:
 * a runtime that does not get it ends the process.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "runtime.h"
#include "thread.h"

enum {
    ADDRESS_SPACE_MIB = 2048, /* it reserves about 1.6 GB; the rest is for its heap and the host */
    MEMORY_MIB = 128,         /* it takes about 45, most of which it never touches */
};

/* Limits count what is mapped; no page of it is ever touched. */
static bool can_map(size_t mib, int protection)
{
    void *p = mmap(NULL, mib << 20, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p != MAP_FAILED && !munmap(p, mib << 20);
}

int32_t wsx_probe(void)
{
    if (!can_map(ADDRESS_SPACE_MIB, PROT_NONE))
        return wsx_fail(WS_ERR_MEMORY,
                        "libws finds less than %d MiB of address space (RLIMIT_AS, ulimit -v; "
                        "after mlockall RLIMIT_MEMLOCK)",
                        ADDRESS_SPACE_MIB);
    if (!can_map(MEMORY_MIB, PROT_READ | PROT_WRITE))
        return wsx_fail(WS_ERR_MEMORY,
                        "libws finds less than %d MiB of memory (RLIMIT_DATA; after mlockall RLIMIT_MEMLOCK)",
                        MEMORY_MIB);
    return WS_OK;
}
