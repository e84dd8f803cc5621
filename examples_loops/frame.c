/* SPDX-License-Identifier: Apache-2.0 */
/* frame.c - a server and a client in a loop that draws frames, each with a budget. */
#include "talk.h"
#include "ws_frame.h"

static const char help[] =
    "usage: frame\n"
    "\n"
    "A server and a client in a loop that draws frames, each with a budget of events\n"
    "and of time: 1100 echoes come in small portions.\n";

static void stop(void *running) { *(int *)running = 0; }

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    enum { EVENTS = 20 };
    talk t;
    int running = 1;
    long frames = 0, full = 0;
    talk_make(&t, stop, &running);
    while (running) {
        if (frames++ == 1) talk_begin(&t);
        size_t delivered = ws_frame(t.queue, EVENTS, 2000);
        if (delivered > EVENTS) return 1; /* the budget of events */
        full += delivered == EVENTS;
        const struct timespec rest = {0, 100000}; /* here a game simulates and draws */
        nanosleep(&rest, NULL);
    }
    if (ws_frame(t.queue, 1, 0) > 1) return 1;
    printf("%ld frames, %ld of them with all the events that they may have\n", frames, full);
    if (frames < (TALK_ROUNDS + TALK_BURST) / EVENTS) return 1;
    return talk_end(&t);
}
