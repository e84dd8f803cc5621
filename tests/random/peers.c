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

enum { PEERS = 150, HEAD = 4096, ROOM = 100000 };
enum fault { SILENT, GARBAGE, RIGHT, WRONG_FRAMES, DEAF, FAULTS };
enum fate { HOLD, CLOSE, RESET, HALF_CLOSE, FATES };

typedef struct peer {
    int fd; /* -1: free */
    bool dials, upgraded, reads, halved;
    enum fault fault;
    enum fate fate;
    char *out; /* ROOM bytes while it is used */
    size_t size, at, step, stop;
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

static void say(peer *p, const void *data, size_t size)
{
    if (p->size + size > ROOM) return;
    memcpy(p->out + p->size, data, size);
    p->size += size;
}

static void say_random(peer *p, size_t size)
{
    for (; size; size--) {
        unsigned char c = (unsigned char)r_next(&rng);
        say(p, &c, 1);
    }
}

static void say_frame(peer *p, int first, const void *data, size_t size)
{
    unsigned char *frame = malloc(size + 14);
    CHECK(frame);
    say(p, frame, t_frame_build(frame, first, p->dials, data, size));
    free(frame);
}

static void say_right_frames(peer *p)
{
    char text[3000];
    for (unsigned n = r_below(&rng, 12); n; n--) {
        size_t size = r_one_in(&rng, 4) ? r_below(&rng, sizeof text) : r_below(&rng, 100);
        r_content_make(&rng, text, size);
        switch (r_below(&rng, 6)) {
        case 0: say_frame(p, T_PING, text, size % 126); break;
        case 1: say_frame(p, T_PONG, text, size % 126); break;
        case 2: /* RFC 6455 5.4: a ping between two fragments */
            say_frame(p, 0x01, text, size / 2);
            say_frame(p, T_PING, "", 0);
            say_frame(p, T_CONT, text + size / 2, size - size / 2);
            break;
        default: say_frame(p, r_one_in(&rng, 2) ? T_TEXT : T_BINARY, text, size);
        }
    }
    if (r_one_in(&rng, 4)) say_frame(p, T_CLOSE, "\x03\xe8" "bye", 5);
}

static void say_wrong_frames(peer *p)
{
    switch (r_below(&rng, 8)) {
    case 0: say_frame(p, 0xc1, "rsv", 3); break;
    case 1: say_frame(p, 0x83, "reserved opcode", 15); break;
    case 2: say_frame(p, T_CONT, "nothing to continue", 19); break;
    case 3: say_frame(p, T_TEXT, "\xff\xfe", 2); break;
    case 4: say_frame(p, 0x09, "a ping in fragments", 19); break;
    case 5: say_frame(p, T_CLOSE, "\x03\xed", 2); break; /* 1005 */
    case 6: say(p, "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10); break; /* an endless frame */
    default: say_random(p, 1 + r_below(&rng, 300));
    }
}

static void say_after_upgrade(peer *p)
{
    say_right_frames(p);
    if (p->fault == WRONG_FRAMES) {
        say_wrong_frames(p);
        say_right_frames(p);
    }
    if (r_one_in(&rng, 3)) p->stop = p->at + r_below(&rng, (unsigned)(p->size - p->at) + 1);
    else p->stop = p->size;
}

/* ---- its life ----------------------------------------------------------------------------- */

static void begin(peer *p, int fd, enum fault fault, bool dials)
{
    char *out = p->out ? p->out : malloc(ROOM);
    CHECK(out);
    *p = (peer){.fd = fd, .fault = fault, .dials = dials, .out = out};
    p->reads = fault != DEAF || dials;
    p->fate = r_below(&rng, FATES);
    p->step = r_one_in(&rng, 2) ? ROOM : 1 + r_below(&rng, 50);
    p->until = t_now() + 20 + r_below(&rng, r_one_in(&rng, 10) ? 7000 : 500);
    if (dials) {
        static const char *const requests[] = {T_REQUEST, T_REQUEST, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST ",
                                               "GET / HTTP/1.1\r\nHost:"};
        const char *request = requests[r_below(&rng, 5)];
        if (fault == GARBAGE) say_random(p, r_below(&rng, 2000));
        else if (fault != SILENT) say(p, request, strlen(request));
        /* The frames follow at once, without waiting for the answer. */
        if (fault != SILENT && fault != GARBAGE) say_after_upgrade(p);
    } else if (fault == GARBAGE) {
        if (r_one_in(&rng, 2)) say(p, "HTTP/1.1 101 Switching", r_below(&rng, 22));
        if (r_one_in(&rng, 2)) say(p, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 45);
        say_random(p, r_below(&rng, 3000));
    }
    if (!p->stop) p->stop = p->size;
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
    say(p, text, strlen(text));
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
    ssize_t sent = send(p->fd, p->out + p->at, n, MSG_DONTWAIT | MSG_NOSIGNAL);
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
    r_thing *server = r_one_in(&rng, 2) ? r_take(1, r_below(&rng, R_SERVERS)) : NULL;
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
        free(peers[i].out);
    }
    return NULL;
}

void r_peers_start(uint64_t seed)
{
    rng = seed;
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
