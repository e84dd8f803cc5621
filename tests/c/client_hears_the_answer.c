/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client that connects hears, in this order: the completion, every field of the
 * answer as it came (a repeated one twice), open with status and text, openInfo with
 * the same and the subprotocol; then each message with dataEnd behind it.
 */
#include "t.h"

static t_log log_ = T_LOG;

static void answer(t_raw *peer, const char *fields)
{
    char text[1000];
    const char *right = t_raw_answer(peer);
    snprintf(text, sizeof text, "%.*s%s\r\n", (int)strlen(right) - 2, right, fields);
    t_raw_text(peer, text);
}

static void on_header(const ws_event *e, void *unused)
{
    (void)unused;
    static const char *const wanted[][2] = {
        {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", NULL},
        {"Set-Cookie", "a=1"},    {"X-Empty", ""},           {"set-cookie", "b=2; Path=/"},
    };
    size_t at = 0, n = 0;
    const char *name, *value;
    while (ws_header_next(e->data, e->size, &at, &name, &value)) {
        CHECK(n < sizeof wanted / sizeof *wanted);
        CHECK_TEXT(name, wanted[n][0]);
        if (wanted[n][1]) CHECK_TEXT(value, wanted[n][1]);
        n++;
    }
    CHECK_EQ(n, sizeof wanted / sizeof *wanted);
    CHECK_EQ(at, e->size);
    t_record(e, &log_);
}

static void hears_all_in_order(int port, int listener)
{
    t_raw peer;
    ws_handle client = t_client(&log_);
    OK(ws_on(client, WS_EVENT_OPEN_INFO, t_record, &log_));
    OK(ws_on(client, WS_EVENT_HEADER_RECEIVE, on_header, NULL));
    OK(ws_on(client, WS_EVENT_DATA_END, t_record, &log_));
    OK(ws_connect(client, t_url_of_port(port), NULL, t_record, &log_));
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    answer(&peer, "Set-Cookie: a=1\r\nX-Empty:\r\nset-cookie:   b=2; Path=/  \r\n");
    t_raw_send(&peer, T_TEXT, "one", 3);
    t_raw_send(&peer, T_BINARY, "", 0);
    t_wait_event(&log_, WS_EVENT_DATA_END, 2);
    CHECK_TEXT(t_story(&log_), "connect-done header open open-info message data-end message data-end");
    const t_event *open = t_wait_event(&log_, WS_EVENT_OPEN, 1), *info = t_wait_event(&log_, WS_EVENT_OPEN_INFO, 1);
    CHECK_EQ(open->status, 101);
    CHECK_TEXT(open->text, "Switching Protocols");
    CHECK_EQ(info->status, 101);
    CHECK_TEXT(info->text, "Switching Protocols");
    CHECK_TEXT(info->protocol, "");

    /* Off means off: the messages go on without it. */
    OK(ws_off(client, WS_EVENT_DATA_END, NULL, NULL));
    t_raw_send(&peer, T_TEXT, "two", 3);
    t_wait_event(&log_, WS_EVENT_MESSAGE, 3);
    t_raw_send_close(&peer, 1000, "");
    t_wait_event(&log_, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_seen(&log_, WS_EVENT_DATA_END), 2);
    t_raw_close(&peer);
    t_destroy(client, &log_);
}

int main(void)
{
    int port, listener = t_raw_listen(&port);
    hears_all_in_order(port, listener);

    /* Anything but the header of an event gives nothing. */
    size_t at = 0;
    const char *name, *value;
    CHECK_EQ(ws_header_next(NULL, 5, &at, &name, &value), 0);
    CHECK_EQ(ws_header_next("name\0value", 10, &at, &name, &value), 0);
    CHECK_EQ(ws_header_next("name", 5, &at, &name, &value), 0);
    CHECK_EQ(ws_header_next("n\0v", 4, &at, &name, &value), 1);
    CHECK_EQ(at, 4);
    return t_done();
}
