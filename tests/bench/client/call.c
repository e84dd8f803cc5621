/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call.c - how long one call takes on a thread of the host: ws_send, or sendmsg with as
 * many bytes, on a connection each. Which one comes next is drawn by lot, so that what
 * else the machine does hits both alike.
 *
 * The other ends are sockets of this thread. It empties them after a few calls, outside
 * of the measurement: nobody has to be woken, which would cost more than the call, and
 * nothing is ever queued.
 */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../servers/upgrade.h"

enum { BUSY_CLIENTS = 32, BUSY_LOOPS = 2, CALLS = 16, MOST = 4096 };

/* ---- the two connections ------------------------------------------------------------- */

struct pair {
    ws_handle library;
    int bare, library_end, bare_end;
    size_t size; /* of a frame */
};

/* A server of this process; its port. */
static int serve(int32_t event, ws_callback callback, void *user_data)
{
    int32_t port;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    ws_handle server = ws_server_create(NULL);
    if (!server) must("server", WS_ERR_UNKNOWN);
    must("on", ws_server_on(server, event, callback, user_data));
    must("start", ws_server_start(server, &config, NULL, NULL));
    must("port", ws_server_port(server, &port));
    return port;
}

/* A socket that listens; its port. */
static int listener(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 1) || getsockname(fd, (struct sockaddr *)&address, &size))
        fail("listen: %s", strerror(errno));
    *port = ntohs(address.sin_port);
    return fd;
}

/* Both ends of a TCP connection. */
static void connect_bare(struct pair *p)
{
    int port, one = 1, listening = listener(&port);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    p->bare = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(p->bare, (struct sockaddr *)&address, sizeof address) || (p->bare_end = accept(listening, NULL, NULL)) < 0)
        fail("a TCP connection: %s", strerror(errno));
    setsockopt(p->bare, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

struct accepted {
    ws_handle handle;
    sem_t here;
};

static void on_connect(const ws_event *e, void *user_data)
{
    struct accepted *a = user_data;
    a->handle = e->handle;
    sem_post(&a->here);
}

/* Frames go unmasked. */
static void open_server(struct pair *p)
{
    static struct accepted accepted;
    struct stream stream;
    sem_init(&accepted.here, 0, 0);
    options.port = serve(WS_EVENT_CONNECT, on_connect, &accepted);
    stream_open(&stream, 0);
    sem_wait(&accepted.here);
    p->library = accepted.handle;
    p->library_end = stream.fd;
    p->size -= 4;
}

struct accepting {
    int listening, fd;
};

static void *accept_one(void *argument)
{
    struct accepting *a = argument;
    a->fd = accept(a->listening, NULL, NULL);
    if (a->fd < 0 || !upgrade(a->fd)) fail("no client came");
    return NULL;
}

/* Masked. */
static void open_client(struct pair *p)
{
    static struct accepting accepting;
    int port;
    pthread_t thread;
    accepting.listening = listener(&port);
    if (pthread_create(&thread, NULL, accept_one, &accepting)) fail("no thread");
    p->library = client_open(port, 0, NULL);
    pthread_join(thread, NULL);
    p->library_end = accepting.fd;
}

/* ---- busy: clients and a server of this process keep all loops at work ------------- */

static void echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_send(e->handle, e->data, e->size, WS_BINARY, NULL, NULL);
}

static void keep_busy(void)
{
    int port = serve(WS_EVENT_MESSAGE_RECEIVE, echo, NULL);
    for (int i = 0; i < BUSY_CLIENTS; i++) must("send", ws_send(client_open(port, 0, echo), "to and fro", 10, WS_BINARY, NULL, NULL));
}

/* ---- measuring ------------------------------------------------------------------------ */

static bool lot(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 63;
}

static double call(const struct pair *p, bool library, const struct outgoing *out)
{
    struct iovec part = {out->data, p->size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    double begun = now();
    if (library) must("send", ws_send(p->library, out->data, (size_t)options.size, WS_BINARY, NULL, NULL));
    else if (sendmsg(p->bare, &message, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)p->size) fail("sendmsg: %s", strerror(errno));
    return now() - begun;
}

/* Reads so many bytes. */
static void empty(int fd, size_t size)
{
    static unsigned char data[CALLS * (MOST + 14)];
    for (ssize_t n; size; size -= (size_t)n)
        if ((n = recv(fd, data, size, 0)) <= 0) fail("the stream ended");
}

static void measure(const struct pair *p, const struct outgoing *out, double seconds, struct histogram times[2])
{
    for (double end = now() + seconds; now() < end;) {
        size_t sent[2] = {0};
        for (int i = 0; i < CALLS; i++) {
            bool library = lot();
            histogram_add(&times[library], call(p, library, out));
            sent[library] += p->size;
        }
        empty(p->bare_end, sent[0]);
        empty(p->library_end, sent[1]);
    }
}

void run_call(const char *role, bool busy)
{
    static struct histogram times[2]; /* bare, library */
    if (options.size > MOST) fail("at most %d bytes", MOST);
    struct outgoing out = messages(1, 0);
    struct pair pair = {.size = out.size};
    if (busy) {
        ws_init_options library;
        WS_INIT_STRUCT(&library);
        library.loops = BUSY_LOOPS;
        must("init", ws_init(&library));
    }
    if (strncmp(role, "server", 6)) open_client(&pair);
    else open_server(&pair);
    connect_bare(&pair);
    if (busy) keep_busy();
    measure(&pair, &out, options.seconds / 4, times);
    histogram_clear(&times[0]);
    histogram_clear(&times[1]);
    measure(&pair, &out, options.seconds, times);
    printf("{\"messages\": %llu, \"p50\": %.3f, \"p99\": %.3f, \"bare_messages\": %llu, \"bare_p50\": %.3f, \"bare_p99\": %.3f}\n",
           (unsigned long long)times[1].total, histogram_quantile(&times[1], 0.5), histogram_quantile(&times[1], 0.99),
           (unsigned long long)times[0].total, histogram_quantile(&times[0], 0.5), histogram_quantile(&times[0], 0.99));
}
