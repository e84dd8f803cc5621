/* SPDX-License-Identifier: Apache-2.0 */
/* peer.c - TCP peers of both roles that do what a script says. Each lane has its own. */
#include "fuzz.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>

enum { PEERS = 3, HEAD = 4096 };

typedef struct peer {
    int fd; /* 0: free */
    bool dials;
    char head[HEAD]; /* of a request of a client of libws */
    size_t have;
    r_speech out; /* what it is saying */
    size_t said;
} peer;

static peer peers[F_LANES][PEERS];
static int listener, port, refused, refused_port;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void listen_once(void)
{
    listener = t_raw_listen(&port);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    refused = t_raw_refuse(&refused_port);
}

int r_peer_port(r_rng *rng)
{
    pthread_once(&once, listen_once);
    return r_one_in(rng, 5) ? refused_port : port;
}

static void end(peer *p, bool reset)
{
    struct linger abort = {.l_onoff = 1, .l_linger = 0};
    if (!p->fd) return;
    if (reset) setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    close(p->fd);
    p->fd = 0;
}

static void begin(peer *p, int fd, bool dials)
{
    end(p, true);
    p->fd = fd;
    p->dials = dials;
    p->have = p->said = p->out.size = 0;
    p->out.masks = dials;
    if (!p->out.bytes) p->out.bytes = malloc(R_SPEECH);
    CHECK(p->out.bytes);
}

static void dial(r_rng *rng, peer *p)
{
    r_thing *server = r_one_in(rng, 2) ? r_take(1, r_below(rng, r_run.servers)) : NULL;
    int to = server && server->port ? server->port : r_home_port();
    if (server) r_unpin(server);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 4096;
    CHECK(fd > 0);
    if (r_one_in(rng, 4)) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)to)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&a, sizeof a)) close(fd); /* its server may be gone */
    else begin(p, fd, true);
}

static void receive(peer *p)
{
    char sink[65536];
    ssize_t n = recv(p->fd, sink, sizeof sink, MSG_DONTWAIT);
    if (n <= 0 || p->dials) return;
    size_t fits = p->have + (size_t)n < HEAD - 1 ? (size_t)n : HEAD - 1 - p->have;
    memcpy(p->head + p->have, sink, fits);
    p->have += fits;
}

/* The answer to the request, right or wrong. */
static void answer(peer *p, r_speech *s, r_rng *rng)
{
    static const char *const wrong[] = {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
                                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                                        "HTTP/1.1 301 Moved\r\nLocation: ws://127.0.0.1:1/\r\n\r\n", "HTTP/1.1 999", "\r\n\r\n"};
    t_raw raw = {.head = p->head};
    char *end_of_head = memmem(p->head, p->have, "\r\n\r\n", 4);
    const char *text = wrong[r_below(rng, 5)];
    if (end_of_head && !r_one_in(rng, 4)) {
        static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* the text is static */
        end_of_head[2] = 0;
        pthread_mutex_lock(&mutex);
        text = t_raw_answer(&raw);
        r_say(s, text, strlen(text));
        pthread_mutex_unlock(&mutex);
        p->have = 0;
        return;
    }
    r_say(s, text, strlen(text));
}

/* Something new when it has said all: a frame that was cut goes on where it was. */
static void speak(peer *p, r_rng *rng)
{
    r_speech *s = &p->out;
    unsigned what = r_below(rng, 8);
    if (p->said == s->size) {
        p->said = s->size = 0;
        if (what < 3 && p->dials) r_say_request(s, rng);
        else if (what < 3) answer(p, s, rng);
        if (what == 3 || what == 4) r_garbled = true;
        if (what == 3) r_say_wrong_frames(s, rng);
        else if (what == 4) r_say_random(s, rng, r_below(rng, 40));
        else if (what != 0) r_say_right_frames(s, rng);
    }
    size_t rest = s->size - p->said, now = r_one_in(rng, 4) ? r_below(rng, (unsigned)rest + 1) : rest;
    ssize_t n = send(p->fd, s->bytes + p->said, now, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) p->said += (size_t)n;
    else if (errno != EAGAIN) end(p, false);
}

void f_peer_act(r_rng *rng, unsigned lane)
{
    pthread_once(&once, listen_once);
    peer *p = &peers[lane][r_below(rng, PEERS)];
    unsigned choice = r_below(rng, 10);
    if (!p->fd) {
        int fd = choice < 5 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : 0;
        if (fd > 0) begin(p, fd, false);
        else if (!fd) dial(rng, p);
        return;
    }
    receive(p);
    if (choice < 7) speak(p, rng);
    else if (choice < 8) shutdown(p->fd, SHUT_WR);
    else end(p, choice == 9);
}

void f_peers_end(void)
{
    pthread_once(&once, listen_once);
    for (int i = 0; i < F_LANES; i++)
        for (int k = 0; k < PEERS; k++) end(&peers[i][k], true);
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) > 0;) close(fd);
}
