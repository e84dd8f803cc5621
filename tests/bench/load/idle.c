/* SPDX-License-Identifier: Apache-2.0 */
/* idle.c - connections that stay: a message is echoed on each when stdin says so. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char buffer[1 << 20];

static void echo_once(struct stream *s, const struct outgoing *out)
{
    struct replies replies = {.left = 0};
    stream_write_all(s, out->data, out->size);
    while (!replies_in(&replies, buffer, stream_read(s, buffer, sizeof buffer))) {}
}

void run_idle(void)
{
    struct stream *all = calloc((size_t)options.connections, sizeof *all);
    for (int i = 0; i < options.connections; i++) stream_open(&all[i], i);
    puts("ready");
    fflush(stdout);
    char line[80];
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "echo %d", &options.size) != 1) fail("what is %s", line);
        struct outgoing out = messages(1, 0);
        for (int i = 0; i < options.connections; i++) echo_once(&all[i], &out);
        free(out.data);
        puts("done");
        fflush(stdout);
    }
    printf("{\"connections\": %d}\n", options.connections);
}
