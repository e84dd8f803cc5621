/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NULL where it is not allowed, and numbers that mean nothing, give the right
 * status and a text that names the argument, and nothing happens.
 */
#include "t_every.h"

#include <limits.h>

#define REFUSED(call, status, argument)                    \
    do {                                                   \
        CHECK_EQ(call, status);                            \
        CHECK_HAS(ws_last_error(), argument);              \
    } while (0)

static const int nonsense[] = {0, -1, 98, 99, INT_MAX, INT_MIN};
enum { NONSENSE = sizeof nonsense / sizeof *nonsense };

static void connections(ws_handle client, ws_handle accepted)
{
    REFUSED(ws_connect(client, NULL, NULL, t_never, NULL), WS_ERR_PARAMETER, "url");
    REFUSED(ws_send(client, NULL, 1, WS_TEXT, t_never, NULL), WS_ERR_PARAMETER, "data");
    REFUSED(ws_send(client, NULL, SIZE_MAX, WS_TEXT, t_never, NULL), WS_ERR_PARAMETER, "data");
    REFUSED(ws_send(client, "x", SIZE_MAX, WS_BINARY, t_never, NULL), WS_ERR_TOO_LARGE, "size");
    REFUSED(ws_subscribe(accepted, NULL, 1), WS_ERR_PARAMETER, "topic");
    REFUSED(ws_subscribe(accepted, "t", 0), WS_ERR_PARAMETER, "topic_size");
    REFUSED(ws_unsubscribe(accepted, "t", SIZE_MAX), WS_ERR_PARAMETER, "topic_size");
    REFUSED(ws_state(client, NULL), WS_ERR_PARAMETER, "state");
    REFUSED(ws_buffered_amount(client, NULL), WS_ERR_PARAMETER, "bytes");
    REFUSED(ws_connection_info(client, NULL), WS_ERR_PARAMETER, "info");
    REFUSED(ws_user_data(client, NULL), WS_ERR_PARAMETER, "user_data");
    REFUSED(ws_on(client, WS_EVENT_MESSAGE, NULL, NULL), WS_ERR_PARAMETER, "callback");
    REFUSED(ws_off_wait(client, WS_EVENT_MESSAGE, NULL, NULL, -2), WS_ERR_PARAMETER, "timeout_ms");
    for (int i = 0; i < NONSENSE; i++) {
        REFUSED(ws_send(client, "x", 1, nonsense[i], t_never, NULL), WS_ERR_PARAMETER, "type");
        REFUSED(ws_on(client, nonsense[i], t_never, NULL), WS_ERR_PARAMETER, "event");
        REFUSED(ws_off(client, nonsense[i], t_never, NULL), WS_ERR_PARAMETER, "event");
        REFUSED(ws_off_wait(client, nonsense[i], t_never, NULL, 0), WS_ERR_PARAMETER, "event");
    }
    /* Events of the other kind of handle, and completions, which are no listeners' events. */
    REFUSED(ws_on(client, WS_EVENT_CONNECT, t_never, NULL), WS_ERR_PARAMETER, "event");
    REFUSED(ws_on(client, WS_EVENT_MESSAGE_RECEIVE, t_never, NULL), WS_ERR_PARAMETER, "event");
    REFUSED(ws_on(client, WS_EVENT_COMPLETION, t_never, NULL), WS_ERR_PARAMETER, "event");
    REFUSED(ws_on(accepted, WS_EVENT_OPEN, t_never, NULL), WS_ERR_PARAMETER, "event");

    static const int codes[] = {-1, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535, 65536, 65536 + 1000,
                                INT_MIN};
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        options.code = codes[i];
        REFUSED(ws_close(client, &options, t_never, NULL), WS_ERR_PARAMETER, "code");
    }
    CHECK_EQ(t_state(client), WS_STATE_OPEN);
}

static void servers(ws_handle server)
{
    size_t count;
    REFUSED(ws_server_port(server, NULL), WS_ERR_PARAMETER, "port");
    REFUSED(ws_server_listener(server, 0, NULL), WS_ERR_PARAMETER, "info");
    REFUSED(ws_server_descriptor(server, 0, NULL), WS_ERR_PARAMETER, "descriptor");
    REFUSED(ws_server_connections(server, NULL, 0, NULL), WS_ERR_PARAMETER, "count");
    REFUSED(ws_server_connections(server, NULL, 5, &count), WS_ERR_PARAMETER, "connections");
    REFUSED(ws_server_broadcast(server, NULL, 1, WS_TEXT, 0, &count), WS_ERR_PARAMETER, "data");
    REFUSED(ws_server_broadcast(server, "x", SIZE_MAX, WS_TEXT, 0, &count), WS_ERR_TOO_LARGE, "size");
    REFUSED(ws_publish(server, NULL, 1, "x", 1, WS_TEXT, 0, &count), WS_ERR_PARAMETER, "topic");
    REFUSED(ws_publish(server, "t", SIZE_MAX, "x", 1, WS_TEXT, 0, &count), WS_ERR_PARAMETER, "topic_size");
    REFUSED(ws_publish(server, "t", 1, "x", 1, WS_TEXT, server, &count), WS_ERR_HANDLE, "except");
    REFUSED(ws_server_on(server, WS_EVENT_CONNECT, NULL, NULL), WS_ERR_PARAMETER, "callback");
    for (int i = 0; i < NONSENSE; i++) {
        REFUSED(ws_server_broadcast(server, "x", 1, nonsense[i], 0, &count), WS_ERR_PARAMETER, "type");
        REFUSED(ws_server_on(server, nonsense[i], t_never, NULL), WS_ERR_PARAMETER, "event");
        REFUSED(ws_server_off(server, nonsense[i], t_never, NULL), WS_ERR_PARAMETER, "event");
    }
    REFUSED(ws_server_on(server, WS_EVENT_OPEN, t_never, NULL), WS_ERR_PARAMETER, "event");
    REFUSED(ws_server_on(server, WS_EVENT_MESSAGE, t_never, NULL), WS_ERR_PARAMETER, "event");
    REFUSED(ws_server_on(server, WS_EVENT_COMPLETION, t_never, NULL), WS_ERR_PARAMETER, "event");
}

