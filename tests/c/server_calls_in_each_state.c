/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server_calls_in_each_state: what every call for a server says when that was never started, has
 * started, has stopped to listen, is stopping, has stopped, has started again and was destroyed.
 */
#include "t.h"

enum { CREATED, STARTED, DEAF, STOPPING, STOPPED, AGAIN, GONE, STATES };
enum { NOT_HERE = -1 }; /* it would succeed, and change the state */

static const char *const names[] = {"created", "started", "deaf", "stopping", "stopped", "started again", "destroyed"};
static ws_handle server, connection;
static t_log log_ = T_LOG;

static int32_t starts(void) { return ws_server_start(server, NULL, NULL, NULL); }

static int32_t port(void)
{
    int32_t n;
    return ws_server_port(server, &n);
}

static int32_t listener(void)
{
    ws_listener_info info;
    WS_INIT_STRUCT(&info);
    return ws_server_listener(server, 0, &info);
}

static int32_t descriptor(void)
{
    ws_socket fd = (ws_socket)-1;
    int32_t status = ws_server_descriptor(server, 0, &fd);
    if (status == WS_OK) close((int)fd);
    return status;
}

static int32_t publish(void)
{
    size_t n = 77;
    int32_t status = ws_publish(server, "topic", 5, "x", 1, WS_TEXT, 0, &n);
    CHECK_EQ(n, status ? 77 : 0);
    return status;
}

static int32_t broadcast(void)
{
    size_t n = 77;
    int32_t status = ws_server_broadcast(server, "x", 1, WS_TEXT, connection, &n);
    CHECK_EQ(n, status ? 77 : 0);
    return status;
}

static int32_t connections(void)
{
    ws_handle found[4];
    size_t n;
    return ws_server_connections(server, found, 4, &n);
}

static int32_t figures(void)
{
    ws_server_stats stats;
    WS_INIT_STRUCT(&stats);
    return ws_server_stats_get(server, &stats);
}

static int32_t stop_listening(void) { return ws_server_stop_listening(server, NULL, NULL); }
static int32_t stop(void) { return ws_server_stop(server, NULL, NULL, NULL); }
static int32_t subscribe(void) { return ws_subscribe(connection, "other", 5); }
static int32_t user_data(void) { return ws_set_user_data(server, NULL); }

#define NO_SERVER WS_ERR_HANDLE

static const struct {
    const char *name;
    int32_t (*call)(void);
    int32_t says[STATES];
} calls[] = {
    {"ws_server_start", starts,
     {NOT_HERE, WS_ERR_STATE, WS_ERR_STATE, WS_ERR_STATE, NOT_HERE, WS_ERR_STATE, NO_SERVER}},
    {"ws_server_port", port, {WS_ERR_STATE, WS_OK, WS_ERR_STATE, WS_ERR_STATE, WS_ERR_STATE, WS_OK, NO_SERVER}},
    {"ws_server_listener", listener, {WS_ERR_STATE, WS_OK, WS_ERR_STATE, WS_ERR_STATE, WS_ERR_STATE, WS_OK, NO_SERVER}},
    {"ws_server_descriptor", descriptor,
     {WS_ERR_STATE, WS_OK, WS_ERR_STATE, WS_ERR_STATE, WS_ERR_STATE, WS_OK, NO_SERVER}},
    {"ws_publish", publish, {WS_ERR_STATE, WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, NO_SERVER}},
    {"ws_server_broadcast", broadcast, {WS_ERR_STATE, WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, NO_SERVER}},
    {"ws_server_connections", connections, {WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, NO_SERVER}},
    {"ws_server_stats_get", figures, {WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, NO_SERVER}},
    {"ws_server_stop_listening", stop_listening,
     {WS_ERR_STATE, NOT_HERE, WS_ERR_STATE, WS_ERR_STATE, WS_ERR_STATE, NOT_HERE, NO_SERVER}},
    {"ws_server_stop", stop, {WS_ERR_STATE, NOT_HERE, NOT_HERE, WS_ERR_STATE, WS_ERR_STATE, NOT_HERE, NO_SERVER}},
    {"ws_subscribe", subscribe,
     {NOT_HERE, WS_OK, WS_OK, WS_ERR_STATE, WS_ERR_NO_CONNECTION, WS_ERR_NO_CONNECTION, WS_ERR_NO_CONNECTION}},
    {"ws_set_user_data", user_data, {WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, WS_OK, NO_SERVER}},
};

static void all(int state)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        int32_t want = calls[i].says[state], got;
        if (want != NOT_HERE && (got = calls[i].call()) != want)
            FAIL("%s, %s: %d, not %d", names[state], calls[i].name, got, want);
    }
}

/* Waits for the completion of what was called, the n-th of all. */
static void done(int n)
{
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_COMPLETION, n)->error, WS_OK);
}

int main(void)
{
    t_raw peer;
    ws_close_options patient;
    WS_INIT_STRUCT(&patient);
    patient.timeout_ms = T_DEADLINE_MS;
    server = ws_server_create(NULL);
    t_listen_server(server, &log_);
    all(CREATED);
    OK(ws_server_start(server, NULL, t_record, &log_));
    done(1);
    t_raw_client(&peer, t_port(server));
    connection = t_wait_event(&log_, WS_EVENT_CONNECT, 1)->handle;
    all(STARTED);
    OK(ws_server_stop_listening(server, t_record, &log_));
    done(2);
    all(DEAF);
    OK(ws_server_stop(server, &patient, t_record, &log_));
    t_raw_expect_close(&peer, 1001); /* it waits for the answer */
    all(STOPPING);
    t_raw_close(&peer);
    done(3);
    all(STOPPED);
    OK(ws_server_start(server, NULL, t_record, &log_));
    done(4);
    all(AGAIN);
    OK(ws_server_destroy(server));
    all(GONE);
    t_wait_event(&log_, WS_EVENT_DESTROYED, 1);
    all(GONE);
    t_forget(&log_);
    return t_done();
}
