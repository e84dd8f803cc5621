/* SPDX-License-Identifier: Apache-2.0 */
/* Every number that a function returns, when it has to. */
#include "n.h"

static void of_nobody(struct WebSocket *c, int code)
{
    struct WebSocket_Header header = {"a", "b", NULL};
    CHECK_EQ(OH_WebSocketClient_AddHeader(c, header), code);
    CHECK_EQ(OH_WebSocketClient_Connect(c, "ws://127.0.0.1:1/", n_nothing), code);
    CHECK_EQ(n_send(c, "x"), code);
    CHECK_EQ(OH_WebSocketClient_Send(c, NULL, 0), code);
    CHECK_EQ(n_end(c, 0, NULL), code);
    CHECK_EQ(OH_WebSocketClient_Destroy(c), code);
    CHECK_EQ(ws_ndk_skip_verification(c, 1), code);
}

static void of_headers(void)
{
    struct WebSocket *c = n_client();
    struct WebSocket_Header bad[] = {{NULL, "v", NULL}, {"n", NULL, NULL}}, odd[] = {{"a b", "v", NULL}, {"Upgrade", "v", NULL}, {"n", "a\nb", NULL}};
    for (int i = 0; i < 2; i++) {
        struct WebSocket_RequestOptions options = {&bad[i]};
        CHECK_EQ(OH_WebSocketClient_AddHeader(c, bad[i]), WEBSOCKET_NO_HEADER_CONTEXT);
        CHECK_EQ(OH_WebSocketClient_Connect(c, "ws://127.0.0.1:1/", options), WEBSOCKET_NO_HEADER_CONTEXT);
    }
    for (int i = 0; i < 3; i++) {
        struct WebSocket_RequestOptions options = {&odd[i]};
        CHECK_EQ(OH_WebSocketClient_Connect(c, "ws://127.0.0.1:1/", options), WEBSOCKET_NO_HEADER_CONTEXT);
    }
    struct WebSocket_Header good = {"n", "v", NULL}, loop = {"n", "v", &loop};
    for (int i = 0; i < 1000; i++) N_OK(OH_WebSocketClient_AddHeader(c, good));
    CHECK_EQ(OH_WebSocketClient_AddHeader(c, good), WEBSOCKET_HEADER_EXCEEDED);
    struct WebSocket_RequestOptions endless = {&loop};
    CHECK_EQ(OH_WebSocketClient_Connect(c, "ws://127.0.0.1:1/", endless), WEBSOCKET_HEADER_EXCEEDED);
    CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_NO_CONNECTION_CONTEXT);
}

static void of_urls(void)
{
    static const char *const bad[] = {"", "x", "http:/x", "http://127.0.0.1/", "ws://", "ws://a b/", "ws://127.0.0.1:99999/"};
    struct WebSocket *c = n_client();
    CHECK_EQ(OH_WebSocketClient_Connect(c, NULL, n_nothing), WEBSOCKET_CONNECTION_PARSE_URL_ERROR);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK_EQ(OH_WebSocketClient_Connect(c, bad[i], n_nothing), WEBSOCKET_CONNECTION_PARSE_URL_ERROR);
    CHECK_EQ(n_send(c, "x"), WEBSOCKET_NO_CLIENT_CONTEXT);
    CHECK_EQ(n_end(c, 0, NULL), WEBSOCKET_NO_CONNECTION);
    CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_NO_CONNECTION_CONTEXT);
}

