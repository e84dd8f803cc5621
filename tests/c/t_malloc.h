/* SPDX-License-Identifier: Apache-2.0 */
/* t_malloc.h - libc's own malloc, for tests that put another one in its place. */
#ifndef T_MALLOC_H
#define T_MALLOC_H

#include <stddef.h>

#if defined(__GLIBC__)
extern void *__libc_malloc(size_t size);
static inline void *t_libc_malloc(size_t size) { return __libc_malloc(size); }
#else
#include <dlfcn.h>
static inline void *t_libc_malloc(size_t size)
{
    static void *(*theirs)(size_t); /* dlsym of musl allocates nothing unless it fails */
    if (!theirs) *(void **)&theirs = dlsym(RTLD_NEXT, "malloc");
    return theirs(size);
}

/* musl has no aligned memory for programs that replace malloc alone. */
void *aligned_alloc(size_t alignment, size_t size)
{
    static void *(*theirs)(size_t, size_t);
    if (!theirs) *(void **)&theirs = dlsym(RTLD_NEXT, "aligned_alloc");
    return theirs(alignment, size);
}
#endif
#endif
