/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All buffers together stay under the budget: when it is used up, sends are
 * refused with WS_ERR_MEMORY, and the connection that holds the largest
 * incomplete message is ended with 1013, so that the others go on.
 */
#include <sys/socket.h>

#include "t.h"

enum { BUDGET = 4 << 20 };

static void refused_sends(ws_handle server, t_log *log)
{
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    ws_handle connection = t_wait_event(log, WS_EVENT_CONNECT, 1)->handle;
    unsigned char *message = t_bytes(1 << 20, 1, 0);
    int32_t status = WS_OK;
    int sent = 0;
    while ((status = ws_send(connection, message, 1 << 20, WS_BINARY, NULL, NULL)) == WS_OK) sent++;
    CHECK_EQ(status, WS_ERR_MEMORY);
    CHECK_HAS(ws_last_error(), "memory budget");
    for (int i = 0; i < sent; i++) t_raw_expect(&peer, T_BINARY, message, 1 << 20);
    OK(ws_send(connection, "room", 4, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "room", 4);
    free(message);
    t_raw_close(&peer);
    t_wait_event(log, WS_EVENT_CLOSE, 1);
}

/* Begins a binary message of 16 MiB and sends size bytes of it. */
static void begin(t_raw *peer, size_t size)
{
    unsigned char head[14] = {T_BINARY, 0x80 | 127, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    t_raw_write(peer, head, sizeof head);
    unsigned char *zeros = calloc(1, size);
    t_raw_write(peer, zeros, size);
    free(zeros);
}

/* Goes on with the message until the server has had enough; it may end the stream
 * while bytes are on their way. */
static void go_on(t_raw *peer, size_t size)
{
    static const unsigned char zeros[4096];
    for (; size > 0; size -= size < sizeof zeros ? size : sizeof zeros)
        if (!t_raw_try_write(peer, zeros, size < sizeof zeros ? size : sizeof zeros)) return;
}

static void largest_holder_ends(ws_handle server, t_log *log)
{
    t_raw hog, other;
    t_raw_client(&hog, t_port(server));
    begin(&hog, (size_t)1 << 20);
    t_raw_settle(&hog);
    t_raw_client(&other, t_port(server));
    begin(&other, 100 << 10);
    t_raw_settle(&other);
    go_on(&hog, (size_t)4 << 20);
    CHECK_EQ(t_wait_event(log, WS_EVENT_ERROR, 2)->stage, WS_STAGE_LIMIT);
    CHECK_EQ(t_wait_event(log, WS_EVENT_ERROR, 2)->code, 1013);
    t_raw_close(&hog);
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    CHECK_EQ(stats.memory_budget, BUDGET);
    CHECK_EQ(stats.relieved, 1);
    t_raw_close(&other);
    t_wait_event(log, WS_EVENT_CLOSE, 3);
    OK(ws_stats_get(&stats));
    CHECK_EQ(stats.memory_used, 0);
}

int main(void)
{
    ws_init_options options;
    WS_INIT_STRUCT(&options);
    options.memory_budget = BUDGET;
    OK(ws_init(&options));
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    refused_sends(server, &log);
    largest_holder_ends(server, &log);
    return t_done();
}
