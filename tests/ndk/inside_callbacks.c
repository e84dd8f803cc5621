/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Send, Close, Connect and Destroy inside every callback. After a Destroy nothing more is called, what was sent
 * before Close arrives all the same, and the client is gone.
 */
#include "n.h"

static struct WebSocket *client;
static char when, what[8];
static t_latch acted = T_LATCH, called_later = T_LATCH;
static const char *again;

static void act(char kind, struct WebSocket *c)
{
    CHECK(c == client);
    if (t_count(&acted)) t_add(&called_later, 1);
    if (kind != when || t_count(&acted)) return;
    bool open = kind == 'o' || kind == 'm';
    for (const char *a = what; *a; a++) switch (*a) {
        case 's': CHECK_EQ(n_send(c, "inside"), open ? WEBSOCKET_OK : WEBSOCKET_NO_CLIENT_CONTEXT); break;
        case 'c': CHECK_EQ(n_end(c, 3001, "inside"), open ? WEBSOCKET_OK : WEBSOCKET_NO_CONNECTION); break;
        case 'r': {
            int status = OH_WebSocketClient_Connect(c, again, n_nothing);
            if (strchr(what, 'c') && open && !status) break; /* the server has answered already */
            CHECK_EQ(status, open ? WEBSOCKET_CONNECTION_ERROR : WEBSOCKET_OK);
            break;
        }
        case 'd':
            CHECK_EQ(OH_WebSocketClient_Destroy(c), kind == 'e' ? WEBSOCKET_NO_CONNECTION_CONTEXT : WEBSOCKET_OK);
            CHECK_EQ(n_send(c, "x"), WEBSOCKET_CLIENT_NOT_CREATED);
            break;
    }
    t_add(&acted, 1);
}

static void on_open(struct WebSocket *c, WebSocket_OpenResult r) { n_open(c, r), act('o', c); }
static void on_message(struct WebSocket *c, char *data, uint32_t n) { n_message(c, data, n), act('m', c); }
static void on_error(struct WebSocket *c, WebSocket_ErrorResult r) { n_error(c, r), act('e', c); }
static void on_close(struct WebSocket *c, WebSocket_CloseResult r) { n_close(c, r), act('c', c); }

/* The server sends a message, waits for what the client says, and closes when the client does not. */
static void round_of(char kind, const char *acts)
{
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    int port, refuses = t_raw_refuse(&port);
    when = kind;
    snprintf(what, sizeof what, "%s", acts);
    acted.count = called_later.count = 0;
    again = strdup(t_url_of_port(port));
    client = OH_WebSocketClient_Constructor(on_open, on_message, on_error, on_close);
    CHECK(client);
    struct WebSocket *mine = client;
    N_OK(OH_WebSocketClient_Connect(client, kind == 'e' ? again : t_url(server), n_nothing));
    if (kind != 'e') {
        ws_handle accepted = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
        ws_send(accepted, "hello", 5, WS_TEXT, NULL, NULL); /* it may have gone */
        if (kind == 'c') {
            n_wait('m', 1);
            OK(ws_close(accepted, NULL, NULL, NULL));
        }
    }
    t_wait(&acted, 1);
    bool destroyed = strchr(acts, 'd'), closed = strchr(acts, 'c'), open = kind == 'o' || kind == 'm';
    if (open && closed && strchr(acts, 's')) {
        CHECK_TEXT((char *)t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1)->data, "inside");
        CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 3001);
        CHECK_TEXT(t_wait_event(&log, WS_EVENT_CLOSE, 1)->reason, "inside");
    }
    if (destroyed && kind != 'e') t_wait_event(&log, WS_EVENT_CLOSE, 1);
    if (!destroyed && !open && strchr(acts, 'r')) n_wait('e', kind == 'e' ? 2 : 1);
    if (!destroyed && open && closed) n_wait('c', 1);
    if (destroyed) CHECK_EQ(t_count(&called_later), 0);
    CHECK_EQ(OH_WebSocketClient_Destroy(mine), destroyed ? WEBSOCKET_CLIENT_NOT_CREATED : kind == 'e' ? WEBSOCKET_NO_CONNECTION_CONTEXT : WEBSOCKET_OK);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    if (destroyed) CHECK_EQ(t_count(&called_later), 0);
    close(refuses);
    free((char *)(uintptr_t)again);
    t_forget(&log);
    n_forget();
}

int main(void)
{
    for (const char *kind = "omec"; *kind; kind++) {
        static const char *const acts[] = {"s", "c", "r", "d", "sc", "sd", "cd", "scd", "rd", "scr"};
        for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) round_of(*kind, acts[i]);
    }
    return t_done();
}
