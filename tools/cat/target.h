/* SPDX-License-Identifier: Apache-2.0 */
/* target.h - where to connect, and how: what the settings say as options of the library. */
#ifndef CAT_TARGET_H
#define CAT_TARGET_H

#include <libws/ws.h>

#include "options.h"

typedef struct target {
    char *url;
    ws_connect_options options;
    ws_reconnect_options reconnect;
    ws_compression compression;
} target;

/* 0, or STATUS_USAGE after a line that says why. What is pointed to lives as long as the program. */
int make_target(target *t, const settings *s);

/* "NAME: VALUE" as a field; 0: it is none. */
int read_field(const char *text, ws_header *field);
char *join(const text_list *list, const char *between); /* allocated; NULL for an empty list */
int32_t tls_version(const char *text);
void make_compression(ws_compression *c, const settings *s);

#endif
