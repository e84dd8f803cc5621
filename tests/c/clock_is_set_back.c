/* SPDX-License-Identifier: Apache-2.0 */
/* Waits of the library take the time that they were given, also when somebody sets the clock back by an
 * hour meanwhile: for the library it was an hour late when it was asked. */
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

#include "t_queue.h"

static _Thread_local int late;

int clock_gettime(clockid_t clock, struct timespec *t)
{
    int result = (int)syscall(SYS_clock_gettime, clock, t);
    if (late && clock == CLOCK_REALTIME) t->tv_sec += 3600;
    return result;
}

static t_latch inside = T_LATCH, may_leave = T_LATCH;

static void stay(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    t_add(&inside, 1);
    t_wait(&may_leave, 1);
}

int main(void)
{
    ws_handle server = t_echo_server(), client = t_open_client(server, NULL), queue = t_queue_make(0, 0);
    OK(ws_on(client, WS_EVENT_MESSAGE, stay, NULL));
    OK(ws_send(client, "m", 1, WS_TEXT, NULL, NULL));
    t_wait(&inside, 1);
    size_t n;
    late = 1;
    CHECK_EQ(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, 20), WS_ERR_TIMEOUT);
    OK(ws_queue_dispatch(queue, 0, 20, &n));
    CHECK_EQ(ws_shutdown_wait(20), WS_ERR_TIMEOUT);
    late = 0;
    t_add(&may_leave, 1);
    return t_done();
}
