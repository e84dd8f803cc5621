/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A relay whose thread the system refuses has not begun: the call says so, no function of it is called, and the server
 * is as before. One whose function ends its thread, when there is no other one, goes on in that thread's end.
 */
#include "t_refusals.h"
#include "t_relay.h"

enum { MANY = 1 << 30, MESSAGES = 5 };

static ws_handle server;
static t_log at_server = T_LOG;
static t_latch got = T_LATCH, over = T_LATCH;

static void a_refused_thread_is_named(void)
{
    t_relay relay = T_RELAY, next = T_RELAY;
    ws_relay o = t_relay_options(&relay);
    t_threads_left = 0;
    CHECK_EQ(ws_server_set_relay(server, &o), WS_ERR_UNKNOWN);
    CHECK_HAS(ws_last_error(), "relay: starting its thread: ");
    t_threads_left = MANY;
    t_publish(server, "t", "nobody");
    ws_relay_message m = t_relayed("t", "nobody");
    CHECK_EQ(ws_relay_deliver(server, &m), WS_ERR_STATE);
    t_relay_set(server, &next);
    t_publish(server, "t", "1");
    OK(ws_server_set_relay(server, NULL));
    t_relay_says(&next, "t=1 end");
    t_relay_wait_end(&next);
    t_relay_forget(&next);
    CHECK_EQ(relay.count, 0);
}

static void WS_CALL leaves_once(const ws_relay_message *m, void *unused)
{
    (void)unused;
    CHECK_EQ(*(const char *)m->data, 'a' + t_count(&got));
    t_add(&got, 1);
    if (t_count(&got) > 1) return;
    t_threads_left = 0;
    pthread_exit(NULL);
}

static void WS_CALL ends(void *unused)
{
    (void)unused;
    t_add(&over, 1);
}

static void goes_on_without_another_thread(void)
{
    ws_relay o;
    WS_INIT_STRUCT(&o);
    o.on_message = leaves_once;
    o.on_end = ends;
    OK(ws_server_set_relay(server, &o));
    char text[2] = "a";
    for (int i = 0; i < MESSAGES; i++, text[0]++) t_publish(server, "t", text);
    t_wait(&got, MESSAGES);
    t_threads_left = MANY;
    OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    CHECK_EQ(t_count(&got), MESSAGES);
    CHECK_EQ(t_count(&over), 1);
}

int main(void)
{
    server = t_server(NULL, &at_server);
    a_refused_thread_is_named();
    goes_on_without_another_thread();
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&at_server);
    return t_done();
}
