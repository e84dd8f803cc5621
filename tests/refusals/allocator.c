/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allocator.c - preloaded into a life: malloc and its kin that fail for what the C half of the
 * library asks for, from the RF_FIRST-th time on, RF_TIMES times. What libc asks for on its
 * behalf does not count.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static atomic_uintptr_t code, end; /* of the library */
static atomic_long asked, failed;
static long first, times;

/* What the runtime asks for when it begins, and ends the process without. The start has seen
 * to it that there is so much (capi/start.c). */
enum { OF_RUNTIME = 2 * sizeof(uintptr_t) };

static int look(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    if (!strstr(info->dlpi_name, "/libws.so")) return 0;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
            code = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            end = code + info->dlpi_phdr[i].p_memsz;
        }
    return 1;
}

__attribute__((constructor)) static void begin(void)
{
    const char *from = getenv("RF_FIRST"), *many = getenv("RF_TIMES");
    first = from ? atol(from) : 0;
    times = many ? atol(many) : 1;
    dl_iterate_phdr(look, NULL);
}

__attribute__((destructor)) static void tell(void)
{
    dprintf(2, "%ld allocations, %ld failed\n", (long)asked, (long)failed);
}

static bool fails(void *caller)
{
    if ((uintptr_t)caller < code || (uintptr_t)caller >= end) return false;
    long number = ++asked;
    if (!first || number < first || number - first >= times) return false;
    failed++;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    if (size == OF_RUNTIME) return __libc_malloc(size);
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(p, size);
}
