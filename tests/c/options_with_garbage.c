/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A struct that was never zeroed, but has the right struct_size, is refused by its flags, reserved members or
 * numbers, and the text names one: nobody follows a pointer in it.
 */
#include "t_every.h"

static ws_handle client, server;

static int32_t call_init(void *s) { return ws_init(s); }
static int32_t call_create(void *s) { return ws_create(s) ? WS_OK : WS_ERR_PARAMETER; }
static int32_t call_queue(void *s) { return ws_queue_create(s) ? WS_OK : WS_ERR_PARAMETER; }
static int32_t call_server(void *s) { return ws_server_create(s) ? WS_OK : WS_ERR_PARAMETER; }
static int32_t call_connect(void *s) { return ws_connect(client, "ws://127.0.0.1:1/", s, NULL, NULL); }
static int32_t call_close(void *s) { return ws_close(client, s, NULL, NULL); }
static int32_t call_send(void *s) { return ws_send_with(client, "x", 1, WS_TEXT, s, NULL, NULL); }
static int32_t call_publish(void *s) { return ws_publish_with(server, "t", 1, "x", 1, WS_TEXT, 0, s, NULL); }
static int32_t call_broadcast(void *s) { return ws_server_broadcast_with(server, "x", 1, WS_TEXT, 0, s, NULL); }
static int32_t call_set_relay(void *s) { return ws_server_set_relay(server, s); }
static int32_t call_deliver(void *s) { return ws_relay_deliver(server, s); }
static int32_t call_start(void *s) { return ws_server_start(server, s, NULL, NULL); }
static int32_t call_stop(void *s) { return ws_server_stop(server, s, NULL, NULL); }
static int32_t call_certificates(void *s) { return ws_server_set_certificates(server, s, 1); }

static int32_t call_reconnect(void *s)
{
    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    o.reconnect = s;
    return call_connect(&o);
}

static int32_t call_client_compression(void *s)
{
    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    o.compression = s;
    return call_connect(&o);
}

static int32_t call_server_compression(void *s)
{
    ws_server_config o;
    WS_INIT_STRUCT(&o);
    o.compression = s;
    return call_start(&o);
}

static int32_t call_config_certificates(void *s)
{
    ws_server_config o;
    WS_INIT_STRUCT(&o);
    o.certificates = s;
    o.certificate_count = 1;
    return call_start(&o);
}

static int32_t call_listeners(void *s)
{
    ws_server_config o;
    WS_INIT_STRUCT(&o);
    o.listeners = s;
    o.listener_count = 1;
    return call_start(&o);
}

static const struct {
    int32_t (*call)(void *);
    size_t size;
    const char *named;
} all[] = {
    {call_init, sizeof(ws_init_options), "options.reserved"},
    {call_create, sizeof(ws_create_options), "options.flags"},
    {call_queue, sizeof(ws_queue_options), "options.flags"},
    {call_server, sizeof(ws_server_options), "options.flags"},
    {call_connect, sizeof(ws_connect_options), "options.flags"},
    {call_close, sizeof(ws_close_options), "options.flags"},
    {call_send, sizeof(ws_send_options), "options.priority"},
    {call_publish, sizeof(ws_send_options), "options.priority"},
    {call_broadcast, sizeof(ws_send_options), "options.priority"},
    {call_set_relay, sizeof(ws_relay), "relay.flags"},
    {call_deliver, sizeof(ws_relay_message), "message.type"},
    {call_start, sizeof(ws_server_config), "config.flags"},
    {call_stop, sizeof(ws_close_options), "options.flags"},
    {call_certificates, sizeof(ws_certificate), "certificates[0].flags"},
    {call_reconnect, sizeof(ws_reconnect_options), "options.reconnect.flags"},
    {call_client_compression, sizeof(ws_compression), "options.compression.flags"},
    {call_server_compression, sizeof(ws_compression), "config.compression.flags"},
    {call_config_certificates, sizeof(ws_certificate), "config.certificates[0].flags"},
    {call_listeners, sizeof(ws_listener), "config.listeners[0].flags"},
};

/* Those of a request: inside its event there is one that waits. */
static int seen;

static void on_upgrade(const ws_event *e, void *user_data)
{
    (void)user_data;
    static const unsigned char fillings[] = {0x5a, 0xff, 0x01};
    for (size_t i = 0; i < sizeof fillings; i++) {
        ws_accept_options accept;
        memset(&accept, fillings[i], sizeof accept);
        accept.struct_size = sizeof accept;
        CHECK_EQ(ws_accept(e->handle, &accept), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "options.flags");
        ws_response response;
        memset(&response, fillings[i], sizeof response);
        response.struct_size = sizeof response;
        CHECK_EQ(ws_respond(e->handle, &response), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "response.flags");
    }
    OK(ws_accept(e->handle, NULL));
    seen = 1;
}

int main(void)
{
    static const unsigned char fillings[] = {0x5a, 0xff, 0x01, 0xcc};
    _Alignas(8) static unsigned char room[4096];
    for (size_t f = 0; f < sizeof fillings; f++) {
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            if (i == 1 && !client) {
                client = ws_create(NULL);
                server = ws_server_create(NULL);
            }
            memset(room, fillings[f], sizeof room);
            *(uint32_t *)(void *)room = (uint32_t)all[i].size;
            CHECK_EQ(all[i].call(room), WS_ERR_PARAMETER);
            CHECK_HAS(ws_last_error(), all[i].named);
        }
    }
    ws_handle asked = t_server(NULL, NULL);
    OK(ws_server_on(asked, WS_EVENT_UPGRADE, on_upgrade, NULL));
    t_open_client(asked, NULL);
    CHECK(seen);
    return t_done();
}
