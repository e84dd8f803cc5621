/* SPDX-License-Identifier: Apache-2.0 */
/*
 * struct_size of every option struct: less than the first version is refused, a
 * newer, larger struct is taken when the part we do not know is zero.
 */
#include "t_every.h"

enum { TAIL = 24 };

/* An option struct with room behind it, as a later version would have. */
typedef struct sized {
    union {
        uint32_t struct_size;
        ws_init_options init;
        ws_create_options create;
        ws_connect_options connect;
        ws_close_options close;
        ws_send_options send;
        ws_server_options server;
        ws_server_config config;
        ws_relay relay;
        ws_relay_message message;
        ws_connection connection;
        unsigned char bytes[sizeof(ws_connect_options) + sizeof(ws_connection) + TAIL];
    } as;
} sized;

static ws_handle client, server;

static int32_t call_init(sized *s) { return ws_init(&s->as.init); }
static int32_t call_create(sized *s) { return ws_create(&s->as.create) ? WS_OK : WS_ERR_PARAMETER; }
static int32_t call_connect(sized *s) { return ws_connect(client, "ws://127.0.0.1:1/", &s->as.connect, NULL, NULL); }
static int32_t call_send(sized *s) { return ws_send_with(client, "x", 1, WS_TEXT, &s->as.send, NULL, NULL); }
static int32_t call_close(sized *s) { return ws_close(client, &s->as.close, NULL, NULL); }
static int32_t call_server(sized *s) { return ws_server_create(&s->as.server) ? WS_OK : WS_ERR_PARAMETER; }
static int32_t call_start(sized *s) { return ws_server_start(server, &s->as.config, NULL, NULL); }

static void WS_CALL take(const ws_relay_message *m, void *unused) { (void)m, (void)unused; }

static int32_t call_set_relay(sized *s)
{
    s->as.relay.on_message = take;
    return ws_server_set_relay(server, &s->as.relay);
}

static int32_t call_deliver(sized *s)
{
    s->as.message.type = WS_TEXT;
    s->as.message.broadcast = 1;
    return ws_relay_deliver(server, &s->as.message);
}

/* least: the size of the first version; good: what the call gives when the size is right. */
static void check_since(int32_t (*call)(sized *), size_t least, size_t size, int32_t good, const char *argument)
{
    sized s;
    CHECK(size + TAIL <= sizeof s);
    static const uint32_t wrong[] = {0, 1, 3, 65537, UINT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong + 1; i++) {
        memset(&s, 0, sizeof s);
        s.as.struct_size = i ? wrong[i - 1] : (uint32_t)least - 1;
        CHECK_EQ(call(&s), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), argument);
        CHECK_HAS(ws_last_error(), "struct_size");
    }
    for (size_t at = size; at < size + TAIL; at++) { /* a member that this version does not know */
        memset(&s, 0, sizeof s);
        s.as.struct_size = (uint32_t)size + TAIL;
        s.as.bytes[at] = 1;
        CHECK_EQ(call(&s), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), argument);
    }
    memset(&s, 0, sizeof s);
    s.as.struct_size = (uint32_t)size + TAIL;
    CHECK_EQ(call(&s), good);
}

/* The same of a struct that is as it was at first. */
static void check(int32_t (*call)(sized *), size_t size, int32_t good, const char *argument)
{
    check_since(call, size, size, good, argument);
}

/* What the library writes: never more than the caller's size. */
static void connection_info(void)
{
    static t_log log = T_LOG;
    ws_handle open = t_open_client(t_echo_server(), &log);
    sized s;
    memset(&s, 0, sizeof s);
    s.as.struct_size = sizeof(ws_connection) - 1;
    CHECK_EQ(ws_connection_info(open, &s.as.connection), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "struct_size");
    CHECK_EQ(s.as.connection.handle, 0);
    memset(&s, 0xee, sizeof s);
    s.as.struct_size = sizeof(ws_connection) + TAIL;
    OK(ws_connection_info(open, &s.as.connection));
    CHECK_EQ(s.as.struct_size, sizeof(ws_connection) + TAIL);
    CHECK_EQ(s.as.connection.handle, open);
    for (int i = 0; i < TAIL; i++) CHECK_EQ(s.as.bytes[sizeof(ws_connection) + i], 0xee);
}

static void listener_info(void)
{
    ws_handle own = t_server(NULL, NULL);
    ws_listener_info info;
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info - 1;
    CHECK_EQ(ws_server_listener(own, 0, &info), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "struct_size");
    CHECK_EQ(info.port, 0);
}

/* Elements of an array: each as large as the first one. */
static void listeners(void)
{
    struct {
        ws_listener first, second;
    } all;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    WS_INIT_STRUCT(&all.first);
    WS_INIT_STRUCT(&all.second);
    config.listeners = &all.first;
    config.listener_count = 2;
    all.second.struct_size--;
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.listeners[1]: struct_size");
    all.first.struct_size--;
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.listeners[0]: struct_size");
}

int main(void)
{
    check(call_init, sizeof(ws_init_options), WS_OK, "options");
    check_since(call_create, offsetof(ws_create_options, max_send_frame), sizeof(ws_create_options), WS_OK, "options");
    check_since(call_server, offsetof(ws_server_options, max_send_frame), sizeof(ws_server_options), WS_OK, "options");
    client = ws_create(NULL);
    server = ws_server_create(NULL);
    check_since(call_connect, offsetof(ws_connect_options, host), sizeof(ws_connect_options), WS_OK, "options");
    listeners();
    check_since(call_start, offsetof(ws_server_config, hosts), sizeof(ws_server_config), WS_OK, "config");
    client = t_open_client(server, NULL);
    check(call_close, sizeof(ws_close_options), WS_OK, "options");
    client = t_open_client(server, NULL);
    check(call_send, sizeof(ws_send_options), WS_OK, "options");
    check_since(call_set_relay, offsetof(ws_relay, returning), sizeof(ws_relay), WS_OK, "relay");
    check(call_deliver, sizeof(ws_relay_message), WS_OK, "message");
    connection_info();
    listener_info();
    return t_done();
}
