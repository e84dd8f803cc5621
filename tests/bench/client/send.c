/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send.c - how long one call takes on a thread of the host: ws_send, or sendmsg with
 * the bytes of the same frame. Only calls that were taken count, and only with nothing
 * queued: one that finds a queue appends to it and makes no system call, which would
 * flatter it. When the peer is behind, the next one waits outside of the measurement.
 */
#include "client.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static bool send_bare(int fd, const struct outgoing *out)
{
    struct iovec part = {out->data, out->size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN) fail("sendmsg: %s", strerror(errno));
    return n > 0; /* a short one spoils the stream, which the sink does not read */
}

static bool send_library(ws_handle client, const void *data, size_t size)
{
    int32_t status = ws_send(client, data, size, WS_BINARY, NULL, NULL);
    if (status != WS_OK && status != WS_ERR_FULL) must("send", status);
    return status == WS_OK;
}

static bool queued(ws_handle client)
{
    uint64_t bytes;
    must("buffered amount", ws_buffered_amount(client, &bytes));
    return bytes > 0;
}

void run_send(const char *way, int port, double seconds, size_t size)
{
    struct outgoing out = messages(1);
    struct stream stream = {.fd = -1};
    ws_handle client = 0;
    void *data = calloc(1, size + 1);
    if (!strcmp(way, "bare")) stream_open(&stream, 0);
    else client = client_open(port, 0, NULL);
    uint64_t sent = 0;
    double start = now();
    for (double time = start; time < start + seconds;) {
        if (client && queued(client)) {
            sched_yield();
            time = now();
            continue;
        }
        double begun = now();
        bool taken = client ? send_library(client, data, size) : send_bare(stream.fd, &out);
        time = now();
        if (!taken) {
            sched_yield();
            continue;
        }
        histogram_add(time - begun);
        sent++;
    }
    printf("{\"messages\": %llu, \"seconds\": %.6f, \"p50\": %.3f, \"p99\": %.3f}\n", (unsigned long long)sent, now() - start,
           histogram_quantile(0.5), histogram_quantile(0.99));
}
