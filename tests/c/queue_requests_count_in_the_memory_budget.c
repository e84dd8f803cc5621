/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests that wait in a queue count in the memory budget. When it is used up the next
 * one gets 503; when the host has answered the others nothing is in use.
 */
#include "t_queue.h"

enum { BUDGET = 4 << 20, SIZE = 20000, CLIENTS = 260 };

/* A batch that is being copied. */
enum { BEYOND = 512 << 10 };

static int64_t used(void)
{
    ws_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_stats_get(&s));
    CHECK(s.memory_used <= BUDGET + BEYOND);
    return s.memory_used;
}

static void WS_CALL answer(const ws_event *e, void *answers)
{
    CHECK_EQ(e->body_size, SIZE);
    OK(ws_respond(e->handle, NULL));
    ++*(int *)answers;
}

int main(void)
{
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.memory_budget = BUDGET;
    OK(ws_init(&init));
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = t_queue_make(0, 256 << 20);
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.decision_timeout_ms = -1;
    ws_handle server = ws_server_create(&o);
    int answers = 0;
    OK(ws_server_on(server, WS_EVENT_REQUEST, answer, &answers));
    OK(ws_server_start(server, &c, NULL, NULL));

    static char request[SIZE + 100];
    int size = snprintf(request, sizeof request, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", SIZE);
    memset(request + size, 'x', SIZE);
    static t_raw peers[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        t_raw_dial(&peers[i], t_port(server));
        t_raw_write(&peers[i], request, (size_t)size + SIZE);
        used();
    }
    CHECK_HAS(t_raw_rest(&peers[CLIENTS - 1]), "HTTP/1.1 503 ");
    CHECK(used() > BUDGET / 2);
    T_DISPATCH_UNTIL(o.queue, used() == 0);
    CHECK(answers > BUDGET / SIZE / 2);
    CHECK(answers < CLIENTS);
    for (int i = 0; i < CLIENTS; i++) t_raw_close(&peers[i]);
    OK(ws_server_destroy(server));
    t_dispatch(o.queue, 0);
    return t_done();
}
