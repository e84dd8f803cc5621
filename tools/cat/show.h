/* SPDX-License-Identifier: Apache-2.0 */
/* show.h - how events are written to stdout: plain for pipes, with marks and colors on a terminal, or as JSON. */
#ifndef CAT_SHOW_H
#define CAT_SHOW_H

#include <libws/ws.h>

#include "options.h"

/* 0 or STATUS_USAGE: a record that cannot be written. */
int show_open_files(const settings *s);
int show_close_files(void); /* 0: something could not be written */

/* direction: "in" or "out"; outgoing messages are for the record and for JSON. Any thread. */
void show_message(const char *direction, const void *data, size_t size, int32_t type);
void show_connected(ws_handle client, const ws_event *e);
void show_header(const ws_event *e); /* --verbose: fields of the answer */
void show_closed(const ws_event *e);
void show_error(const ws_event *e);
void show_pong(const ws_event *e, int is_ping);
void show_reconnecting(const ws_event *e);

#endif
