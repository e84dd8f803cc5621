/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With WS_ASK_BEFORE_RECONNECT the host is asked before each try what has changed: inside the
 * event, later, or from another thread, within a deadline. Nobody's answer is a failed try. What it
 * changes is refused by name; what denies credentials ends it only when new ones are denied, too.
 */
#include "t_client.h"

static int port, listener;

static ws_reconnect_changes changes(void)
{
    ws_reconnect_changes c;
    WS_INIT_STRUCT(&c);
    return c;
}

static ws_reconnect_options asking(int answer_timeout_ms)
{
    ws_reconnect_options o = t_again(1);
    o.flags = WS_ASK_BEFORE_RECONNECT;
    o.answer_timeout_ms = answer_timeout_ms;
    return o;
}

static ws_handle client_of(t_log *log)
{
    ws_handle client = t_flagged_client(0, log);
    OK(ws_on(client, WS_EVENT_BEFORE_RECONNECT, t_record, log));
    return client;
}

static void connects(ws_handle client, const ws_reconnect_options *again, t_log *log)
{
    ws_connect_options o = t_options();
    o.reconnect = again;
    o.headers = &(ws_header){"Authorization", "Bearer 0"};
    o.header_count = 1;
    OK(ws_connect(client, t_url_of_port(port), &o, t_record, log));
}

/* Takes the next try, and what it asks for. */
static const char *request(t_raw *peer, int at)
{
    t_raw_take(peer, at);
    return t_raw_head(peer);
}

static void refuse(const char *status)
{
    t_raw peer;
    char answer[200];
    request(&peer, listener);
    snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", status);
    t_raw_text(&peer, answer);
    t_raw_close(&peer);
}

/* ---- inside the event --------------------------------------------------------------------- */

static t_latch renewed = T_LATCH;

static void renew(const ws_event *e, void *unused)
{
    (void)unused;
    char token[40], url[100];
    ws_reconnect_changes c = changes();
    t_add(&renewed, 1);
    snprintf(token, sizeof token, "Bearer %ld", t_count(&renewed));
    snprintf(url, sizeof url, "%snow?n=%ld", t_url_of_port(port), t_count(&renewed));
    ws_header fields[] = {{"Authorization", token}, {"X-Try", "yes"}};
    c.url = url;
    c.headers = fields;
    c.header_count = 2;
    c.protocol = "token.7, chat";
    OK(ws_reconnect_with(e->handle, &c));
    CHECK_EQ(ws_reconnect_with(e->handle, &c), WS_ERR_STATE); /* once */
}

