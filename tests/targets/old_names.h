/* SPDX-License-Identifier: Apache-2.0 */
/*
 * old_names.h - what the tests call that glibc 2.17 lacks: included before all else, so without headers of libc.
 */
#ifndef WS_OLD_NAMES_H
#define WS_OLD_NAMES_H

#ifndef __ASSEMBLER__
#include <asm/unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
long syscall(long number, ...);
static int ws_old_gettid(void) { return (int)syscall(__NR_gettid); }
static int ws_old_memfd_create(const char *name, unsigned flags) { return (int)syscall(__NR_memfd_create, name, flags); }
#pragma GCC diagnostic pop
#define gettid ws_old_gettid
#define memfd_create ws_old_memfd_create
#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1U
#endif
#endif

#endif
