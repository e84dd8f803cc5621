/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peers.c - faulty TCP peers of both roles, all on one thread.
 *
 * A peer has bytes to write, how many at a time, where it stops, and what it does
 * then. That is enough for short writes, stalls, resets inside a frame, half
 * closes, garbage before and after the upgrade.
 */
#include "random.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

enum { PEERS = 150, HEAD = 4096 };
enum fault { SILENT, GARBAGE, RIGHT, WRONG_FRAMES, DEAF, FAULTS };
enum fate { HOLD, CLOSE, RESET, HALF_CLOSE, FATES };

typedef struct peer {
    int fd; /* -1: free */
    bool dials, upgraded, reads, halved;
    enum fault fault;
    enum fate fate;
    r_speech out;
    size_t at, step, stop;
    char head[HEAD];
    size_t have;
    long long until; /* it holds no longer than this */
} peer;

static peer peers[PEERS];
static int listeners[FAULTS], ports[FAULTS], refused, refused_port;
static pthread_t thread;
static atomic_bool over;
static r_rng rng;

int r_peer_port(r_rng *who)
{
    unsigned n = r_below(who, FAULTS + 1);
    return n == FAULTS ? refused_port : ports[n];
}

/* ---- what a peer says ---------------------------------------------------------------- */

static void say_after_upgrade(peer *p)
{
    r_say_right_frames(&p->out, &rng);
    if (p->fault == WRONG_FRAMES) {
        r_say_wrong_frames(&p->out, &rng);
        r_say_right_frames(&p->out, &rng);
    }
    if (r_one_in(&rng, 3)) p->stop = p->at + r_below(&rng, (unsigned)(p->out.size - p->at) + 1);
    else p->stop = p->out.size;
}

/* ---- its life ----------------------------------------------------------------------------- */

static void begin(peer *p, int fd, enum fault fault, bool dials)
{
    char *bytes = p->out.bytes ? p->out.bytes : malloc(R_SPEECH);
    CHECK(bytes);
    *p = (peer){.fd = fd, .fault = fault, .dials = dials, .out = {.bytes = bytes, .masks = dials}};
    p->reads = fault != DEAF || dials;
    p->fate = r_below(&rng, FATES);
    p->step = r_one_in(&rng, 2) ? R_SPEECH : 1 + r_below(&rng, 50);
    p->until = t_now() + 20 + r_below(&rng, r_one_in(&rng, 10) ? 7000 : 500);
    if (dials) {
        if (fault == GARBAGE) r_say_random(&p->out, &rng, r_below(&rng, 2000));
        else if (fault != SILENT) r_say_request(&p->out, &rng);
        /* The frames follow at once, without waiting for the answer. */
        if (fault != SILENT && fault != GARBAGE) say_after_upgrade(p);
    } else if (fault == GARBAGE) {
        if (r_one_in(&rng, 2)) r_say(&p->out, "HTTP/1.1 101 Switching", r_below(&rng, 22));
        if (r_one_in(&rng, 2)) r_say(&p->out, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 45);
        r_say_random(&p->out, &rng, r_below(&rng, 3000));
    }
    if (!p->stop) p->stop = p->out.size;
}

static void end(peer *p, bool reset)
{
    struct linger abort = {.l_onoff = 1, .l_linger = 0};
    if (reset) setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    close(p->fd);
    p->fd = -1;
}

/* The request of a client of libws, which the right ones answer. */
static void answer(peer *p)
{
    static t_raw raw;
    char *end_of_head = memmem(p->head, p->have, "\r\n\r\n", 4);
    if (!end_of_head) return;
    p->upgraded = true;
    if (p->fault == SILENT || p->fault == GARBAGE) return;
    end_of_head[2] = 0;
    raw.head = p->head;
    const char *text = t_raw_answer(&raw);
    r_say(&p->out, text, strlen(text));
    say_after_upgrade(p);
}

