/* SPDX-License-Identifier: Apache-2.0 */
/* check.h - what the parts of check share: probes, which are connections that are tried, and findings. */
#ifndef CAT_CHECK_H
#define CAT_CHECK_H

#include <libws/ws.h>

#include "options.h"
#include "target.h"

/* Findings. What is good, what one should know, and what is wrong, which is counted. */
void check_json(int json);
void check_part(const char *name);
void good(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void bad(const char *format, ...) __attribute__((format(printf, 1, 2)));
int check_count(void); /* of what is wrong */

/* One connection, and what has happened to it. */
typedef struct probe {
    ws_handle client;
    int open, over, clean, code, status, stage, pongs, messages;
    int64_t round_trip_us[8];
    char text[512], protocol[128];
} probe;

void probe_open(probe *p, const target *t, const ws_connect_options *options); /* returns when it is open or over */
/* Waits until what is pointed to is at least this, or the connection is over; 0: the time is. */
int probe_wait(probe *p, const int *what, int least, int64_t ms);
void probe_text(const probe *p, int which, char *text, size_t size);
void probe_end(probe *p); /* closes it, if it is open, and waits */

void check_tls(const target *t, const probe *p);
void check_raw(const target *t, const settings *s);

#endif
