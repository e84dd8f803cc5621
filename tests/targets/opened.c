/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opened.c - stands for the library in programs that load it: each function of ws.h jumps to
 * where a constructor has found it, by dlopen of the file that WS_TEST_LIBRARY names.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#define X(name) AT_##name,
enum {
#include "functions.h"
    COUNT
};
#undef X
__attribute__((used, visibility("hidden"))) void *t_opened[COUNT];

#define X(name) #name,
static const char *const names[] = {
#include "functions.h"
};
#undef X

/* A function of its own file-level assembler: no compiler may touch the arguments. The offset is
 * counted by the assembler, which sees the functions in the order of the table. */
__asm__(".text\n.set t_at, 0\n");
#if defined(__x86_64__)
#define X(name)                                                                                  \
    __asm__(".globl " #name "\n.type " #name ",@function\n" #name ":\n\tjmp *t_opened+t_at(%rip)\n" \
            ".size " #name ",.-" #name "\n.set t_at, t_at+8\n");
#elif defined(__aarch64__)
#define X(name)                                                                                    \
    __asm__(".globl " #name "\n.type " #name ",%function\n" #name ":\n\tadrp x16, t_opened+t_at\n" \
            "\tldr x16, [x16, :lo12:t_opened+t_at]\n\tbr x16\n.size " #name ",.-" #name "\n.set t_at, t_at+8\n");
#endif
#include "functions.h"

__attribute__((constructor)) static void open_library(void)
{
    const char *path = getenv("WS_TEST_LIBRARY");
    void *library = dlopen(path ? path : "libws.so", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "dlopen: %s\n", dlerror());
        exit(99);
    }
    for (int i = 0; i < COUNT; i++)
        if (!(t_opened[i] = dlsym(library, names[i]))) {
            fprintf(stderr, "dlsym: %s\n", dlerror());
            exit(98);
        }
}
