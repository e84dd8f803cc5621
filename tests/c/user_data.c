/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user_data is the host's: any value comes back as it was, from options, from
 * ws_set_user_data, and in listeners and completions; libws never looks at it.
 */
#include "t.h"

static void *const odd[] = {NULL, (void *)1, (void *)7, (void *)-1, (void *)(intptr_t)0x7fffffffffff, (void *)0x123};
enum { ODD = sizeof odd / sizeof *odd };

static t_latch calls = T_LATCH;
static void *expected;

static void check(const ws_event *e, void *user_data)
{
    (void)e;
    CHECK(user_data == expected);
    t_add(&calls, 1);
}

static void *get(ws_handle handle)
{
    void *value = &calls;
    OK(ws_user_data(handle, &value));
    return value;
}

static void values_of_handles(ws_handle handle)
{
    CHECK(get(handle) == NULL);
    for (int i = 0; i < ODD; i++) {
        OK(ws_set_user_data(handle, odd[i]));
        CHECK(get(handle) == odd[i]);
    }
}

static void values_of_options(void)
{
    for (int i = 0; i < ODD; i++) {
        ws_create_options create;
        WS_INIT_STRUCT(&create);
        create.user_data = odd[i];
        ws_handle client = ws_create(&create);
        CHECK(get(client) == odd[i]);
        OK(ws_destroy(client));
        ws_server_options options;
        WS_INIT_STRUCT(&options);
        options.user_data = odd[i];
        ws_handle server = ws_server_create(&options);
        CHECK(get(server) == odd[i]);
        OK(ws_server_destroy(server));
    }
}

/* Also in the last event of a handle that nobody can ask any more. */
static void values_of_callbacks(ws_handle server)
{
    for (int i = 0; i < ODD; i++) {
        expected = odd[i];
        calls.count = 0;
        ws_handle client = ws_create(NULL);
        for (int event = WS_EVENT_OPEN; event <= WS_EVENT_DESTROYED; event++) OK(ws_on(client, event, check, odd[i]));
        OK(ws_connect(client, t_url(server), NULL, check, odd[i]));
        t_wait(&calls, 2);
        OK(ws_send(client, "x", 1, WS_TEXT, check, odd[i]));
        t_wait(&calls, 4);
        OK(ws_close(client, NULL, check, odd[i]));
        t_wait(&calls, 6);
        OK(ws_destroy(client));
        t_wait(&calls, 7);
    }
}

static void set_in_connect(const ws_event *e, void *value)
{
    OK(ws_set_user_data(e->handle, value));
}

static void find_in_close(const ws_event *e, void *value)
{
    CHECK(get(e->handle) == value);
    t_add(&calls, 1);
}

/* A connection's own value, from its first event to its last. */
static void values_of_connections(void)
{
    static int mine;
    calls.count = 0;
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, set_in_connect, &mine));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, find_in_close, &mine));
    OK(ws_server_on(server, WS_EVENT_CLOSE, find_in_close, &mine));
    ws_handle client = t_open_client(server, NULL);
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    OK(ws_close(client, NULL, NULL, NULL));
    t_wait(&calls, 2);
    CHECK(get(server) == NULL);
}

int main(void)
{
    ws_handle server = t_echo_server();
    values_of_handles(server);
    ws_handle client = t_open_client(server, NULL);
    values_of_handles(client);
    ws_handle accepted;
    size_t count;
    OK(ws_server_connections(server, &accepted, 1, &count));
    values_of_handles(accepted);
    values_of_options();
    values_of_callbacks(server);
    values_of_connections();
    return t_done();
}