static void urls(ws_handle client)
{
    static const char *const bad[] = {
        "", "x", "http://127.0.0.1/", "https://127.0.0.1/", "127.0.0.1", "//127.0.0.1/", "ws:", "ws:/", "ws://", "ws:///path",
        "ws://127.0.0.1:0/", "ws://127.0.0.1:65536/", "ws://127.0.0.1:x/", "ws://127.0.0.1:-1/", "ws://[::1/",
        "ws://127.0.0.1/#fragment", "ws://127.0.0.1/a b", "ws://127.0.0.1/\r\nHeader: x", " ws://127.0.0.1/", "ws://a b/",
        "ws://127.0.0.1/\n", "ws://127.0.0.1/\x7f",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int32_t status = ws_connect(client, bad[i], NULL, t_never, NULL);
        if (status != WS_ERR_URL) FAIL("ws_connect to \"%s\" gives %d", bad[i], status);
        CHECK_HAS(ws_last_error(), "url");
    }
    char *longest = malloc(10000);
    memset(longest, 'a', 9999);
    longest[9999] = 0;
    memcpy(longest, "ws://127.0.0.1/", 15);
    REFUSED(ws_connect(client, longest, NULL, t_never, NULL), WS_ERR_URL, "url");
    longest[8197] = 0; /* one byte more than allowed */
    REFUSED(ws_connect(client, longest, NULL, t_never, NULL), WS_ERR_URL, "url");
    free(longest);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
}

static void option_values(void)
{
    ws_create_options create;
    WS_INIT_STRUCT(&create);
    create.flags = 0x40000000;
    CHECK_EQ(ws_create(&create), 0);
    CHECK_HAS(ws_last_error(), "flags");
    create.flags = 0, create.max_message_size = -2;
    CHECK_EQ(ws_create(&create), 0);
    CHECK_HAS(ws_last_error(), "max_message_size");
    create.max_message_size = 0, create.max_buffered = -1;
    CHECK_EQ(ws_create(&create), 0);
    CHECK_HAS(ws_last_error(), "max_buffered");
    create.max_buffered = INT64_MAX;
    CHECK_EQ(ws_create(&create), 0);
    CHECK_HAS(ws_last_error(), "max_buffered");

    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.flags = 0x80000000;
    CHECK_EQ(ws_server_create(&options), 0);
    CHECK_HAS(ws_last_error(), "flags");

    ws_handle client = ws_create(NULL), server = ws_server_create(NULL);
    ws_connect_options connect;
    WS_INIT_STRUCT(&connect);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    static const int times[] = {-2, INT_MIN, 3600001, INT_MAX};
    for (int i = 0; i < 4; i++) {
        connect.handshake_timeout_ms = config.handshake_timeout_ms = times[i];
        REFUSED(ws_connect(client, "ws://127.0.0.1:1/", &connect, t_never, NULL), WS_ERR_PARAMETER,
                "handshake_timeout_ms");
        REFUSED(ws_server_start(server, &config, t_never, NULL), WS_ERR_PARAMETER, "handshake_timeout_ms");
    }
    config.handshake_timeout_ms = 0;
    static const int backlogs[] = {-1, 65536, INT_MIN};
    for (int i = 0; i < 3; i++) {
        config.backlog = backlogs[i];
        REFUSED(ws_server_start(server, &config, t_never, NULL), WS_ERR_PARAMETER, "backlog");
    }
    CHECK_EQ(ws_server_port(server, &(int32_t){0}), WS_ERR_STATE); /* it has not started */
    urls(client);
    CHECK_EQ(ws_shutdown_wait(-2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "timeout_ms");
}

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    CHECK_TEXT(ws_last_error(), ""); /* also before any call */
    ws_handle server = t_server(NULL, &at_server), client = t_open_client(server, &at_client);
    connections(client, t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle);
    servers(server);
    option_values();
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    CHECK_TEXT(ws_last_error(), ""); /* a call that succeeds clears it */
    t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 1);
    CHECK_TEXT(t_story(&at_server), "connect receive");
    CHECK_TEXT(t_story(&at_client), "open");
    return t_done();
}
