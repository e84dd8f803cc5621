/* SPDX-License-Identifier: Apache-2.0 */
/* What costs.sh compares with: nanoseconds of a call, and of an event by callback and by poll, in CPU time
 * of the thread, so that others on the machine count less. */
#include <stdio.h>
#include <time.h>
#include <libws/ws.h>

enum { CALLS = 200000, BATCH = 64, ROUNDS = 200 };

static volatile int64_t seen;
static void tell(const ws_event *e, void *user)
{
    (void)user;
    seen += e->operation;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(void)
{
    ws_handle queue = ws_queue_create(NULL), client = ws_create(NULL);
    int32_t state;
    double begin = now();
    for (int i = 0; i < CALLS; i++) ws_state(client, &state);
    double call = (now() - begin) / CALLS, by[2] = {0, 0};
    static ws_event room[BATCH];
    for (int round = 0; round < 2 * ROUNDS; round++) {
        int polls = round % 2;
        for (int i = 0; i < BATCH; i++) ws_post(queue, 0, polls ? WS_COMPLETION_POLL : tell, NULL, NULL);
        nanosleep(&(struct timespec){0, 2000000}, NULL); /* until all wait in the queue */
        begin = now();
        for (size_t got = 0, count; got < BATCH; got += count) {
            room[0].struct_size = sizeof room[0];
            if (!polls) ws_queue_dispatch(queue, 0, -1, &count);
            else ws_queue_poll(queue, room, BATCH, -1, &count);
            for (size_t i = 0; polls && i < count; i++) seen += room[i].operation;
        }
        by[polls] += now() - begin;
    }
    printf("%.1f %.1f %.1f\n", call, by[0] / (BATCH * ROUNDS), by[1] / (BATCH * ROUNDS));
    ws_destroy_wait(client, -1);
    return seen != 2LL * BATCH * ROUNDS * WS_OP_POST;
}
