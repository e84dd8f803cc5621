/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What queues refuse: a second dispatcher, dispatching inside a callback, the
 * wrong kind of queue or handle, nonsense arguments; and nothing else happens.
 */
#include "t_queue.h"

static ws_handle queue, inline_queue;
static t_latch inside = T_LATCH, leave = T_LATCH;
static t_log log_ = T_LOG;

static void in_callback(ws_handle q)
{
    size_t n = 77;
    ws_event e = {.struct_size = sizeof e};
    CHECK_EQ(ws_queue_dispatch(q, 0, 0, &n), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_queue_poll(q, &e, 1, 0, &n), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_shutdown_wait(0), WS_ERR_IN_CALLBACK);
    CHECK_EQ(n, 77);
}

static void stay(const ws_event *e, void *unused)
{
    (void)unused;
    in_callback(queue);
    in_callback(inline_queue);
    CHECK_EQ(ws_queue_destroy(queue), WS_ERR_BUSY);
    CHECK_EQ(ws_off_wait(e->handle, WS_EVENT_MESSAGE, stay, NULL, -1), WS_ERR_IN_CALLBACK);
    t_add(&inside, 1);
    t_wait(&leave, 1);
}

static void *dispatcher(void *unused)
{
    (void)unused;
    T_DISPATCH_UNTIL(queue, t_count(&leave));
    return NULL;
}

static void create_options(void)
{
    ws_queue_options o;
    WS_INIT_STRUCT(&o);
    o.flags = 4;
    CHECK_EQ(ws_queue_create(&o), 0);
    CHECK_HAS(ws_last_error(), "options.flags");
    o.flags = 0;
    o.max_bytes = -1;
    CHECK_EQ(ws_queue_create(&o), 0);
    CHECK_HAS(ws_last_error(), "options.max_bytes");
    o.max_bytes = 0;
    o.struct_size = 4;
    CHECK_EQ(ws_queue_create(&o), 0);
    CHECK_HAS(ws_last_error(), "struct_size");
    ws_create_options client;
    WS_INIT_STRUCT(&client);
    client.queue = 12345;
    CHECK_EQ(ws_create(&client), 0);
    CHECK_HAS(ws_last_error(), "options.queue");
    ws_server_options server;
    WS_INIT_STRUCT(&server);
    server.queue = 12345;
    CHECK_EQ(ws_server_create(&server), 0);
    CHECK_HAS(ws_last_error(), "options.queue");
}

static void handles(ws_handle bad)
{
    ws_socket fd = 77;
    size_t n = 77;
    ws_event e = {.struct_size = sizeof e};
    CHECK_EQ(ws_queue_fd(bad, &fd), WS_ERR_HANDLE);
    CHECK_EQ(ws_queue_dispatch(bad, 0, 0, &n), WS_ERR_HANDLE);
    CHECK_EQ(ws_queue_poll(bad, &e, 1, 0, &n), WS_ERR_HANDLE);
    CHECK_EQ(ws_queue_wake(bad), WS_ERR_HANDLE);
    CHECK_EQ(ws_queue_flush(bad), WS_ERR_HANDLE);
    CHECK_EQ(ws_queue_destroy(bad), WS_ERR_HANDLE);
    CHECK_EQ(fd, 77);
    CHECK_EQ(n, 77);
}

static void arguments(void)
{
    size_t n = 77;
    ws_event e = {.struct_size = sizeof e}, small = {.struct_size = 8};
    CHECK_EQ(ws_queue_fd(queue, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_queue_dispatch(queue, 0, 0, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_queue_dispatch(queue, 0, -2, &n), WS_ERR_PARAMETER);
    CHECK_EQ(ws_queue_poll(queue, &e, 1, -2, &n), WS_ERR_PARAMETER);
    CHECK_EQ(ws_queue_poll(queue, &e, 1, 0, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_queue_poll(queue, &e, 0, 0, &n), WS_ERR_PARAMETER);
    CHECK_EQ(ws_queue_poll(queue, NULL, 1, 0, &n), WS_ERR_PARAMETER);
    CHECK_EQ(ws_queue_poll(queue, &small, 1, 0, &n), WS_ERR_PARAMETER);
    CHECK_EQ(n, 77);
    int32_t state;
    void *value;
    CHECK_EQ(ws_state(queue, &state), WS_ERR_HANDLE); /* a queue is no connection */
    CHECK_EQ(ws_user_data(queue, &value), WS_ERR_HANDLE);
    CHECK_EQ(ws_server_stop(queue, NULL, NULL, NULL), WS_ERR_HANDLE);
}

int main(void)
{
    create_options();
    queue = t_queue_make(0, 0);
    inline_queue = t_queue_make(0, 0);
    arguments();
    ws_handle server = t_echo_server(), client = t_queue_client(queue, &log_);
    handles(client);
    handles(server);
    handles(0);
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_OPEN));
    OK(ws_on(client, WS_EVENT_MESSAGE, stay, NULL));
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    pthread_t other;
    t_thread(&other, dispatcher, NULL);
    t_wait(&inside, 1);
    size_t n = 77;
    ws_event e = {.struct_size = sizeof e};
    CHECK_EQ(ws_queue_dispatch(queue, 0, 0, &n), WS_ERR_BUSY);
    CHECK_EQ(ws_queue_poll(queue, &e, 1, -1, &n), WS_ERR_BUSY);
    CHECK_EQ(ws_queue_destroy(queue), WS_ERR_BUSY);
    CHECK_EQ(n, 77);
    OK(ws_queue_dispatch(inline_queue, 0, 0, &n)); /* another one is free */
    CHECK_EQ(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, 1), WS_ERR_TIMEOUT); /* it runs */
    t_add(&leave, 1);
    OK(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, T_DEADLINE_MS));
    t_join(other);

    ws_handle threaded = t_queue_make(WS_QUEUE_THREAD, 0);
    ws_socket fd = 77;
    n = 77;
    CHECK_EQ(ws_queue_fd(threaded, &fd), WS_ERR_STATE);
    CHECK_EQ(ws_queue_dispatch(threaded, 0, 0, &n), WS_ERR_STATE);
    CHECK_EQ(ws_queue_poll(threaded, &e, 1, 0, &n), WS_ERR_STATE);
    CHECK_EQ(fd, 77);
    CHECK_EQ(n, 77);
    OK(ws_queue_destroy(threaded));
    handles(threaded);

    OK(ws_destroy(client));
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_DESTROYED));
    OK(ws_queue_destroy(queue));
    handles(queue);
    OK(ws_queue_destroy(inline_queue));
    return t_done();
}
