/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads are cancelled again and again while they call, at whatever moment: the calls before have
 * ended as ever, and the library goes on. Some libcs interrupt a thread for it by a signal that nobody
 * can block, also where Go runs (capi/gate.c).
 */
#include "t.h"

enum { THREADS = 300 };

static t_latch begun = T_LATCH;

static int32_t WS_CALL refuse(const char *url, void *unused)
{
    (void)url, (void)unused;
    return 0;
}

static void *calls(void *client)
{
    t_add(&begun, 1);
    while (t_count(&begun) <= THREADS) { /* always: into Go, from there back to C, and both ways again */
        CHECK_EQ(ws_connect(*(ws_handle *)client, "ws://127.0.0.1:1/", NULL, NULL, NULL), WS_ERR_DOMAIN);
        pthread_testcancel();
    }
    return client;
}

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_client(&log);
    OK(ws_set_url_filter(refuse, NULL));
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        void *result;
        t_thread(&thread, calls, &client);
        t_wait(&begun, i + 1);
        for (volatile int moment = 0; moment < i % 50 * 400; moment++) {}
        CHECK_EQ(pthread_cancel(thread), 0);
        CHECK_EQ(pthread_join(thread, &result), 0);
        CHECK(result == PTHREAD_CANCELED);
    }
    OK(ws_set_url_filter(NULL, NULL));
    t_log other = T_LOG;
    t_echo_round(t_open_client(t_echo_server(), &other), &other, "x", 1, WS_TEXT, 1);
    t_destroy(client, &log);
    return t_done();
}
