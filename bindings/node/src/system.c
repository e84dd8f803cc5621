/* SPDX-License-Identifier: Apache-2.0 */
/* What the addon wants of the system. system_windows.c is the same for Windows. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include "addon.h"

void *process_function(const char *name) { return dlsym(RTLD_DEFAULT, name); }

ws_socket duplicate(ws_socket descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, 3); }

void drop_duplicate(ws_socket descriptor) { close(descriptor); }
