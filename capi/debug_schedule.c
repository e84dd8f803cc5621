/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * debug_schedule.c - makes threads do the steps of a schedule in its order.
 *
 * The environment variable WS_DEBUG_SCHEDULE names a file with a step a line, "ACTOR POINT":
 * tests/model/replay.sh makes it of a trace. As long as there is no such file nobody waits: a host
 * prepares something, and then puts the file there. A thread that comes to a point waits until its step
 * is the next one, and does it until it comes to its next point. The actor is the thread's name
 * for those of the host that have one of the model's, and the loop for all others. What is not in
 * the schedule passes; a step to which nobody comes is left out, and reported.
 */
#include "debug.h"

#ifdef WS_DEBUG_INVARIANTS

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

enum { MOST = 1000, LONG = 40, DONE_MS = 20, NOBODY_MS = 1000 };

typedef struct step {
    char actor[LONG], point[LONG];
    bool over;
} step;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static step steps[MOST];
static int count, next;
static pthread_t doing; /* who does a step ... */
static bool busy;       /* ... if somebody does */

/* Whether there is a schedule by now. */
static bool begun(void)
{
    const char *path = getenv("WS_DEBUG_SCHEDULE");
    if (!path) return false;
    pthread_mutex_lock(&mutex);
    FILE *file = count ? NULL : fopen(path, "r");
    while (file && count < MOST && fscanf(file, "%39s %39s", steps[count].actor, steps[count].point) == 2) count++;
    if (file) fclose(file);
    bool is = count > 0;
    pthread_mutex_unlock(&mutex);
    return is;
}

static void skip_what_is_over(void)
{
    while (next < count && steps[next].over) next++;
}

/* The next step of the actor at the point; those that he has left out before it are over. */
static int find(const char *actor, const char *point)
{
    int at = next;
    while (at < count && (strcmp(steps[at].actor, actor) || strcmp(steps[at].point, point))) at++;
    for (int i = next; at < count && i < at; i++)
        if (!strcmp(steps[i].actor, actor)) steps[i].over = true;
    skip_what_is_over();
    return at;
}

static bool wait_for(int ms)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += ms % 1000 * 1000000L;
    end.tv_sec += ms / 1000 + end.tv_nsec / 1000000000;
    end.tv_nsec %= 1000000000;
    return pthread_cond_timedwait(&changed, &mutex, &end) != ETIMEDOUT;
}

void wsx_point(const char *name)
{
    if (!begun()) return;
    char actor[17] = "";
    prctl(PR_GET_NAME, actor, 0, 0, 0);
    if (strncmp(actor, "host", 4) && strcmp(actor, "dispatcher")) strcpy(actor, !strcmp(name, "stopping") || !strcmp(name, "destroy") ? "shutdown" : "loop");
    pthread_mutex_lock(&mutex);
    if (busy && pthread_equal(doing, pthread_self())) busy = false;
    int mine = find(actor, name);
    pthread_cond_broadcast(&changed);
    while (mine < count && (next < mine || busy)) {
        int before = next;
        bool was = busy;
        if (wait_for(busy ? DONE_MS : NOBODY_MS) || before != next || was != busy) continue;
        if (busy) {
            busy = false; /* he waits for somebody, or has come to no other point */
        } else {
            fprintf(stderr, "step %d: %s does not come to %s\n", next + 1, steps[next].actor, steps[next].point);
            steps[next].over = true;
            skip_what_is_over();
        }
        pthread_cond_broadcast(&changed);
    }
    if (mine < count) {
        steps[mine].over = busy = true;
        doing = pthread_self();
        skip_what_is_over();
        pthread_cond_broadcast(&changed);
        if (getenv("WS_DEBUG_TELL")) fprintf(stderr, "%s %s\n", actor, name);
    }
    pthread_mutex_unlock(&mutex);
}

#endif
