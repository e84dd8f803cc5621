/* SPDX-License-Identifier: Apache-2.0 */
/* flag.h - a descriptor that is readable or not, for loops that wait for nothing else: an eventfd, a pipe, a socket. */
#ifndef WSX_FLAG_H
#define WSX_FLAG_H

#include <stdbool.h>

#include "hidden.h"
#include <libws/ws_types.h>

WSX_HIDDEN_BEGINS

typedef struct wsx_flag {
    ws_socket watched, written; /* by the host; by us. The same where one can do both */
} wsx_flag;

#define WSX_NO_FLAG ((wsx_flag){(ws_socket)-1, (ws_socket)-1})
static inline bool wsx_flag_made(const wsx_flag *flag)
{
    return flag->watched != (ws_socket)-1;
}
/* 0, or why not, a number of the system for wsx_flag_error; then it is as before. */
int wsx_flag_make(wsx_flag *flag);
const char *wsx_flag_error(int error);
/* Makes it readable, or no longer. It is ours and never full, so nothing else fails than what the host has
 * done to it. */
void wsx_flag_raise(const wsx_flag *flag);
void wsx_flag_lower(const wsx_flag *flag);
void wsx_flag_close(wsx_flag *flag);

WSX_HIDDEN_ENDS

#endif
