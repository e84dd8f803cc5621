/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each step of connecting has a time of its own: a peer that does not take the
 * connection, one that says nothing to the TLS handshake, and one that does not answer
 * the upgrade end the attempt with WS_STAGE_TIMEOUT and the name of what is over.
 */
#include "t.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>

static t_log log_ = T_LOG;

static void times_out(const char *url, const ws_connect_options *o, const char *option)
{
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, url, o, t_record, &log_));
    const t_event *e = t_wait_event(&log_, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->error, WS_ERR_TIMEOUT);
    CHECK_EQ(e->stage, WS_STAGE_TIMEOUT);
    CHECK_HAS(e->text, option);
    CHECK_TEXT(t_story(&log_), "connect-done error");
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_COMPLETION, 1)->error, WS_ERR_TIMEOUT);
    t_destroy(client, &log_);
    t_forget(&log_);
}

/* A listener whose queue is full: the kernel drops who comes, so connecting takes long. */
static int full_listener(int *port, int fillers[8])
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK_EQ(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    CHECK_EQ(listen(fd, 0), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    *port = ntohs(a.sin_port);
    for (int i = 0; i < 8; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        CHECK(fillers[i] >= 0);
        connect(fillers[i], (struct sockaddr *)&a, sizeof a);
    }
    /* Of a listener, these are the length and the limit of its queue. Who comes before it is
     * full is answered, and would wait for the upgrade. */
    struct tcp_info queue = {.tcpi_unacked = 0};
    long long end = t_now() + T_DEADLINE_MS;
    do {
        CHECK(t_now() < end);
        sched_yield();
        size = sizeof queue;
        CHECK_EQ(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &queue, &size), 0);
    } while (queue.tcpi_unacked <= queue.tcpi_sacked);
    return fd;
}

int main(void)
{
    char url[60];
    ws_connect_options o;
    int port, fillers[8], full = full_listener(&port, fillers);
    WS_INIT_STRUCT(&o);
    o.connect_timeout_ms = 300;
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    times_out(url, &o, "connect_timeout_ms");
    for (int i = 0; i < 8; i++) close(fillers[i]);
    close(full);

    int silent = t_raw_listen(&port); /* the kernel takes connections, and nobody says a word */
    WS_INIT_STRUCT(&o);
    o.tls_timeout_ms = 200;
    snprintf(url, sizeof url, "wss://127.0.0.1:%d/", port);
    times_out(url, &o, "tls_timeout_ms");
    WS_INIT_STRUCT(&o);
    o.upgrade_timeout_ms = 200;
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    times_out(url, &o, "upgrade_timeout_ms");
    WS_INIT_STRUCT(&o);
    o.handshake_timeout_ms = 200;
    times_out(url, &o, "handshake_timeout_ms");
    close(silent);
    return t_done();
}
