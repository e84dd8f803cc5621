/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client with reconnect options comes back by itself: each loss gives error (none
 * after a Close frame), close with will_reconnect, reconnecting, and open. The
 * completion of ws_connect comes once. Final codes, final statuses, max_tries,
 * ws_close, ws_abort and ws_destroy end it.
 */
#include "t_client.h"

static int port, listener;

enum { HOUR = 3600000 };

static void connect_with(ws_handle client, const ws_reconnect_options *again, t_log *completions)
{
    ws_connect_options o = t_options();
    o.reconnect = again;
    OK(ws_connect(client, t_url_of_port(port), &o, t_record, completions));
}

static uint32_t reconnects(ws_handle client)
{
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(client, &stats));
    return stats.reconnects;
}

static void comes_back(void)
{
    static const struct {
        int code; /* of a Close frame; 0: FIN, -1: RST */
        const char *story;
    } losses[] = {
        {-1, "error close reconnecting open"},
        {0, "error close reconnecting open"},
        {1001, "close reconnecting open"},
        {1011, "close reconnecting open"},
        {4000, "close reconnecting open"},
    };
    t_log log = T_LOG, completions = T_LOG;
    t_raw peer;
    ws_reconnect_options again = t_again(1);
    ws_handle client = t_flagged_client(0, &log);
    connect_with(client, &again, &completions);
    t_raw_server(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_forget(&log);
    CHECK_EQ(t_wait_event(&completions, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        int code = losses[i].code;
        if (code < 0) {
            t_raw_reset(&peer);
        } else if (code == 0) {
            t_raw_close(&peer);
        } else {
            t_raw_send_close(&peer, code, "bye");
            t_raw_expect_close(&peer, code);
            t_raw_close(&peer);
        }
        t_raw_take(&peer, listener);
        CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
        CHECK_EQ(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL), WS_ERR_CONNECTION_EXISTS);
        t_raw_head(&peer);
        t_raw_text(&peer, t_raw_answer(&peer));
        t_wait_event(&log, WS_EVENT_OPEN, 1);
        CHECK_TEXT(t_story(&log), losses[i].story);
        const t_event *close = t_wait_event(&log, WS_EVENT_CLOSE, 1);
        CHECK_EQ(close->will_reconnect, 1);
        CHECK_EQ(close->code, code > 0 ? code : 1006);
        CHECK_EQ(close->clean, code > 0);
        if (code <= 0) CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->error, WS_ERR_CONNECT_FAILED);
        const t_event *announced = t_wait_event(&log, WS_EVENT_RECONNECTING, 1);
        CHECK_EQ(announced->attempt, 1);
        CHECK_EQ(announced->delay_ms, 1);
        CHECK_EQ(reconnects(client), i + 1);
        /* It works. */
        t_raw_send(&peer, T_TEXT, "hello", 5);
        t_wait_event(&log, WS_EVENT_MESSAGE, 1);
        OK(ws_send(client, "hello", 5, WS_TEXT, NULL, NULL));
        t_raw_expect(&peer, T_TEXT, "hello", 5);
        t_forget(&log);
    }
    CHECK_EQ(t_seen(&completions, 0), 1);

    /* A code that is final ends it. */
    t_raw_send_close(&peer, 1000, "");
    t_raw_expect_close(&peer, 1000);
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->will_reconnect, 0);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    CHECK_TEXT(t_story(&log), "close");

    /* One of the host's own, too. */
    static const int32_t final[] = {4001, 4002};
    again.final_codes = final;
    again.final_code_count = 2;
    t_forget(&log);
    connect_with(client, &again, &completions);
    t_raw_server(&peer, listener);
    t_raw_send_close(&peer, 4002, "");
    t_raw_expect_close(&peer, 4002);
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->will_reconnect, 0);
    CHECK_TEXT(t_story(&log), "open close");

    /* A connection without the option stays lost. */
    t_forget(&log);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_reset(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->will_reconnect, 0);
    t_destroy(client, &log);
    CHECK_TEXT(t_story(&log), "open error close destroyed");
    t_forget(&log);
    t_forget(&completions);
}

/* Answers the next request by a status. */
static void refuse(const char *status)
{
    t_raw peer;
    char answer[200];
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", status);
    t_raw_text(&peer, answer);
    t_raw_close(&peer);
}