static void inside_the_event(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_reconnect_options again = asking(0);
    ws_handle client = client_of(&log);
    OK(ws_on(client, WS_EVENT_BEFORE_RECONNECT, renew, NULL));
    connects(client, &again, &log);
    CHECK_HAS(request(&peer, listener), "Authorization: Bearer 0\r\n"); /* nobody is asked before the first one */
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_send_close(&peer, 1012, "");
    t_raw_expect_close(&peer, 1012);
    t_raw_close(&peer);
    const char *head = request(&peer, listener);
    CHECK_HAS(head, "GET /now?n=1 HTTP/1.1\r\n");
    CHECK_HAS(head, "Authorization: Bearer 1\r\n");
    CHECK_HAS(head, "X-Try: yes\r\n");
    CHECK_HAS(head, "Sec-WebSocket-Protocol: token.7, chat\r\n");
    const t_event *asked = t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 1);
    CHECK_EQ(asked->attempt, 1);
    CHECK_EQ(asked->code, 1012);
    CHECK_EQ(asked->handle, client);
    CHECK_TEXT(t_story(&log), "connect-done open close reconnecting asks");
    t_raw_close(&peer); /* a failed try: asked again */
    CHECK_HAS(request(&peer, listener), "Authorization: Bearer 2\r\n");
    asked = t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 2);
    CHECK_EQ(asked->attempt, 2);
    CHECK_EQ(asked->code, 0);
    CHECK_EQ(asked->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(asked->stage, WS_STAGE_UPGRADE);
    CHECK_HAS(asked->text, "ended the connection");
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

/* ---- later, from another thread -------------------------------------------------------------- */

static void *answer(void *client)
{
    OK(ws_reconnect_with(*(ws_handle *)client, NULL));
    return NULL;
}

static void later_from_another_thread(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_reconnect_options again = asking(-1);
    again.flags |= WS_KEEP_SENDS;
    ws_handle client = client_of(&log);
    connects(client, &again, &log);
    t_raw_server(&peer, listener);
    CHECK_EQ(ws_reconnect_with(client, NULL), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "WS_ASK_BEFORE_RECONNECT");
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 1);
    CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
    OK(ws_send(client, "kept", 4, WS_TEXT, NULL, NULL));
    OK(ws_network_changed()); /* ends waits; this is none */
    pthread_t thread;
    t_thread(&thread, answer, &client);
    t_join(thread);
    CHECK_HAS(request(&peer, listener), "Authorization: Bearer 0\r\n"); /* as it was */
    t_raw_text(&peer, t_raw_answer(&peer));
    t_raw_expect(&peer, T_TEXT, "kept", 4);
    t_wait_event(&log, WS_EVENT_OPEN, 2);
    CHECK_TEXT(t_story(&log), "connect-done open error close reconnecting asks open");
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

/* ---- nobody ---------------------------------------------------------------------------------- */

static void nobody_answers(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_reconnect_options again = asking(1);
    again.max_tries = 2;
    ws_handle client = client_of(&log);
    connects(client, &again, &log);
    t_raw_server(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_send_close(&peer, 1011, "");
    t_raw_expect_close(&peer, 1011);
    t_raw_close(&peer);
    const t_event *gave_up = t_wait_event(&log, WS_EVENT_ERROR, 3);
    CHECK_TEXT(t_story(&log), "connect-done open close reconnecting asks error reconnecting asks error error");
    const t_event *error = t_wait_event(&log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_TIMEOUT);
    CHECK_EQ(error->stage, WS_STAGE_TIMEOUT);
    CHECK_HAS(error->text, "answer_timeout_ms of 1 ms is over");
    CHECK_HAS(error->text, "ws_reconnect_with");
    CHECK_EQ(gave_up->stage, WS_STAGE_RECONNECT);
    CHECK_EQ(ws_reconnect_with(client, NULL), WS_ERR_STATE); /* too late */
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    t_destroy(client, &log);
    t_forget(&log);
}

/* ---- the answer's values ---------------------------------------------------------------------- */

static void bad_values_are_refused_by_name(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_reconnect_options again = asking(-1);
    ws_handle client = client_of(&log);
    connects(client, &again, &log);
    t_raw_server(&peer, listener);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 1);
    ws_header bad_name = {"a b", "c"}, bad_value = {"a", "b\r\nc: d"}, own = {"Host", "x"};
    const struct {
        ws_reconnect_changes c;
        int32_t status;
        const char *says, *way_out;
    } all[] = {
        {{.url = "http://example.com/"}, WS_ERR_URL, "changes.url: ", "ws"},
        {{.url = ""}, WS_ERR_URL, "changes.url: ", ""},
        {{.header_count = 1}, WS_ERR_PARAMETER, "changes.headers: is NULL", ""},
        {{.headers = &bad_name, .header_count = 1}, WS_ERR_PARAMETER, "changes.headers: ", "not a token"},
        {{.headers = &bad_value, .header_count = 1}, WS_ERR_PARAMETER, "changes.headers: ", ""},
        {{.headers = &own, .header_count = 1}, WS_ERR_PARAMETER, "changes.headers: ", "host of the options"},
        {{.protocol = "a b"}, WS_ERR_PARAMETER, "changes.protocol: ", ""},
        {{.connect_address = "localhost"}, WS_ERR_PARAMETER, "changes.connect_address: ", "no IPv4 or IPv6 address"},
        {{.proxy_username = "me"}, WS_ERR_PARAMETER, "changes.proxy_username, changes.proxy_password: both or none", ""},
        {{.proxy_username = "me", .proxy_password = "x"}, WS_ERR_PARAMETER, "changes.proxy_username: ", "options.proxy"},
        {{.client_key_password = "x"}, WS_ERR_PARAMETER, "changes.client_key_password: ", "client_key_path"},
        {{.client_cert_path = "/nowhere/cert.pem", .client_cert = "x", .client_cert_size = 1}, WS_ERR_PARAMETER,
         "changes.client_cert: is given", ""},
        {{.flags = 1}, WS_ERR_PARAMETER, "changes.flags: ", ""},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ws_reconnect_changes c = all[i].c;
        c.struct_size = sizeof c;
        CHECK_EQ(ws_reconnect_with(client, &c), all[i].status);
        CHECK_HAS(ws_last_error(), all[i].says);
        CHECK_HAS(ws_last_error(), all[i].way_out);
    }
    if (t_tls()) { /* what a certificate is good for is looked at for wss only */
        ws_reconnect_changes c = changes();
        c.client_cert_path = "/nowhere/cert.pem";
        c.client_key_path = "/nowhere/key.pem";
        CHECK_EQ(ws_reconnect_with(client, &c), WS_ERR_CERT_FILE);
        CHECK_HAS(ws_last_error(), "changes.client_cert_path: ");
    }
    OK(ws_reconnect_with(client, NULL)); /* it is still asked */
    CHECK_HAS(request(&peer, listener), "Authorization: Bearer 0\r\n");
    t_raw_close(&peer);
    t_destroy(client, &log);
    CHECK_EQ(ws_reconnect_with(client, NULL), WS_ERR_HANDLE);
    CHECK_EQ(ws_reconnect_with(0, NULL), WS_ERR_HANDLE);

    again = asking(-2);
    ws_connect_options o = t_options();
    o.reconnect = &again;
    client = t_client(NULL);
    CHECK_EQ(ws_connect(client, t_url_of_port(port), &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.reconnect.answer_timeout_ms: -2");
    again = asking(5);
    again.flags = 0;
    CHECK_EQ(ws_connect(client, t_url_of_port(port), &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "WS_ASK_BEFORE_RECONNECT");
    OK(ws_destroy_wait(client, T_DEADLINE_MS));
    t_forget(&log);
}

/* Another host and port: what stood for the old ones is forgotten, all else stays. */
static void another_server(void)
{
    t_log log = T_LOG;
    t_raw peer;
    int other_port, other = t_raw_listen(&other_port);
    ws_reconnect_options again = asking(-1);
    ws_connect_options o = t_options();
    o.reconnect = &again;
    o.host = "first.example";
    o.connect_address = "127.0.0.1";
    o.protocol = "a";
    ws_handle client = client_of(&log);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    CHECK_HAS(request(&peer, listener), "Host: first.example\r\n");
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 1);
    ws_reconnect_changes c = changes();
    ws_header none;
    c.url = t_url_of_port(other_port);
    c.headers = &none;
    OK(ws_reconnect_with(client, &c));
    const char *head = request(&peer, other);
    CHECK_HAS(head, "Host: 127.0.0.1:");
    CHECK_HAS(head, "Sec-WebSocket-Protocol: a\r\n");
    CHECK(!strstr(head, "Authorization"));
    t_raw_close(&peer);
    t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 2);
    c = changes();
    c.protocol = "";
    OK(ws_reconnect_with(client, &c));
    head = request(&peer, other); /* a change holds for all that follow */
    CHECK(!strstr(head, "Sec-WebSocket-Protocol"));
    t_raw_close(&peer);
    t_destroy(client, &log);
    close(other);
    t_forget(&log);
}

/* ---- credentials that are not good ---------------------------------------------------------------- */

static void as_it_was(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_reconnect_with(e->handle, NULL));
}

static void denied_twice(void)
{
    t_log log = T_LOG;
    ws_reconnect_options again = asking(0);
    ws_handle client = client_of(&log);
    OK(ws_on(client, WS_EVENT_BEFORE_RECONNECT, as_it_was, NULL));
    connects(client, &again, &log);
    refuse("401 Unauthorized");
    refuse("503 Busy");
    refuse("407 Proxy");
    refuse("401 Unauthorized");
    const t_event *done = t_wait_event(&log, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(done->stage, WS_STAGE_RECONNECT);
    CHECK_EQ(done->status, 401);
    CHECK_HAS(done->text, "the answer is final");
    CHECK_EQ(t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 1)->status, 401);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 2)->status, 503);
    CHECK_EQ(t_seen(&log, WS_EVENT_BEFORE_RECONNECT), 3);

    /* 3000 of a connection that did not last, and again; 403 and 3003 are final at once. */
    static const int codes[][2] = {{3000, 3000}, {3003, 0}};
    for (int i = 0; i < 2; i++) {
        t_raw peer;
        t_forget(&log);
        connects(client, &again, &log);
        for (int n = 0; n < 2 && codes[i][n]; n++) {
            t_raw_server(&peer, listener);
            t_raw_send_close(&peer, codes[i][n], "");
            t_raw_expect_close(&peer, codes[i][n]);
            t_raw_close(&peer);
            int goes_on = n == 0 && codes[i][1];
            CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, n + 1)->will_reconnect, goes_on);
            if (goes_on) CHECK_EQ(t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 1)->code, 3000);
        }
        CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    }
    t_destroy(client, &log);
    t_forget(&log);
}

