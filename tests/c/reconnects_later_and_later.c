/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that takes connections and ends them at once is asked less and less; one that
 * says Retry-After is left alone for so long; a certificate that is not taken is final,
 * unless WS_RETRY_CERTIFICATE says otherwise.
 */
#include "t_client.h"

static int port, listener;

/* With a listener of its own, whose backlog has no attempt of the client before. */
static ws_handle begin(const ws_reconnect_options *again, t_log *log)
{
    listener = t_raw_listen(&port);
    ws_connect_options o = t_options();
    o.reconnect = again;
    ws_handle client = t_flagged_client(0, log);
    OK(ws_connect(client, t_url_of_port(port), &o, t_record, log));
    return client;
}

static void ends_at_once(int stable_ms, int first, int second, int third)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_reconnect_options again;
    WS_INIT_STRUCT(&again);
    again.first_delay_ms = 1;
    again.exact = 1;
    again.stable_ms = stable_ms;
    const int delays[] = {first, second, third};
    ws_handle client = begin(&again, &log);
    for (int i = 0; i < 3; i++) {
        t_raw_server(&peer, listener);
        t_wait_event(&log, WS_EVENT_OPEN, i + 1);
        t_raw_close(&peer);
        const t_event *e = t_wait_event(&log, WS_EVENT_RECONNECTING, i + 1);
        CHECK_EQ(e->delay_ms, delays[i]);
        CHECK_EQ(e->attempt, 1);
    }
    t_destroy(client, &log);
    close(listener);
    t_forget(&log);
}

/* The wait behind an answer. */
static long long told(const char *status, const char *field, const ws_reconnect_options *again)
{
    t_log log = T_LOG;
    t_raw peer;
    char answer[300];
    ws_handle client = begin(again, &log);
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\n%s\r\nContent-Length: 0\r\n\r\n", status, field);
    t_raw_text(&peer, answer);
    t_raw_close(&peer);
    long long delay = t_wait_event(&log, WS_EVENT_RECONNECTING, 1)->delay_ms;
    t_destroy(client, &log);
    close(listener);
    t_forget(&log);
    return delay;
}

static void left_alone(void)
{
    ws_reconnect_options exact, jitter;
    WS_INIT_STRUCT(&exact);
    exact.exact = 1;
    WS_INIT_STRUCT(&jitter);
    CHECK_EQ(told("503 Busy", "Retry-After: 77", &exact), 77000);
    CHECK_EQ(told("429 Slow", "Retry-After: 77", &exact), 77000);
    CHECK_EQ(told("503 Busy", "Date: Fri, 31 Dec 1999 23:59:00 GMT\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT",
                  &exact), 59000);
    CHECK_EQ(told("503 Busy", "Retry-After: 86400", &exact), 3600000);
    CHECK_EQ(told("503 Busy", "Retry-After: soon", &exact), 500);
    CHECK_EQ(told("500 Broken", "Retry-After: 77", &exact), 500);
    long long delay = told("503 Busy", "Retry-After: 77", &jitter);
    CHECK(delay >= 77000 && delay <= 77500);
}

static void certificates(void)
{
    t_log log = T_LOG;
    ws_reconnect_options again = t_again(1);
    ws_connect_options o;
    WS_INIT_STRUCT(&o); /* its authorities are those of the system */
    o.reconnect = &again;
    ws_handle server = t_server(NULL, NULL);
    ws_handle client = t_flagged_client(0, &log);
    OK((ws_connect)(client, t_url(server), &o, t_record, &log));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->stage, WS_STAGE_RECONNECT);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->stage, WS_STAGE_RECONNECT);
    CHECK_TEXT(t_story(&log), "connect-done error");
    t_forget(&log);

    again.flags = WS_RETRY_CERTIFICATE;
    OK((ws_connect)(client, t_url(server), &o, NULL, NULL));
    t_wait_event(&log, WS_EVENT_RECONNECTING, 2);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->stage, WS_STAGE_TLS);
    t_destroy(client, &log);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&log);
}

int main(void)
{
    ends_at_once(0, 1, 2, 4);
    ends_at_once(-1, 1, 1, 1);
    left_alone();
    if (t_tls()) certificates();
    return t_done();
}
