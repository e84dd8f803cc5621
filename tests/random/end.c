/* SPDX-License-Identifier: Apache-2.0 */
/* end.c - the end of all handles. */
#include "random.h"

r_options r_run = {.seconds = 20, .threads = 4, .loops = 1, .receive = "mixed", .connections = R_CONNECTIONS, .servers = R_SERVERS};
atomic_bool r_stop;

static void end_one(r_thing *t)
{
    if (!t->dead) r_destroy_thing(t, false);
}

void r_end_by_hand(void)
{
    long long end = t_now() + T_DEADLINE_MS;
    while (r_things_alive()) {
        r_things_each(end_one);
        r_queues_drain();
        R_CHECK(t_now() < end, "%ld handles do not tell that they are destroyed", r_things_alive());
    }
    while (r_calls_open()) R_CHECK(t_now() < end, "%ld calls never complete", r_calls_open());
}

void r_forget_places(void)
{
    for (unsigned p = 0; p < R_CONNECTIONS; p++) r_put(0, p, NULL);
    for (unsigned p = 0; p < R_SERVERS; p++) r_put(1, p, NULL);
}
