/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far an attempt to connect is, is told by the stage of what ends it, and how long its
 * steps took by the figures. ws_network_changed makes one that hangs begin anew: it is one
 * attempt to the host, with one completion, and what was sent early leaves once.
 */
#include "t_client.h"

static t_log log_ = T_LOG;
static int port, listener;

static ws_connection_stats figures(ws_handle client)
{
    ws_connection_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_connection_stats_get(client, &s));
    return s;
}

/* ws_close while the peer keeps the client waiting in a stage. */
static void is_cancelled_in(const char *format, int stage)
{
    char url[100];
    t_raw peer;
    int fd = -1;
    ws_handle client = t_client(&log_);
    snprintf(url, sizeof url, format, port);
    OK(ws_connect(client, url, NULL, t_record, &log_));
    if (stage == WS_STAGE_TLS) { /* its first bytes are there */
        fd = accept(listener, NULL, NULL);
        CHECK(fd >= 0);
        CHECK_EQ(recv(fd, (char[1]){0}, 1, MSG_PEEK), 1);
    } else {
        t_raw_take(&peer, listener);
        t_raw_head(&peer);
    }
    OK(ws_close(client, NULL, NULL, NULL));
    for (int i = 0; i < 2; i++) {
        const t_event *e = t_wait_event(&log_, i ? WS_EVENT_ERROR : WS_EVENT_COMPLETION, 1);
        CHECK_EQ(e->error, WS_ERR_CANCELLED);
        CHECK_EQ(e->stage, stage);
    }
    fd >= 0 ? (void)close(fd) : t_raw_close(&peer);
    ws_connection_stats s = figures(client);
    if (s.resolve_us != -1 || s.connect_us != -1 || s.tls_us != -1 || s.upgrade_us != -1) FAIL("it was never open");
    t_destroy(client, &log_);
    t_forget(&log_);
}

static void steps_are_measured(void)
{
    t_raw peer;
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, t_url_of_port(port), NULL, t_record, &log_));
    long long before = t_now();
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    long long until = t_now() + 50; /* it waits so long at least, for TLS or for the upgrade */
    while (t_now() < until) sched_yield();
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    long long most = (t_now() - before + 1000) * 1000;
    ws_connection_stats s = figures(client);
    CHECK(s.resolve_us >= 0 && s.connect_us >= 0 && s.upgrade_us >= 50000 - 1000);
    CHECK(s.connect_us < most && s.upgrade_us < most);
    if (t_tls()) CHECK(s.tls_us > 0 && s.tls_us < most);
    if (!t_tls()) CHECK_EQ(s.tls_us, -1);
    t_raw_close(&peer);
    t_wait_event(&log_, WS_EVENT_CLOSE, 1);
    CHECK_EQ(figures(client).upgrade_us, s.upgrade_us); /* of the last connection, also when it has ended */
    t_destroy(client, &log_);
    t_forget(&log_);

    ws_handle server = t_echo_server();
    static t_log accepted = T_LOG;
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &accepted));
    client = t_open_client(server, NULL);
    s = figures(t_wait_event(&accepted, WS_EVENT_CONNECT, 1)->handle);
    CHECK_EQ(s.upgrade_us, -1);
    OK(ws_destroy(client));
    OK(ws_server_destroy(server));
}

static void network_change_begins_anew(int reconnects)
{
    t_raw old, peer;
    ws_connect_options o = t_options();
    ws_reconnect_options again = t_again(1);
    if (reconnects) o.reconnect = &again;
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, t_url_of_port(port), &o, t_record, &log_));
    OK(ws_send(client, "early", 5, WS_TEXT, NULL, NULL));
    t_raw_take(&old, listener);
    t_raw_head(&old); /* and it says nothing: that network is gone */
    OK(ws_network_changed());
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    t_raw_expect_end(&old);
    t_raw_close(&old);
    t_raw_text(&peer, t_raw_answer(&peer));
    t_raw_expect(&peer, T_TEXT, "early", 5);
    OK(ws_send(client, "later", 5, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "later", 5);
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    CHECK_EQ(figures(client).reconnects, 0);
    OK(ws_close(client, NULL, NULL, NULL));
    t_raw_expect_close(&peer, 1000);
    t_raw_send_close(&peer, 1000, "");
    t_wait_event(&log_, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_seen(&log_, WS_EVENT_COMPLETION), 1);
    CHECK_EQ(t_seen(&log_, WS_EVENT_ERROR), 0);
    t_raw_close(&peer);
    t_destroy(client, &log_);
    t_forget(&log_);
}

int main(void)
{
    listener = t_raw_listen(&port);
    is_cancelled_in(t_tls() ? "wss://127.0.0.1:%d/" : "ws://127.0.0.1:%d/", WS_STAGE_UPGRADE);
    if (!t_tls()) is_cancelled_in("wss://127.0.0.1:%d/", WS_STAGE_TLS);
    steps_are_measured();
    network_change_begins_anew(0);
    network_change_begins_anew(1);
    close(listener);
    return t_done();
}
