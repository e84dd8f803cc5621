/* SPDX-License-Identifier: Apache-2.0 */
/* stderr.c - the log of a host that has none, when who starts it asks for one by WS_LOG. */
#include "front.h"
#include "system.h"

static const char *const names[] = {"", "error", "warn", "info", "debug"}; /* by WS_LOG_ */

/* Not in a program that runs with rights of its own: its stderr may be somebody else's. */
int32_t wsx_wanted_log(const char **unknown)
{
    const char *wanted = wsx_variable("WS_LOG", true);
    *unknown = NULL;
    if (!wanted || !wanted[0]) return 0;
    for (int32_t level = WS_LOG_ERROR; level <= WS_LOG_DEBUG; level++)
        if (!strcmp(wanted, names[level])) return level;
    *unknown = wanted;
    return WS_LOG_WARN;
}

void WS_CALL wsx_log_to_stderr(int32_t level, const char *line, void *unused)
{
    (void)unused;
    char begin[16];
    wsx_write_line(strcat(strcat(strcpy(begin, "libws "), names[level]), ": "), line);
}
