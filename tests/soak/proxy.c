/* SPDX-License-Identifier: Apache-2.0 */
/* proxy.c - TCP relays, all on one thread, that delay, cut and reset. */
#include "soak.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

enum { RELAYS = 256, ROOM = 65536 };

typedef struct direction {
    char bytes[ROOM];
    size_t at, have;
    bool ended, passed; /* the end of the stream came; it was passed on */
    long long hold_until;
} direction;

typedef struct relay {
    bool open;
    int fd[2]; /* 0: the client's, 1: the server's */
    direction way[2]; /* from 0 to 1, and back */
    size_t relayed, end_at; /* bytes of both ways; end_at 0: as the ends want */
    bool resets;
} relay;

static relay *relays[RELAYS];
static int listener, target;
static pthread_t thread;
static atomic_bool over;
static atomic_long open_relays;
static _Atomic uint64_t rng;

static unsigned below(unsigned n)
{
    return (unsigned)(soak_random(&rng) >> 33) % n;
}

long proxy_relays(void)
{
    return open_relays;
}

static void end(relay *r, bool reset)
{
    struct linger abort = {.l_onoff = 1, .l_linger = 0};
    for (int i = 0; i < 2; i++) {
        if (reset) setsockopt(r->fd[i], SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
        close(r->fd[i]);
    }
    r->open = false;
    open_relays--;
}

static void begin(int client)
{
    relay *r = NULL;
    for (int i = 0; i < RELAYS && !r; i++) {
        if (!relays[i]) CHECK((relays[i] = calloc(1, sizeof *relays[i])));
        if (!relays[i]->open) r = relays[i];
    }
    CHECK(r); /* there are fewer clients than relays */
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)target)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(server >= 0);
    if (connect(server, (struct sockaddr *)&a, sizeof a)) FAIL("the proxy cannot reach the server: %s",
                                                               strerror(errno));
    fcntl(server, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 2; i++) r->way[i] = (direction){0};
    r->fd[0] = client;
    r->fd[1] = server;
    r->relayed = 0;
    /* Two of three are ended by us: some in the handshake, some far behind it. */
    unsigned kind = below(6);
    r->end_at = kind < 2 ? 0 : kind == 2 ? 1 + below(400) : 1 + below(4 << 20);
    r->resets = below(2);
    r->open = true;
    open_relays++;
}

/* Takes bytes from one end and gives them to the other; false when an end is broken. */
static bool pass(relay *r, int from, long long now)
{
    direction *d = &r->way[from];
    if (d->have < ROOM && !d->ended) {
        ssize_t n = recv(r->fd[from], d->bytes + d->have, ROOM - d->have, MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (n == 0) d->ended = true;
        if (n > 0) {
            d->have += (size_t)n;
            r->relayed += (size_t)n;
            if (below(300) == 0) {
                d->hold_until = now + 1 + below(100);
                soak.delays++;
            }
        }
    }
    if (now < d->hold_until) return true;
    if (d->at < d->have) {
        size_t size = d->have - d->at;
        if (below(8) == 0) size = 1 + below((unsigned)size); /* cut frames anywhere */
        ssize_t n = send(r->fd[!from], d->bytes + d->at, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (n > 0) d->at += (size_t)n;
        if (d->at == d->have) d->at = d->have = 0;
    }
    if (d->ended && !d->passed && d->at == d->have) {
        shutdown(r->fd[!from], SHUT_WR);
        d->passed = true;
    }
    return true;
}

static void go_on(relay *r)
{
    long long now = t_now();
    bool alive = pass(r, 0, now) && pass(r, 1, now);
    bool cut = alive && r->end_at && r->relayed >= r->end_at;
    if (cut) {
        if (r->resets) soak.resets++;
        else soak.cuts++;
    }
    if (cut || !alive || (r->way[0].passed && r->way[1].passed)) end(r, cut ? r->resets : !alive);
}

static void *body(void *unused)
{
    (void)unused;
    while (!over) {
        struct pollfd fds[1 + 2 * RELAYS] = {{.fd = listener, .events = POLLIN}};
        nfds_t n = 1;
        bool busy = false;
        for (int i = 0; i < RELAYS; i++) {
            relay *r = relays[i];
            if (!r || !r->open) continue;
            for (int j = 0; j < 2; j++) {
                busy |= r->way[j].at < r->way[j].have;
                fds[n++] = (struct pollfd){.fd = r->way[j].ended ? -1 : r->fd[j],
                                           .events = r->way[j].have < ROOM ? POLLIN : 0};
            }
        }
        poll(fds, n, busy ? 1 : 50);
        if (fds[0].revents) {
            int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (client >= 0) begin(client);
        }
        for (int i = 0; i < RELAYS; i++)
            if (relays[i] && relays[i]->open) go_on(relays[i]);
    }
    for (int i = 0; i < RELAYS; i++) {
        if (relays[i] && relays[i]->open) end(relays[i], true);
        free(relays[i]);
    }
    return NULL;
}

int proxy_start(uint64_t seed, int to)
{
    int port;
    rng = seed;
    target = to;
    listener = t_raw_listen(&port);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    t_thread(&thread, body, NULL);
    return port;
}

void proxy_stop(void)
{
    over = true;
    t_join(thread);
    close(listener);
}
