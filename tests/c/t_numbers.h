/* SPDX-License-Identifier: Apache-2.0 */
/* t_numbers.h - messages with numbers: which were sent, completed and read by the peer. */
#ifndef T_NUMBERS_H
#define T_NUMBERS_H

#include "t.h"

enum { T_NUMBERS = 400 };

static struct {
    t_latch done;
    int error, times, arrived;
} t_sent[T_NUMBERS];

static inline void t_numbers_begin(void)
{
    memset(t_sent, 0, sizeof t_sent);
    for (int i = 0; i < T_NUMBERS; i++) t_sent[i].done = (t_latch)T_LATCH;
}

static inline void WS_CALL t_number_completed(const ws_event *e, void *number)
{
    int i = (int)(intptr_t)number;
    t_sent[i].error = e->error;
    t_sent[i].times++;
    t_add(&t_sent[i].done, 1);
}

/* Messages of size bytes, which begin and end with their number. */
static inline void t_send_numbers(ws_handle client, size_t size, int from, int to)
{
    char *data = calloc(1, size);
    for (int i = from; i < to; i++) {
        memcpy(data, &i, sizeof i);
        memcpy(data + size - sizeof i, &i, sizeof i);
        OK(ws_send(client, data, size, WS_BINARY, t_number_completed, (void *)(intptr_t)i));
    }
    free(data);
}

/* Reads one of them, whose number is above the last one's. */
static inline int t_read_number(t_raw *peer, size_t size, int last)
{
    int number, end;
    t_frame f = t_raw_read(peer);
    CHECK_EQ(f.first, T_BINARY);
    CHECK_EQ(f.size, size);
    memcpy(&number, f.data, sizeof number);
    memcpy(&end, f.data + size - sizeof end, sizeof end);
    CHECK_EQ(number, end);
    CHECK(number > last);
    t_sent[number].arrived++;
    return number;
}

/* A client at the raw peer that takes it from listener; reconnect: NULL, or how it does so. */
static inline ws_handle t_meeting_client(const ws_reconnect_options *reconnect, uint32_t flags, t_log *log,
                                         int listener,
                                         int port, t_raw *peer)
{
    ws_connect_options o = t_options();
    o.reconnect = reconnect;
    o.flags |= flags;
    ws_handle client = t_flagged_client(0, log);
    t_meet(client, &o, listener, port, peer);
    t_wait_event(log, WS_EVENT_OPEN, 1);
    return client;
}

#endif