static void of_an_open_one(void)
{
    ws_handle server = t_echo_server();
    struct WebSocket *c = n_client();
    N_OK(OH_WebSocketClient_Connect(c, t_url(server), n_nothing));
    CHECK_EQ(OH_WebSocketClient_Connect(c, t_url(server), n_nothing), WEBSOCKET_CONNECTION_ERROR);
    n_wait('o', 1);
    CHECK_EQ(OH_WebSocketClient_Connect(c, t_url(server), n_nothing), WEBSOCKET_CONNECTION_ERROR);
    CHECK_EQ(OH_WebSocketClient_Send(c, NULL, 0), WEBSOCKET_SEND_DATA_NULL);
    CHECK_EQ(OH_WebSocketClient_Send(c, NULL, 5), WEBSOCKET_SEND_DATA_NULL);
    char *large = t_bytes((4 << 20) + 1, 1, 0);
    N_OK(OH_WebSocketClient_Send(c, large, 0));
    CHECK_EQ(OH_WebSocketClient_Send(c, large, (4 << 20) + 1), WEBSOCKET_DATA_LENGTH_EXCEEDED);
    N_OK(OH_WebSocketClient_Send(c, large, 4 << 20)); /* the first message there is: nothing of 0 bytes has come */
    const n_event *m = n_wait('m', 1);
    CHECK_EQ(m->size, 4 << 20);
    CHECK(!memcmp(m->text, large, m->size));
    free(large);
    static const uint32_t bad[] = {1, 999, 1004, 1005, 1006, 1015, 2000, 5000, 0xffffffff};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK_EQ(n_end(c, bad[i], "x"), WEBSOCKET_PROTOCOL_ERROR);
    char *reason = t_bytes(125, 1, 1);
    reason[124] = 0;
    CHECK_EQ(n_end(c, 1000, reason), WEBSOCKET_PROTOCOL_ERROR);
    reason[123] = 0;
    N_OK(n_end(c, 4999, reason));
    CHECK_EQ(n_end(c, 1000, "again"), WEBSOCKET_NO_CONNECTION);
    CHECK_EQ(n_wait('c', 1)->code, 4999);
    CHECK_TEXT(n_find('c', 1)->text, reason);
    free(reason);
    CHECK_EQ(n_send(c, "late"), WEBSOCKET_NO_CLIENT_CONTEXT);
    CHECK_EQ(n_end(c, 0, NULL), WEBSOCKET_NO_CONNECTION);
    CHECK_TEXT(n_story(), "omc");
    N_OK(OH_WebSocketClient_Destroy(c));
    of_nobody(c, WEBSOCKET_CLIENT_NOT_CREATED);
}

/* The server does not read. */
static void of_a_full_queue(void)
{
    int port, listener = t_raw_small_listen(&port), status;
    struct WebSocket *c = n_client();
    char *data = t_bytes(1 << 20, 1, 0);
    t_raw peer;
    N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), n_nothing));
    t_raw_server(&peer, listener);
    close(listener);
    n_wait('o', 1);
    for (int i = 0; !(status = OH_WebSocketClient_Send(c, data, 1 << 20)); i++) CHECK(i < 100);
    CHECK_EQ(status, WEBSOCKET_QUEUE_LENGTH_EXCEEDED);
    free(data);
    t_raw_close(&peer);
    N_OK(OH_WebSocketClient_Destroy(c));
}

int main(void)
{
    CHECK_EQ(WEBSOCKET_NO_CONNECTION_CONTEXT, 1018);
    static struct WebSocket foreign;
    of_nobody(NULL, WEBSOCKET_CLIENT_NULL);
    of_nobody(&foreign, WEBSOCKET_CLIENT_NOT_CREATED);
    of_nobody((struct WebSocket *)8, WEBSOCKET_CLIENT_NOT_CREATED);
    of_headers();
    of_nobody((struct WebSocket *)8, WEBSOCKET_CLIENT_NOT_CREATED);
    of_urls();
    of_an_open_one();
    n_forget();
    of_a_full_queue();
    struct WebSocket *c = n_client();
    of_nobody((struct WebSocket *)((char *)c + 8), WEBSOCKET_CLIENT_NOT_CREATED); /* inside of one */
    of_nobody((struct WebSocket *)((char *)c + (1 << 12)), WEBSOCKET_CLIENT_NOT_CREATED);
    CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_NO_CONNECTION_CONTEXT);
    return t_done();
}