/* False when it is over. */
static bool read_some(peer *p)
{
    char sink[65536];
    ssize_t n = recv(p->fd, sink, sizeof sink, MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    if (n == 0) return p->halved || p->fate == HOLD ? p->until > t_now() : false;
    if (!p->dials && !p->upgraded) {
        size_t fits = p->have + (size_t)n < HEAD - 1 ? (size_t)n : HEAD - 1 - p->have;
        memcpy(p->head + p->have, sink, fits);
        p->have += fits;
        answer(p);
    }
    return true;
}

static bool write_some(peer *p)
{
    size_t n = p->stop - p->at < p->step ? p->stop - p->at : p->step;
    ssize_t sent = send(p->fd, p->out.bytes + p->at, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR;
    p->at += (size_t)sent;
    return true;
}

static void go_on(peer *p)
{
    bool alive = p->until > t_now();
    if (alive && !p->halved && p->at < p->stop) alive = write_some(p);
    /* A deaf one upgrades, then its kernel fills up. */
    if (alive && (p->reads || !p->upgraded)) alive = read_some(p);
    bool said = p->at == p->stop && (p->dials || p->upgraded || p->fault == GARBAGE);
    if (alive && said && p->fate == HALF_CLOSE && !p->halved) {
        shutdown(p->fd, SHUT_WR);
        p->halved = true;
    }
    if (alive && said && (p->fate == CLOSE || p->fate == RESET)) alive = false;
    if (!alive) end(p, p->fate == RESET);
}

static peer *free_one(void)
{
    for (int i = 0; i < PEERS; i++)
        if (peers[i].fd < 0) return &peers[i];
    return NULL;
}

static void accept_some(void)
{
    for (int i = 0; i < FAULTS; i++) {
        peer *p = free_one();
        int fd = p ? accept4(listeners[i], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK) : -1;
        if (fd >= 0) begin(p, fd, (enum fault)i, false);
    }
}

static void dial_one(void)
{
    r_thing *server = r_one_in(&rng, 2) ? r_take(1, r_below(&rng, r_run.servers)) : NULL;
    int port = server && server->port ? server->port : r_home_port();
    if (server) r_unpin(server);
    peer *p = free_one();
    int fd = p ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0) return;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int small = 4096;
    if (r_one_in(&rng, 4)) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (connect(fd, (struct sockaddr *)&a, sizeof a)) close(fd); /* its server may be gone */
    else begin(p, fd, (enum fault)r_below(&rng, FAULTS), true);
}

static void *body(void *unused)
{
    (void)unused;
    while (!over) {
        struct pollfd fds[PEERS + FAULTS];
        nfds_t n = 0;
        for (int i = 0; i < FAULTS; i++) fds[n++] = (struct pollfd){.fd = listeners[i], .events = POLLIN};
        poll(fds, n, 1); /* the pace of short writes */
        accept_some();
        if (!r_stop && r_one_in(&rng, 3)) dial_one();
        for (int i = 0; i < PEERS; i++)
            if (peers[i].fd >= 0) go_on(&peers[i]);
    }
    for (int i = 0; i < PEERS; i++) {
        if (peers[i].fd >= 0) end(&peers[i], false);
        free(peers[i].out.bytes);
    }
    return NULL;
}

void r_peers_start(uint64_t seed)
{
    rng.state = seed;
    for (int i = 0; i < PEERS; i++) peers[i].fd = -1;
    for (int i = 0; i < FAULTS; i++) {
        listeners[i] = t_raw_listen(&ports[i]);
        fcntl(listeners[i], F_SETFL, O_NONBLOCK);
    }
    /* Bound but not listening: nobody else gets the port, and it refuses. */
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    refused = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_EQ(bind(refused, (struct sockaddr *)&a, sizeof a), 0);
    CHECK_EQ(getsockname(refused, (struct sockaddr *)&a, &size), 0);
    refused_port = ntohs(a.sin_port);
    t_thread(&thread, body, NULL);
}

void r_peers_stop(void)
{
    over = true;
    t_join(thread);
    for (int i = 0; i < FAULTS; i++) close(listeners[i]);
    close(refused);
}
