/* SPDX-License-Identifier: Apache-2.0 */
/* libevent.c - a server and a client in a loop of libevent. */
#include "talk.h"
#include "ws_libevent.h"

static const char help[] =
    "usage: libevent\n"
    "\n"
    "A server and a client in a loop of libevent: 1100 echoes, all on its thread.\n";

static void stop(void *base) { event_base_loopbreak((struct event_base *)base); }

static void begin(evutil_socket_t fd, short what, void *t)
{
    (void)fd, (void)what;
    talk_begin((talk *)t);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    talk t;
    struct event_base *base = event_base_new();
    talk_make(&t, stop, base);
    ws_handle none = 0;
    if (ws_libevent_new(base, &none)) return 1;
    struct event *watch = ws_libevent_new(base, &t.queue);
    if (!watch) return 1;
    const struct timeval soon = {0, 1000};
    event_base_once(base, -1, EV_TIMEOUT, begin, &t, &soon);
    event_base_dispatch(base);
    event_free(watch);
    event_base_free(base);
    return talk_end(&t);
}