static void tries_until_it_gives_up(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_reconnect_options again = t_again(1);
    again.max_tries = 2;
    ws_handle client = t_flagged_client(0, &log);

    /* Never open: the completion tells that it gave up. */
    connect_with(client, &again, &log);
    for (int i = 0; i < 3; i++) refuse("503 Busy");
    const t_event *done = t_wait_event(&log, WS_EVENT_COMPLETION, 1);
    const t_event *last = t_wait_event(&log, WS_EVENT_ERROR, 4);
    CHECK_TEXT(t_story(&log), "error reconnecting error reconnecting error connect-done error");
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->stage, WS_STAGE_UPGRADE);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_RECONNECTING, 2)->attempt, 2);
    CHECK_EQ(done->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(done->stage, WS_STAGE_RECONNECT);
    CHECK_EQ(done->status, 503);
    CHECK_EQ(last->stage, WS_STAGE_RECONNECT);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);

    /* Open, lost, and then it never comes back: an error, and no second completion. */
    t_forget(&log);
    connect_with(client, &again, &log);
    t_raw_server(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_reset(&peer);
    for (int i = 0; i < 2; i++) refuse("503 Busy");
    t_wait_event(&log, WS_EVENT_ERROR, 4);
    CHECK_TEXT(t_story(&log), "connect-done open error close reconnecting error reconnecting error error");
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 4)->stage, WS_STAGE_RECONNECT);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);

    /* A connection that opens resets the count of tries. */
    t_forget(&log);
    connect_with(client, &again, &log);
    refuse("503 Busy");
    refuse("503 Busy");
    t_raw_server(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_reset(&peer);
    refuse("503 Busy");
    t_raw_server(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 2);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_RECONNECTING, 3)->attempt, 1);

    /* A final status ends it at once. */
    t_raw_reset(&peer);
    refuse("401 Unauthorized");
    for (int n = 1;; n++) {
        const t_event *e = t_wait_event(&log, WS_EVENT_ERROR, n);
        if (e->stage != WS_STAGE_RECONNECT) continue;
        CHECK_EQ(e->status, 401);
        break;
    }
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    CHECK_EQ(t_seen(&log, WS_EVENT_COMPLETION), 1);
    CHECK_EQ(t_seen(&log, WS_EVENT_RECONNECTING), 5);

    /* So does one at the first try. */
    t_forget(&log);
    connect_with(client, &again, &log);
    refuse("401 Unauthorized");
    t_wait_event(&log, WS_EVENT_ERROR, 1);
    CHECK_TEXT(t_story(&log), "connect-done error");
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->status, 401);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->stage, WS_STAGE_RECONNECT);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->stage, WS_STAGE_RECONNECT);
    t_destroy(client, &log);
    t_forget(&log);
}

/* A client that has lost its connection and waits for an hour. */
static ws_handle waiting(t_log *log)
{
    t_raw peer;
    ws_reconnect_options again = t_again(HOUR);
    ws_handle client = t_flagged_client(0, log);
    connect_with(client, &again, log);
    t_raw_server(&peer, listener);
    t_wait_event(log, WS_EVENT_OPEN, 1);
    t_raw_reset(&peer);
    CHECK_EQ(t_wait_event(log, WS_EVENT_RECONNECTING, 1)->delay_ms, HOUR);
    CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
    CHECK_EQ(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL), WS_ERR_CONNECTION_EXISTS);
    return client;
}

static void waits_can_be_ended(void)
{
    t_log log = T_LOG;
    t_raw peer;
    for (int abort = 0; abort < 2; abort++) {
        ws_handle client = waiting(&log);
        OK(abort ? ws_abort(client) : ws_close(client, NULL, t_record, &log));
        CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 2)->error, WS_ERR_CANCELLED);
        if (!abort) CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 2)->error, WS_OK);
        CHECK_EQ(t_state(client), WS_STATE_CLOSED);
        OK(ws_network_changed()); /* nothing waits */
        t_forget(&log);
        t_meet(client, NULL, listener, port, &peer); /* and it is free for another one */
        t_wait_event(&log, WS_EVENT_OPEN, 1);
        CHECK_TEXT(t_story(&log), "open");
        t_raw_close(&peer);
        t_destroy(client, &log);
        t_forget(&log);
    }

    ws_handle client = waiting(&log);
    t_destroy(client, &log);
    CHECK_TEXT(t_story(&log), "connect-done open error close reconnecting destroyed");
    t_forget(&log);

    /* A network that has changed ends the wait, not the client. */
    client = waiting(&log);
    OK(ws_network_changed());
    t_raw_server(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 2);
    CHECK_EQ(reconnects(client), 1);

    /* ws_close of an open connection ends it for good. */
    OK(ws_close(client, NULL, NULL, NULL));
    t_raw_expect_close(&peer, 1000);
    t_raw_send_close(&peer, 1001, ""); /* no answer to ours, and not final */
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 2)->will_reconnect, 0);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    t_destroy(client, &log);
    t_forget(&log);

    /* The first connection was never there: the completion has to come. */
    ws_reconnect_options again = t_again(HOUR);
    client = t_flagged_client(0, &log);
    connect_with(client, &again, &log);
    refuse("503 Busy");
    t_wait_event(&log, WS_EVENT_RECONNECTING, 1);
    t_destroy(client, &log);
    CHECK_TEXT(t_story(&log), "error reconnecting connect-done destroyed");
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_ERR_CANCELLED);
    t_forget(&log);
}

static void WS_CALL close_it(const ws_event *e, void *log)
{
    t_record(e, log);
    OK(ws_close(e->handle, NULL, NULL, NULL));
}

/* ws_close inside the close and the reconnecting event. */
static void inside_callbacks(void)
{
    static const int events[] = {WS_EVENT_CLOSE, WS_EVENT_RECONNECTING};
    for (int i = 0; i < 2; i++) {
        t_log log = T_LOG;
        t_raw peer;
        ws_reconnect_options again = t_again(HOUR);
        ws_handle client = t_flagged_client(0, &log);
        OK(ws_on(client, events[i], close_it, &log));
        connect_with(client, &again, &log);
        t_raw_server(&peer, listener);
        t_wait_event(&log, WS_EVENT_OPEN, 1);
        t_raw_reset(&peer);
        CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 2)->error, WS_ERR_CANCELLED);
        CHECK_EQ(t_state(client), WS_STATE_CLOSED);
        t_destroy(client, &log);
        t_forget(&log);
    }
}

int main(void)
{
    listener = t_raw_listen(&port);
    comes_back();
    tries_until_it_gives_up();
    waits_can_be_ended();
    inside_callbacks();
    t_log log = T_LOG;
    waiting(&log);
    close(listener);
    int status = t_done(); /* while one waits */
    CHECK_TEXT(t_story(&log), "connect-done open error close reconnecting destroyed");
    return status;
}
