/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glibc_names.c - what Debian's libssl.a, libcrypto.a and libgcc_eh.a, which are made for glibc, want
 * beyond musl; enough for the raw peers of the tests and for walking a stack.
 */
#define _GNU_SOURCE
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

void *__memcpy_chk(void *to, const void *from, size_t size, size_t room)
{
    if (size > room) abort();
    return memcpy(to, from, size);
}

void *__memset_chk(void *to, int byte, size_t size, size_t room)
{
    if (size > room) abort();
    return memset(to, byte, size);
}

long __fdelt_chk(long fd)
{
    if (fd < 0 || fd >= 1024) abort();
    return fd / 64;
}

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments)
{
    (void)flag;
    return vfprintf(file, format, arguments);
}

int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    (void)flag;
    va_list arguments;
    va_start(arguments, format);
    int size = vfprintf(file, format, arguments);
    va_end(arguments);
    return size;
}

int __sprintf_chk(char *text, int flag, size_t room, const char *format, ...)
{
    (void)flag;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, room, format, arguments);
    va_end(arguments);
    return size;
}

#undef fopen64
FILE *fopen64(const char *name, const char *mode) /* newer ones do not have it */
{
    return fopen(name, mode);
}

_Noreturn void __longjmp_chk(jmp_buf to, int value)
{
    longjmp(to, value);
}

unsigned long __getauxval(unsigned long type)
{
    return getauxval(type);
}

/* ---- libgcc's unwinder asks which file a program counter lies in -------------------------- */

struct dl_find_object {
    unsigned long long flags;
    void *start, *end;
    struct link_map *map;
    void *eh_frame; /* PT_GNU_EH_FRAME */
    unsigned long long reserved[7];
};

struct search {
    uintptr_t pc;
    struct dl_find_object *found;
    int is;
};

static int look_at(struct dl_phdr_info *file, size_t size, void *argument)
{
    (void)size;
    struct search *s = argument;
    uintptr_t base = file->dlpi_addr;
    void *frames = NULL, *start = NULL, *end = NULL;
    for (int i = 0; i < file->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &file->dlpi_phdr[i];
        uintptr_t at = base + p->p_vaddr;
        if (p->p_type == PT_GNU_EH_FRAME) frames = (void *)at;
        if (p->p_type == PT_LOAD && s->pc >= at && s->pc < at + p->p_memsz) start = (void *)at, end = (void *)(at + p->p_memsz);
    }
    if (!start || !frames) return 0;
    *s->found = (struct dl_find_object){.start = start, .end = end, .eh_frame = frames};
    return s->is = 1;
}

int _dl_find_object(void *pc, struct dl_find_object *found)
{
    struct search s = {(uintptr_t)pc, found, 0};
    dl_iterate_phdr(look_at, &s);
    return s.is ? 0 : -1;
}
