/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_coroutine.h - coroutines as coroutine libraries make them: a function on a stack of the
 * host's own, which gives up control and goes on where it was. Below the stack lies a page
 * that nobody may touch.
 */
#ifndef T_COROUTINE_H
#define T_COROUTINE_H

#include "t.h"

#include <sys/mman.h>
#include <ucontext.h>

typedef struct t_coroutine {
    ucontext_t own, back;
    unsigned char *stack;
    size_t size;
    void (*body)(struct t_coroutine *);
    void *argument;
    int over;
} t_coroutine;

enum { T_GUARD = 4096, T_PAINT = 0xa5 };

static inline void t_coroutine_main(unsigned high, unsigned low)
{
    t_coroutine *c = (t_coroutine *)(((uintptr_t)high << 16 << 16) | low);
    c->body(c);
    c->over = 1;
    swapcontext(&c->own, &c->back);
}

static inline void t_coroutine_make(t_coroutine *c, size_t size, void (*body)(t_coroutine *), void *argument)
{
    static uintptr_t low = (uintptr_t)1 << 32; /* every other one lies below the thread's stack, as in the heap */
    static int made;
    c->stack = mmap(made++ % 2 ? NULL : (void *)(low += 1 << 24), T_GUARD + size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(c->stack != MAP_FAILED);
    CHECK_EQ(mprotect(c->stack, T_GUARD, PROT_NONE), 0);
    c->stack += T_GUARD;
    memset(c->stack, T_PAINT, size);
    c->size = size;
    c->body = body;
    c->argument = argument;
    c->over = 0;
    CHECK_EQ(getcontext(&c->own), 0);
    c->own.uc_stack.ss_sp = c->stack;
    c->own.uc_stack.ss_size = size;
    c->own.uc_link = NULL;
    makecontext(&c->own, (void (*)(void))t_coroutine_main, 2, (unsigned)((uintptr_t)c >> 16 >> 16),
                (unsigned)(uintptr_t)c);
}

/* Runs it until it yields or ends, from any stack of any thread. */
static inline void t_coroutine_resume(t_coroutine *c)
{
    CHECK(!c->over);
    CHECK_EQ(swapcontext(&c->back, &c->own), 0);
}

static inline void t_coroutine_yield(t_coroutine *c)
{
    CHECK_EQ(swapcontext(&c->own, &c->back), 0);
}

/* How much of its stack it has used, at the most. */
static inline size_t t_coroutine_used(const t_coroutine *c)
{
    size_t i = 0;
    while (i < c->size && c->stack[i] == T_PAINT) i++;
    return c->size - i;
}

static inline void t_coroutine_free(t_coroutine *c)
{
    CHECK_EQ(munmap(c->stack - T_GUARD, T_GUARD + c->size), 0);
}

#endif
