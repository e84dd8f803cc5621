/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contexts.c - makecontext and swapcontext for the tests' coroutines on musl, which has none. What
 * a call has to keep is kept where the context has registers; masks of signals stay as they are.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <ucontext.h>

void t_switch(void *from, void *to);
void t_context_begins(void);

#if defined(__x86_64__)
#define REGISTERS(context) ((uint64_t *)(context)->uc_mcontext.gregs)
enum { FUNCTION = 1, FIRST = 2, LAST = 4, LINK = 5, STACK = 6, COUNT = 7 };
__asm__(".text\n"
        ".globl t_switch\n.type t_switch,@function\nt_switch:\n"
        "mov %rbp,(%rdi)\nmov %rbx,8(%rdi)\nmov %r12,16(%rdi)\nmov %r13,24(%rdi)\nmov %r14,32(%rdi)\nmov %r15,40(%rdi)\nmov %rsp,48(%rdi)\n"
        "mov (%rsi),%rbp\nmov 8(%rsi),%rbx\nmov 16(%rsi),%r12\nmov 24(%rsi),%r13\nmov 32(%rsi),%r14\nmov 40(%rsi),%r15\nmov 48(%rsi),%rsp\n"
        "ret\n"
        ".globl t_context_begins\n.type t_context_begins,@function\nt_context_begins:\n"
        "mov %r12,%rdi\nmov %r13,%rsi\nmov %r14,%rdx\ncall *%rbx\n"
        "mov %r15,%rsi\nsub $64,%rsp\nmov %rsp,%rdi\njmp t_switch\n");
#elif defined(__aarch64__)
#define REGISTERS(context) ((uint64_t *)(context)->uc_mcontext.regs)
enum { FUNCTION = 0, FIRST = 1, LAST = 3, LINK = 4, PROGRAM = 11, STACK = 12, COUNT = 21 };
__asm__(".text\n"
        ".globl t_switch\n.type t_switch,%function\nt_switch:\n"
        "stp x19,x20,[x0]\nstp x21,x22,[x0,#16]\nstp x23,x24,[x0,#32]\nstp x25,x26,[x0,#48]\nstp x27,x28,[x0,#64]\nstp x29,x30,[x0,#80]\n"
        "mov x9,sp\nstr x9,[x0,#96]\nstp d8,d9,[x0,#104]\nstp d10,d11,[x0,#120]\nstp d12,d13,[x0,#136]\nstp d14,d15,[x0,#152]\n"
        "ldp x19,x20,[x1]\nldp x21,x22,[x1,#16]\nldp x23,x24,[x1,#32]\nldp x25,x26,[x1,#48]\nldp x27,x28,[x1,#64]\nldp x29,x30,[x1,#80]\n"
        "ldr x9,[x1,#96]\nmov sp,x9\nldp d8,d9,[x1,#104]\nldp d10,d11,[x1,#120]\nldp d12,d13,[x1,#136]\nldp d14,d15,[x1,#152]\n"
        "ret\n"
        ".globl t_context_begins\n.type t_context_begins,%function\nt_context_begins:\n"
        "mov x0,x20\nmov x1,x21\nmov x2,x22\nblr x19\n"
        "mov x1,x23\nsub sp,sp,#176\nmov x0,sp\nb t_switch\n");
#endif

int getcontext(ucontext_t *context)
{
    for (int i = 0; i < COUNT; i++) REGISTERS(context)[i] = 0;
    return 0;
}

/* The arguments are integers, three at the most. */
void makecontext(ucontext_t *context, void (*function)(void), int count, ...)
{
    uint64_t *registers = REGISTERS(context);
    uintptr_t top = ((uintptr_t)context->uc_stack.ss_sp + context->uc_stack.ss_size) & ~(uintptr_t)15;
    va_list arguments;
    va_start(arguments, count);
    for (int i = 0; i < count && FIRST + i <= LAST; i++) registers[FIRST + i] = va_arg(arguments, unsigned);
    va_end(arguments);
    registers[FUNCTION] = (uintptr_t)function;
    registers[LINK] = context->uc_link ? (uintptr_t)REGISTERS(context->uc_link) : 0;
#if defined(__x86_64__)
    uint64_t *sp = (uint64_t *)top - 1; /* where "ret" finds the way; a function begins 8 below a multiple of 16 */
    *sp = (uintptr_t)t_context_begins;
    registers[STACK] = (uintptr_t)sp;
#else
    registers[PROGRAM] = (uintptr_t)t_context_begins;
    registers[STACK] = top;
#endif
}

int swapcontext(ucontext_t *restrict from, const ucontext_t *restrict to)
{
    t_switch(REGISTERS(from), (void *)(uintptr_t)REGISTERS(to));
    return 0;
}

int setcontext(const ucontext_t *to)
{
    ucontext_t nobody;
    t_switch(REGISTERS(&nobody), (void *)(uintptr_t)REGISTERS(to));
    return -1;
}
