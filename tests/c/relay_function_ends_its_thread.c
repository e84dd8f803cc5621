/* SPDX-License-Identifier: Apache-2.0 */
/* A function of a relay that ends its thread loses nothing: another thread goes on, and none is left behind. */
#include "t_proc.h"
#include "t_relay.h"

enum { MESSAGES = 20 };

static ws_handle server;
static t_log at_server = T_LOG;
static t_latch got = T_LATCH, over = T_LATCH;

static void WS_CALL leaves(const ws_relay_message *m, void *user)
{
    CHECK_EQ(*(const char *)m->data, 'a' + t_count(&got));
    t_add(user, 1);
    pthread_exit(NULL);
}

static void WS_CALL ends(void *user)
{
    t_add(user == &got ? &over : &got, 1);
    pthread_exit(NULL);
}

static void all_come(void)
{
    server = t_server(NULL, &at_server);
    got = over = (t_latch)T_LATCH;
    ws_relay o;
    WS_INIT_STRUCT(&o);
    o.on_message = leaves;
    o.on_end = ends;
    o.user_data = &got;
    OK(ws_server_set_relay(server, &o));
    char text[2] = "a";
    for (int i = 0; i < MESSAGES; i++, text[0]++) t_publish(server, "t", text);
    OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    CHECK_EQ(t_count(&got), MESSAGES);
    CHECK_EQ(t_count(&over), 1);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&at_server);
}

int main(void)
{
    all_come();
    int threads = t_threads(); /* with those that Go has begun by now */
    all_come();
    T_UNTIL_SO(t_threads() <= threads);
    return t_done();
}
