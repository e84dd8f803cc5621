/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An allocator that takes the place of libc's by LD_PRELOAD, as jemalloc, tcmalloc and others do: it
 * hands out each address once, and memory that was given back cannot be read any more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, SMALL = 2048, CHUNK = 1 << 20, HEAD = 16 };

/* Lies before what the host gets. */
typedef struct head {
    size_t size;
    size_t mapped; /* bytes from the begin of the page; 0: a part of a chunk */
} head;

static atomic_uintptr_t chunk; /* next free byte of a chunk, which is aligned to its size */

static void *map(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void *from_chunk(size_t need)
{
    for (;;) {
        uintptr_t at = atomic_load(&chunk);
        if (at && at % CHUNK && at % CHUNK + need <= CHUNK) {
            if (atomic_compare_exchange_weak(&chunk, &at, at + need)) return (void *)at;
            continue;
        }
        char *fresh = map(2 * CHUNK);
        if (!fresh) return NULL;
        uintptr_t begin = ((uintptr_t)fresh + CHUNK - 1) & ~(uintptr_t)(CHUNK - 1);
        if (!atomic_compare_exchange_strong(&chunk, &at, begin + HEAD)) munmap(fresh, 2 * CHUNK);
    }
}

static void *allocate(size_t size, size_t alignment)
{
    if (size > SIZE_MAX / 2 || alignment > PAGE) {
        errno = ENOMEM;
        return NULL;
    }
    size_t extra = alignment > HEAD ? alignment : HEAD, need = (size + extra + HEAD + 15) & ~(size_t)15;
    char *p = need <= SMALL ? from_chunk(need) : map(need);
    if (!p) {
        errno = ENOMEM;
        return NULL;
    }
    char *given = (char *)(((uintptr_t)p + HEAD + extra - 1) & ~(uintptr_t)(extra - 1));
    head *h = (head *)(given - HEAD);
    h->size = size;
    h->mapped = need <= SMALL ? 0 : need;
    return given;
}

void free(void *p)
{
    if (!p) return;
    head *h = (head *)((char *)p - HEAD);
    if (h->mapped) munmap((void *)((uintptr_t)h & ~(uintptr_t)(PAGE - 1)), h->mapped);
    else memset(p, 0xdd, h->size);
}

void *malloc(size_t size)
{
    void *p = allocate(size, HEAD);
    if (p) memset(p, 0xa5, size < SMALL ? size : SMALL);
    return p;
}

void *calloc(size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return allocate(all, HEAD); /* fresh pages are zero, and no address is given out twice */
}

void *realloc(void *p, size_t size)
{
    void *larger = malloc(size);
    if (!p || !larger) return larger;
    size_t old = ((head *)((char *)p - HEAD))->size;
    memcpy(larger, p, old < size ? old : size);
    free(p);
    return larger;
}

int posix_memalign(void **p, size_t alignment, size_t size)
{
    *p = allocate(size, alignment);
    return *p ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return allocate(size, alignment);
}

size_t malloc_usable_size(void *p)
{
    return p ? ((head *)((char *)p - HEAD))->size : 0;
}
