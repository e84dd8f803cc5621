/* SPDX-License-Identifier: Apache-2.0 */
/* flood.c - a thread of the host sends as fast as it is taken; the CPU time of the process for it. */
#include "client.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether it was taken; what was not waits for the peer. */
static bool send_library(ws_handle client, const void *data)
{
    int32_t status = ws_send(client, data, (size_t)options.size, WS_BINARY, NULL, NULL);
    if (status == WS_ERR_FULL) wait_for(0.0005);
    else must("send", status);
    return status == WS_OK;
}

void run_flood(const char *way)
{
    struct outgoing out = messages(1, 0);
    struct stream stream;
    ws_handle client = 0;
    if (!strcmp(way, "bare")) stream_open(&stream, 0);
    else client = client_open(options.port, 0, NULL);
    unsigned long long sent = 0;
    double start = now(), cpu = process_cpu();
    while (now() - start < options.seconds)
        for (int i = 0; i < 64; i++) {
            if (client && !send_library(client, out.data)) continue;
            if (!client) stream_write_all(&stream, out.data, out.size);
            sent++;
        }
    printf("{\"messages\": %llu, \"cpu\": %.6f, \"seconds\": %.6f}\n", sent, process_cpu() - cpu, now() - start);
}
