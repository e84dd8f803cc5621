/* SPDX-License-Identifier: Apache-2.0 */
/* t_lines.h - the lines of the log, for tests of what they say. */
#ifndef T_LINES_H
#define T_LINES_H

#include "t.h"

static struct {
    pthread_mutex_t mutex;
    char text[1 << 16]; /* each line ends in '\n'; what does not fit is left out */
    size_t size;
} t_lines_ = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void WS_CALL t_on_line(int32_t level, const char *line, void *unused)
{
    (void)unused;
    pthread_mutex_lock(&t_lines_.mutex);
    size_t room = sizeof t_lines_.text - t_lines_.size;
    int n = snprintf(t_lines_.text + t_lines_.size, room, "%d %s\n", level, line);
    if (n > 0 && (size_t)n < room) t_lines_.size += (size_t)n;
    pthread_mutex_unlock(&t_lines_.mutex);
}

/* Starts the library with a log. */
static inline void t_log_lines(int level)
{
    ws_init_options o;
    WS_INIT_STRUCT(&o);
    o.log = t_on_line;
    o.log_level = level;
    o.log_lines_per_second = -1;
    OK(ws_init(&o));
}

/* Whether a line of a level has been logged that has a part. */
static inline bool t_logged(int level, const char *part)
{
    bool found = false;
    pthread_mutex_lock(&t_lines_.mutex);
    for (char *line = t_lines_.text, *end; !found && (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        found = line[0] == '0' + level && strstr(line, part);
        *end = '\n';
    }
    pthread_mutex_unlock(&t_lines_.mutex);
    return found;
}

/* Forgets them. */
static inline void t_forget_lines(void)
{
    pthread_mutex_lock(&t_lines_.mutex);
    t_lines_.text[t_lines_.size = 0] = 0;
    pthread_mutex_unlock(&t_lines_.mutex);
}

#endif
