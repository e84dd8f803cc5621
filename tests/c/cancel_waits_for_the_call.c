/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread of the host that is cancelled inside of a call, even in a callback of the host
 * that is a point of cancellation, ends when the call has returned, and leaves nothing locked.
 */
#include "t.h"

#include <time.h>

static t_latch inside = T_LATCH, cancelled = T_LATCH;
static int passed;

static int32_t WS_CALL filter(const char *url, void *unused)
{
    (void)url, (void)unused;
    t_add(&inside, 1);
    t_wait(&cancelled, 1);
    nanosleep(&(struct timespec){.tv_nsec = 1}, NULL); /* a point of cancellation */
    passed = 1;
    return 0;
}

static void *connects(void *client)
{
    CHECK_EQ(ws_connect(*(ws_handle *)client, "ws://127.0.0.1:1/", NULL, NULL, NULL), WS_ERR_DOMAIN);
    pthread_testcancel();
    FAIL("it was not cancelled");
}

int main(void)
{
    static t_log log = T_LOG;
    pthread_t thread;
    void *result;
    ws_handle client = t_client(&log);
    OK(ws_set_url_filter(filter, NULL));
    t_thread(&thread, connects, &client);
    t_wait(&inside, 1);
    CHECK_EQ(pthread_cancel(thread), 0);
    t_add(&cancelled, 1);
    CHECK_EQ(pthread_join(thread, &result), 0);
    CHECK(result == PTHREAD_CANCELED);
    CHECK(passed);
    OK(ws_set_url_filter(NULL, NULL));
    ws_handle server = t_echo_server();
    t_log other = T_LOG;
    t_echo_round(t_open_client(server, &other), &other, "x", 1, WS_TEXT, 1);
    t_destroy(client, &log);
    return t_done();
}
