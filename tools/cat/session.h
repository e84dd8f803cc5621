/* SPDX-License-Identifier: Apache-2.0 */
/* session.h - one run of connect: a thread sends what there is to send, the main thread receives. */
#ifndef CAT_SESSION_H
#define CAT_SESSION_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

#include <libws/ws.h>

#include "options.h"

typedef struct session {
    const settings *s;
    ws_handle client, queue;
    sem_t room;              /* posted when the output queue has room, and at the end */
    atomic_int over;         /* the connection has ended for good */
    atomic_int closing;      /* we have asked for the end */
    atomic_int sent_all;     /* the sender has nothing more to send */
    atomic_int interactive;  /* a person types at a prompt */
    atomic_llong sent;       /* messages */
    atomic_llong file_sent, file_size; /* bytes of the file that is being sent; size -1: unknown */
    /* The main thread's */
    int opened, interrupted, status;
    int64_t received, received_bytes, started_us, sent_all_us, last_us;
    FILE *output;            /* --output */
} session;

/* sender.c */
int sender_check(const settings *s);           /* whether the files can be read; 0 or STATUS_USAGE */
void sender_start(session *run);                /* when the connection is open */
int send_message(session *run, const void *data, size_t size, int32_t type); /* 0: the connection has ended */
int send_file(session *run, const char *path, int32_t type);                 /* likewise; a bad file is said */

/* slash.c: 1 when the line was a command, which is done. */
int slash(session *run, const char *line);

/* replay.c: 0 when the connection has ended. */
int replay(session *run, const char *path, double speed);

/* close_options.c */
int make_close(const char *text, ws_close_options *options); /* "CODE[:REASON]"; 0 or STATUS_USAGE */

#endif
