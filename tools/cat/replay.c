/* SPDX-License-Identifier: Apache-2.0 */
/* replay.c - sends what a record says was sent, with the pauses between. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "lines.h"
#include "say.h"
#include "session.h"

static void wait_us(int64_t us)
{
    struct timespec t = {(time_t)(us / 1000000), (long)(us % 1000000 * 1000)};
    nanosleep(&t, NULL);
}

/* Waits until a moment of now_us, or the end of the connection. */
static void wait_until(session *run, int64_t moment)
{
    for (int64_t left; !run->over && (left = moment - now_us()) > 0;) wait_us(left < 50000 ? left : 50000);
}

/* The message of a line, allocated; NULL: the line is about something else. */
static char *read_message(const char *line, size_t *size, int32_t *type, int64_t *at_us)
{
    size_t n;
    char *direction = json_find(line, "direction", &n), *data = NULL;
    if (direction && !strcmp(direction, "out")) {
        char *base = json_find(line, "base64", &n), *at = json_find(line, "at_us", &n);
        *type = base ? WS_BINARY : WS_TEXT;
        *at_us = at ? strtoll(at, NULL, 10) : 0;
        data = base ? from_base64(base, size) : json_find(line, "data", size);
        free(base);
        free(at);
    }
    free(direction);
    return data;
}

int replay(session *run, const char *path, double speed)
{
    FILE *from = fopen(path, "rb");
    if (!from) return 1; /* sender_check has seen it */
    char *line = NULL;
    size_t space = 0;
    int64_t first = -1, begun = now_us();
    int alive = 1, messages = 0;
    while (alive && get_until(&line, &space, '\n', from) > 0) {
        size_t size;
        int32_t type;
        int64_t at_us;
        char *data = read_message(line, &size, &type, &at_us);
        if (!data) continue;
        if (first < 0) first = at_us;
        if (speed > 0) wait_until(run, begun + (int64_t)((double)(at_us - first) / speed));
        alive = !run->over && send_message(run, data, size, type);
        messages++;
        free(data);
    }
    if (!messages) say("--replay %s: it has no message that was sent", path);
    free(line);
    fclose(from);
    return alive;
}
