/* SPDX-License-Identifier: Apache-2.0 */
/* dlfcn.h - what the tests use of dlopen. */
#ifndef DLFCN_H
#define DLFCN_H

#include "posix.h"

#define RTLD_NOW 0
#define RTLD_LAZY 0
#define RTLD_LOCAL 0
#define RTLD_GLOBAL 0

static inline void *dlopen(const char *path, int how) { return (void)how, (void *)LoadLibraryA(path); }
static inline void *dlsym(void *library, const char *name) { return (void *)(uintptr_t)GetProcAddress(library, name); }
static inline int dlclose(void *library) { return !FreeLibrary(library); }
static inline const char *dlerror(void) { return "LoadLibrary"; }

#endif
