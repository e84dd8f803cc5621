/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An id that the host gives to a connection comes back in each of its events and in its lines of
 * the log, which begin with its handle; an error that nobody hears is such a line.
 */
#include "t_queue.h"

static t_latch lines = T_LATCH;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char log_text[1 << 16];

static void WS_CALL on_line(int32_t level, const char *line, void *unused)
{
    (void)unused;
    pthread_mutex_lock(&mutex);
    size_t at = strlen(log_text);
    snprintf(log_text + at, sizeof log_text - at, "%d %s\n", (int)level, line);
    pthread_mutex_unlock(&mutex);
    t_add(&lines, 1);
}

static bool logged(const char *line)
{
    pthread_mutex_lock(&mutex);
    bool is = strstr(log_text, line);
    pthread_mutex_unlock(&mutex);
    return is;
}

static void refused(ws_handle handle)
{
    char longer[66];
    memset(longer, 'x', 65);
    longer[65] = 0;
    const char *const bad[] = {longer, "a\nb", "\x7f", "\xc3\xa4"};
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(ws_set_correlation_id(handle, bad[i]), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "id: ");
        ws_create_options o;
        WS_INIT_STRUCT(&o);
        o.correlation_id = bad[i];
        CHECK_EQ(ws_create(&o), 0);
        CHECK_HAS(ws_last_error(), "options.correlation_id: ");
    }
    OK(ws_set_correlation_id(handle, longer + 1)); /* 64 are not too many */
    OK(ws_set_correlation_id(handle, NULL));
}

static t_log accepted = T_LOG;

static void decide(const ws_event *e, void *unused)
{
    (void)unused;
    ws_accept_options o;
    WS_INIT_STRUCT(&o);
    CHECK_TEXT(e->correlation_id, "");
    o.correlation_id = "a\tb";
    CHECK_EQ(ws_accept(e->handle, &o), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.correlation_id");
    o.correlation_id = "not this one";
    o.protocol = "was not offered";
    CHECK_EQ(ws_accept(e->handle, &o), WS_ERR_PARAMETER); /* and it has not got the id either */
    o.protocol = NULL;
    if (strstr(e->target, "named")) o.correlation_id = "request 7";
    else o.correlation_id = NULL;
    OK(ws_accept(e->handle, &o));
    t_record(e, &accepted);
}

static void all_have(t_log *log, const char *id)
{
    for (int i = 0; i < log->count; i++) CHECK_TEXT(log->events[i]->correlation_id, id);
}

/* What was polled is valid although the handle is gone. */
static void polled(ws_handle server)
{
    ws_handle queue = t_queue_make(0, 0);
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    o.correlation_id = "polled";
    ws_handle client = ws_create(&o);
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    ws_event events[8];
    size_t n, at = 0;
    for (bool over = false; !over;) {
        events[0].struct_size = sizeof *events;
        OK(ws_queue_poll(queue, events, 8, T_DEADLINE_MS, &n));
        CHECK(n);
        for (at = 0; at < n; at++) {
            CHECK_TEXT(events[at].correlation_id, "polled");
            if (events[at].type == WS_EVENT_OPEN) OK(ws_destroy(client));
            over |= events[at].type == WS_EVENT_DESTROYED;
        }
    }
    T_UNTIL_SO(ws_destroy_wait(client, -1) == WS_ERR_HANDLE);
    for (at = 0; at < n; at++) CHECK_TEXT(events[at].correlation_id, "polled");
    OK(ws_queue_destroy(queue));
}

int main(void)
{
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.log = on_line;
    init.log_level = WS_LOG_DEBUG;
    OK(ws_init(&init));
    static t_log at_server = T_LOG, at_client = T_LOG, done = T_LOG, without = T_LOG;
    ws_handle server = t_server(NULL, &at_server);
    OK(ws_server_on(server, WS_EVENT_UPGRADE, decide, NULL));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));

    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.correlation_id = "user 5";
    ws_handle client = ws_create(&o);
    t_listen(client, &at_client);
    char url[100], line[200];
    snprintf(url, sizeof url, "%snamed", t_url(server));
    OK(ws_connect(client, url, NULL, t_record, &done));
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    t_echo_round(client, &at_client, "x", 1, WS_TEXT, 1);
    ws_handle connection = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    snprintf(line, sizeof line, "handle %#llx (request 7): ", (unsigned long long)connection);
    T_UNTIL_SO(logged(line));
    snprintf(line, sizeof line, "handle %#llx (user 5): connected to 127.0.0.1:%d", (unsigned long long)client,
             t_port(server));
    T_UNTIL_SO(logged(line));

    CHECK_EQ(ws_set_correlation_id(server, "x"), WS_ERR_HANDLE);
    OK(ws_close_wait(client, NULL, -1));
    t_wait_event(&at_server, WS_EVENT_CLOSE, 1);
    all_have(&at_client, "user 5");
    all_have(&done, "user 5");
    all_have(&at_server, "request 7");
    refused(client);
    OK(ws_set_correlation_id(client, "user 6"));
    OK(ws_connect_wait(client, t_url(server), NULL, -1)); /* not named this time */
    t_echo_round(client, &at_client, "x", 1, WS_TEXT, 2);
    CHECK_TEXT(t_wait_event(&at_client, WS_EVENT_MESSAGE, 2)->correlation_id, "user 6");
    ws_handle second = t_wait_event(&at_server, WS_EVENT_CONNECT, 2)->handle;
    CHECK_TEXT(t_wait_event(&at_server, WS_EVENT_CONNECT, 2)->correlation_id, "");
    OK(ws_set_correlation_id(second, "by a call"));
    t_echo_round(client, &at_client, "x", 1, WS_TEXT, 3);
    CHECK_TEXT(t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 3)->correlation_id, "by a call");
    for (int i = 0; i < 1000; i++) OK(ws_set_correlation_id(second, i % 2 ? "odd" : NULL)); /* no event is torn */
    OK(ws_destroy_wait(client, -1));
    t_wait_event(&at_server, WS_EVENT_CLOSE, 2);
    CHECK_TEXT(t_wait_event(&at_client, WS_EVENT_DESTROYED, 1)->correlation_id, "user 6");

    /* An error that nobody hears, and one that somebody does. */
    int port, taken = t_raw_refuse(&port);
    o.correlation_id = "nobody hears";
    ws_handle deaf = ws_create(&o), hears = t_client(&without);
    CHECK_EQ(ws_connect_wait(deaf, t_url_of_port(port), NULL, -1), WS_ERR_CONNECT_FAILED);
    CHECK_EQ(ws_connect_wait(hears, t_url_of_port(port), NULL, -1), WS_ERR_CONNECT_FAILED);
    t_wait_event(&without, WS_EVENT_ERROR, 1);
    CHECK_TEXT(t_wait_event(&without, WS_EVENT_ERROR, 1)->correlation_id, "");
    snprintf(line, sizeof line, "2 handle %#llx (nobody hears): no listener heard the error: ",
             (unsigned long long)deaf);
    T_UNTIL_SO(logged(line));
    snprintf(line, sizeof line, "2 handle %#llx", (unsigned long long)hears);
    CHECK(!logged(line));
    close(taken);

    polled(t_echo_server());
    return t_done();
}
