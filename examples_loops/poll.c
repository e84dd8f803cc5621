/* SPDX-License-Identifier: Apache-2.0 */
/* poll.c - a loop of one's own: poll first, then epoll beside a timer. */
#include <sys/timerfd.h>
#include <unistd.h>

#include "talk.h"
#include "ws_epoll.h"

static const char help[] =
    "usage: poll\n"
    "\n"
    "A server and a client in a loop of one's own: 1100 echoes by poll, then as many by\n"
    "epoll beside a timer.\n";

static void stop(void *running) { *(int *)running = 0; }

static int by_poll(void)
{
    talk t;
    int running = 1;
    talk_make(&t, stop, &running);
    talk_begin(&t);
    struct pollfd p = ws_poll_watch(t.queue);
    while (running && poll(&p, 1, -1) >= 0) ws_loop_dispatch(t.queue, 64);
    talk_must("destroy", ws_destroy_wait(t.client, -1));
    talk_must("destroy", ws_server_destroy_wait(t.server, -1));
    talk_must("queue", ws_queue_destroy(t.queue));
    return t.echoes;
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    if (by_poll() != TALK_ROUNDS + TALK_BURST) return 1;
    talk t;
    int running = 1;
    talk_make(&t, stop, &running);
    int epoll = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    struct epoll_event w = ws_epoll_watch(&t.queue), w_timer = {.events = EPOLLIN}, ready[4];
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, ws_epoll_fd(t.queue), &w) || epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &w_timer)) return 1;
    struct itimerspec soon = {.it_value.tv_nsec = 1000000};
    timerfd_settime(timer, 0, &soon, NULL);
    while (running) {
        int n = epoll_wait(epoll, ready, 4, -1);
        for (int i = 0; i < n; i++) {
            if (ready[i].data.ptr) {
                ws_loop_dispatch(*(ws_handle *)ready[i].data.ptr, 64);
            } else {
                uint64_t ticks;
                if (read(timer, &ticks, sizeof ticks) == sizeof ticks) talk_begin(&t);
            }
        }
    }
    epoll_ctl(epoll, EPOLL_CTL_DEL, ws_epoll_fd(t.queue), NULL);
    close(timer);
    close(epoll);
    return talk_end(&t);
}
