/* SPDX-License-Identifier: Apache-2.0 */
/* system.h - small things that each system has under another name: system_linux.c, system_windows.c, system_other.c. */
#ifndef WSX_SYSTEM_H
#define WSX_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "hidden.h"

WSX_HIDDEN_BEGINS

/* A variable of the environment, NULL when there is none; it stays until the thread asks for the next one.
 * secure: none in a program that runs with rights of its own. */
const char *wsx_variable(const char *name, bool secure);
/* Memory that begins at a multiple of 64 and is never given back. NULL: there is none. */
void *wsx_lasting(size_t size);
/* child is called in each child of fork(). */
void wsx_at_fork(void (*child)(void));
/* Writes begin, line and the end of a line to stderr. */
void wsx_write_line(const char *begin, const char *line);

WSX_HIDDEN_ENDS

#endif
