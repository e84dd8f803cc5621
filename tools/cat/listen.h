/* SPDX-License-Identifier: Apache-2.0 */
/* listen.h - what the parts of listen share. */
#ifndef CAT_LISTEN_H
#define CAT_LISTEN_H

#include <libws/ws.h>

#include "options.h"

/* listen_files.c: answers a GET by a file of a folder, or the chat page. */
int files_open(const char *root); /* 0, or STATUS_USAGE after a line */
void answer_file(const ws_event *e);
void answer_chat(const ws_event *e);

/* "listening on URL" is said. 0 or STATUS_USAGE. */
int start_listening(ws_handle server, const settings *s);

#endif
