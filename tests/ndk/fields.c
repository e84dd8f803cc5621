/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What callbacks are told, and what a server is: status and text at open, messages with a NUL byte
 * behind them, code and reason at the end, the number and text of an error; the headers of the
 * options and no others, whose texts the program may write over.
 */
#include "n.h"

static void the_end(uint32_t code, const char *reason, int told, const char *text)
{
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    struct WebSocket *c = n_client();
    N_OK(OH_WebSocketClient_Connect(c, t_url(server), n_nothing));
    CHECK_EQ(n_wait('o', 1)->code, 101);
    CHECK_TEXT(n_find('o', 1)->text, "Switching Protocols");
    CHECK(n_find('o', 1)->client == c);
    N_OK(n_end(c, code, reason));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, told);
    CHECK_TEXT(t_wait_event(&log, WS_EVENT_CLOSE, 1)->reason, text);
    CHECK_EQ(n_wait('c', 1)->code, told);
    CHECK_TEXT(n_story(), "oc");
    N_OK(OH_WebSocketClient_Destroy(c));
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    n_forget();
    t_forget(&log);
}

/* What the server says. */
static void the_servers_end(t_raw *peer, int listener, int port, int code, const char *reason, uint32_t told)
{
    struct WebSocket *c = n_client();
    N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), n_nothing));
    t_raw_server(peer, listener);
    t_raw_send(peer, T_TEXT, "text", 4);
    t_raw_send(peer, T_BINARY, "a\0b", 3);
    t_raw_send(peer, T_TEXT, "", 0);
    if (code > 0) t_raw_send_close(peer, code, reason);
    else if (code == 0) t_raw_send(peer, T_CLOSE, "", 0);
    else if (code == -1) t_raw_reset(peer);
    else t_raw_send(peer, 0x83, "x", 1); /* an opcode that there is not */
    CHECK_EQ(n_wait('c', 1)->code, told);
    CHECK_TEXT(n_find('c', 1)->text, reason);
    CHECK_TEXT(n_story(), code == -2 ? "ommmec" : "ommmc");
    CHECK_TEXT(n_find('m', 1)->text, "text");
    CHECK_EQ(n_find('m', 2)->size, 3);
    CHECK(!memcmp(n_find('m', 2)->text, "a\0b", 3));
    CHECK_EQ(n_find('m', 3)->size, 0);
    if (code == -2) CHECK_EQ(n_find('e', 1)->code, WEBSOCKET_PROTOCOL_ERROR);
    if (code == -2) CHECK(n_find('e', 1)->size > 0);
    if (code != -1) t_raw_close(peer);
    N_OK(OH_WebSocketClient_Destroy(c));
    n_forget();
}

static void a_failure(void)
{
    int port, fd = t_raw_refuse(&port);
    struct WebSocket *c = n_client();
    for (int i = 1; i <= 2; i++) { /* and it may be tried again */
        N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), n_nothing));
        CHECK_EQ(n_wait('e', i)->code, WEBSOCKET_CONNECTION_ERROR);
        CHECK_HAS(n_find('e', i)->text, "refused");
    }
    CHECK_TEXT(n_story(), "ee");
    CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_NO_CONNECTION_CONTEXT);
    close(fd);
    n_forget();
}

static void the_headers(t_raw *peer, int listener, int port)
{
    struct WebSocket *c = n_client();
    char name[] = "X-One", value[] = "first";
    struct WebSocket_Header one = {name, value, (struct WebSocket_Header *)8}, two = {"X-Two", "", NULL};
    N_OK(OH_WebSocketClient_AddHeader(c, one));
    N_OK(OH_WebSocketClient_AddHeader(c, two));
    N_OK(OH_WebSocketClient_AddHeader(c, two));
    memset(name, '!', 5), memset(value, '!', 5);
    const struct WebSocket_Header *h = c->requestOptions.headers;
    CHECK_TEXT(h->fieldName, "X-One");
    CHECK_TEXT(h->fieldValue, "first");
    CHECK(h->next && h->next->next && !h->next->next->next);

    struct WebSocket_Header own = {"X-Own", "mine", NULL};
    struct WebSocket_RequestOptions lists[] = {c->requestOptions, {&own}, {NULL}};
    static const char *const has[] = {"X-One: first\r\nX-Two: \r\nX-Two: \r\n", "X-Own: mine\r\n", NULL};
    for (int i = 0; i < 3; i++) {
        N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), lists[i]));
        t_raw_take(peer, listener);
        const char *head = t_raw_head(peer);
        if (has[i]) CHECK_HAS(head, has[i]);
        CHECK(i == 0 || !strstr(head, "X-One"));
        CHECK(i == 1 || !strstr(head, "X-Own"));
        t_raw_text(peer, t_raw_answer(peer));
        n_wait('o', i + 1);
        t_raw_reset(peer);
        n_wait('c', i + 1);
    }
    N_OK(OH_WebSocketClient_Destroy(c));
    n_forget();
}

int main(void)
{
    the_end(0, NULL, 1000, "");
    the_end(0, "reason", 1000, "");
    the_end(3000, NULL, 1000, "");
    the_end(1001, "", 1001, "");
    the_end(3000, "reason", 3000, "reason");
    t_raw peer;
    int port, listener = t_raw_listen(&port);
    the_servers_end(&peer, listener, port, 1001, "bye", 1001);
    the_servers_end(&peer, listener, port, 1000, "", 1000);
    the_servers_end(&peer, listener, port, 0, "", 1005);
    the_servers_end(&peer, listener, port, -1, "", 1006);
    the_servers_end(&peer, listener, port, -2, "", 1006);
    the_headers(&peer, listener, port);
    a_failure();
    close(listener);
    return t_done();
}