/* ---- ends while the host is asked ------------------------------------------------------------------- */

static void ends_while_the_host_is_asked(void)
{
    for (int how = 0; how < 4; how++) {
        static t_log log = T_LOG;
        t_raw peer;
        ws_reconnect_options again = asking(how == 3 ? 3600000 : -1);
        ws_handle client = client_of(&log);
        connects(client, &again, &log);
        t_raw_server(&peer, listener);
        t_raw_reset(&peer);
        t_wait_event(&log, WS_EVENT_BEFORE_RECONNECT, 1);
        if (how == 0) OK(ws_close(client, NULL, t_record, &log));
        if (how == 1) OK(ws_abort(client));
        if (how < 2) {
            t_wait_event(&log, WS_EVENT_ERROR, 2);
            if (how == 0) t_wait_event(&log, WS_EVENT_COMPLETION, 2);
            CHECK_EQ(ws_reconnect_with(client, NULL), WS_ERR_STATE);
            CHECK_EQ(t_state(client), WS_STATE_CLOSED);
            OK(ws_destroy_wait(client, T_DEADLINE_MS));
        } else if (how == 2) {
            OK(ws_destroy(client));
            CHECK_EQ(ws_reconnect_with(client, NULL), WS_ERR_HANDLE);
        }
        if (how == 3) return; /* the shutdown ends it */
        t_wait_event(&log, WS_EVENT_DESTROYED, 1);
        t_forget(&log);
    }
}

int main(void)
{
    listener = t_raw_listen(&port);
    CHECK_EQ(ws_has_feature("reconnect_with"), 1);
    CHECK_TEXT(ws_event_name(WS_EVENT_BEFORE_RECONNECT), "WS_EVENT_BEFORE_RECONNECT");
    inside_the_event();
    later_from_another_thread();
    nobody_answers();
    bad_values_are_refused_by_name();
    another_server();
    denied_twice();
    ends_while_the_host_is_asked();
    return t_done();
}
