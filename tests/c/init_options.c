/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_init: values out of range are refused by name and start nothing; four loops
 * run the callbacks of four connections at the same time, and those of one in
 * order; a second ws_init is refused; the log gets lines up to its level.
 */
#include "t.h"

#include <limits.h>

enum { LOOPS = 4, MESSAGES = 500 };

static void refused(ws_init_options *options, int32_t status, const char *member)
{
    CHECK_EQ(ws_init(options), status);
    CHECK_HAS(ws_last_error(), member);
    WS_INIT_STRUCT(options);
}

static void out_of_range(void)
{
    ws_init_options o;
    WS_INIT_STRUCT(&o);
    static const int loops[] = {-1, 65, INT_MAX, INT_MIN};
    for (int i = 0; i < 4; i++) o.loops = loops[i], refused(&o, WS_ERR_PARAMETER, "loops");
    o.engine = -1, refused(&o, WS_ERR_PARAMETER, "engine");
    o.engine = 99, refused(&o, WS_ERR_PARAMETER, "engine");
    o.log_level = -1, refused(&o, WS_ERR_PARAMETER, "log_level");
    o.log_level = WS_LOG_DEBUG + 1, refused(&o, WS_ERR_PARAMETER, "log_level");
    o.memory_budget = -2, refused(&o, WS_ERR_PARAMETER, "memory_budget");
    o.memory_budget = (1 << 20) - 1, refused(&o, WS_ERR_PARAMETER, "memory_budget");
}

static t_latch lines = T_LATCH;

static void WS_CALL on_line(int32_t level, const char *line, void *user_data)
{
    CHECK(level >= WS_LOG_ERROR && level <= WS_LOG_INFO);
    CHECK(line[0]);
    CHECK(user_data == (void *)7);
    t_add(&lines, 1);
}

/* Each callback waits until all four are inside: only separate threads can do that. */
static t_latch inside = T_LATCH;
static pid_t threads[LOOPS];

static void meet(const ws_event *e, void *unused)
{
    (void)unused;
    if (strcmp(e->data, "meet") || t_by_queue()) return; /* callbacks of one queue are serial */
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static int n;
    pthread_mutex_lock(&mutex);
    threads[n++] = gettid();
    pthread_mutex_unlock(&mutex);
    t_add(&inside, 1);
    t_wait(&inside, LOOPS);
}

int main(void)
{
    out_of_range();
    ws_init_options o;
    WS_INIT_STRUCT(&o);
    o.loops = LOOPS;
    o.engine = WS_ENGINE_EPOLL;
    o.log = on_line;
    o.log_user_data = (void *)7;
    o.log_level = WS_LOG_INFO;
    o.memory_budget = -1;
    if (!ws_has_feature("epoll")) {
        CHECK_EQ(ws_init(&o), WS_ERR_UNSUPPORTED);
        o.engine = WS_ENGINE_GOROUTINE;
    }
    OK(ws_init(&o));
    CHECK_EQ(ws_init(&o), WS_ERR_STATE);
    CHECK_EQ(ws_init(NULL), WS_ERR_STATE);

    static t_log logs[LOOPS];
    ws_handle clients[LOOPS], server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, meet, NULL));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    for (int i = 0; i < LOOPS; i++) {
        logs[i] = (t_log)T_LOG;
        clients[i] = t_open_client(server, &logs[i]);
    }
    for (int i = 0; i < LOOPS; i++) OK(ws_send(clients[i], "meet", 4, WS_TEXT, NULL, NULL));
    for (int i = 0; i < LOOPS; i++) t_wait_event(&logs[i], WS_EVENT_MESSAGE, 1);
    for (int i = 0; i < LOOPS; i++)
        for (int j = 0; j < i; j++) CHECK(t_by_queue() || threads[i] != threads[j]);

    for (int n = 0; n < MESSAGES; n++)
        for (int i = 0; i < LOOPS; i++) OK(ws_send(clients[i], &n, sizeof n, WS_BINARY, NULL, NULL));
    for (int i = 0; i < LOOPS; i++)
        for (int n = 0; n < MESSAGES; n++) {
            const t_event *e = t_wait_event(&logs[i], WS_EVENT_MESSAGE, n + 2);
            CHECK(!memcmp(e->data, &n, sizeof n));
            CHECK_EQ(e->thread, t_wait_event(&logs[i], WS_EVENT_OPEN, 1)->thread); /* a connection stays on its loop */
        }

    t_raw stranger; /* a bad request is worth a line */
    t_raw_dial(&stranger, t_port(server));
    t_raw_text(&stranger, "nonsense\r\n\r\n");
    t_wait(&lines, 1);
    t_raw_close(&stranger);
    return t_done();
}
