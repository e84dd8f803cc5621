/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c - the measuring rod: the least that a WebSocket echo server on epoll can
 * do. One thread, one read and one write for what is there; no limits, no timers,
 * no checks, no TLS. Ratios of CPU time are to this.
 *
 *     floor PORT [fanout | threads N | queue]
 *
 * fanout: what one client sends goes to all, with one send for each.
 * threads: N of them, each with an epoll of its own; connections are dealt in turn.
 * queue: a second thread writes, which sleeps at a futex while there is nothing to write. So this is what the
 *     hand-over from a thread to another one costs. For rates at which the kernel takes everything.
 */
#define _GNU_SOURCE
#include "floor_frames.h"

#include <errno.h>
#include <linux/futex.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BUFFER = 2 << 20, EVENTS = 512, DESCRIPTORS = 1 << 20, MOST_THREADS = 16 };

struct connection {
    int fd, epoll; /* that of its thread */
    bool upgraded;
    uint8_t *in, *out; /* the begin of a frame; what the kernel did not take */
    size_t in_size, out_size, out_sent;
};

static _Thread_local uint8_t input[BUFFER], output[BUFFER];
static int listener, threads = 1;
static int epolls[MOST_THREADS]; /* of each thread; the first has the listener, too */
static struct connection *open_ones[DESCRIPTORS]; /* for fanout, by descriptor */
static int highest;
static bool fanout, queue;

static void watch(struct connection *c, int operation, uint32_t events)
{
    epoll_ctl(c->epoll, operation, c->fd, &(struct epoll_event){.events = events, .data.ptr = c});
}

static void drop(struct connection *c)
{
    open_ones[c->fd] = NULL;
    close(c->fd);
    free(c->in);
    free(c->out);
    free(c);
}

static bool put(struct connection *c, const uint8_t *data, size_t size)
{
    if (c->out) return false; /* only in fanout: a client that does not read */
    while (size) {
        ssize_t n = send(c->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN) return false;
        if (n < 0) { /* not read before this is gone */
            c->out = memcpy(malloc(size), data, size);
            c->out_size = size;
            c->out_sent = 0;
            watch(c, EPOLL_CTL_MOD, EPOLLOUT);
            return true;
        }
        data += n;
        size -= (size_t)n;
    }
    return true;
}

static bool put_rest(struct connection *c)
{
    ssize_t n = send(c->fd, c->out + c->out_sent, c->out_size - c->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN;
    c->out_sent += (size_t)n;
    if (c->out_sent < c->out_size) return true;
    free(c->out);
    c->out = NULL;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
    return true;
}

/* What waits for the second thread, oldest first. */
static struct reply {
    struct reply *next;
    int fd; /* not its connection, which may be gone */
    size_t size;
    uint8_t data[];
} *first_reply, *last_reply; /* guarded by replies */
static bool asleep;          /* the second thread; guarded by replies */
static pthread_mutex_t replies = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint32_t rings;

static bool hand_over(int fd, const uint8_t *data, size_t size)
{
    struct reply *r = malloc(sizeof *r + size);
    r->next = NULL;
    r->fd = fd;
    r->size = size;
    memcpy(r->data, data, size);
    pthread_mutex_lock(&replies);
    if (first_reply) last_reply->next = r;
    else first_reply = r;
    last_reply = r;
    bool wake = asleep;
    asleep = false;
    pthread_mutex_unlock(&replies);
    if (!wake) return true;
    rings++;
    syscall(SYS_futex, &rings, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    return true;
}

static struct reply *next_reply(void)
{
    pthread_mutex_lock(&replies);
    while (!first_reply) {
        uint32_t seen = rings;
        asleep = true;
        pthread_mutex_unlock(&replies);
        syscall(SYS_futex, &rings, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
        pthread_mutex_lock(&replies);
    }
    struct reply *r = first_reply;
    first_reply = r->next;
    pthread_mutex_unlock(&replies);
    return r;
}

static void *write_replies(void *unused)
{
    for (struct reply *r;; free(r)) {
        r = next_reply();
        if (send(r->fd, r->data, r->size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)r->size) perror("floor: a reply is lost");
    }
    return unused;
}

static bool put_all(struct connection *c, const uint8_t *data, size_t size)
{
    if (queue) return hand_over(c->fd, data, size);
    if (!fanout) return put(c, data, size);
    for (int fd = 0; fd <= highest; fd++)
        if (open_ones[fd] && open_ones[fd]->upgraded) put(open_ones[fd], data, size);
    return true;
}

static bool upgrade(struct connection *c, char *head, size_t size)
{
    char answer[ANSWER];
    int n = floor_answer(head, size, "", answer);
    c->upgraded = true;
    return n > 0 && put(c, (uint8_t *)answer, (size_t)n);
}

static bool read_on(struct connection *c)
{
    if (c->in_size) memcpy(input, c->in, c->in_size);
    ssize_t n = recv(c->fd, input + c->in_size, BUFFER - 1 - c->in_size, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    size_t size = c->in_size + (size_t)n, used = 0, written = 0;
    if (!c->upgraded) return upgrade(c, (char *)input, size);
    while ((n = floor_reply(input + used, size - used, output, &written)) > 0) used += (size_t)n;
    if (n < 0 || (written && !put_all(c, output, written))) return false;
    free(c->in);
    c->in_size = size - used;
    c->in = c->in_size ? memcpy(malloc(c->in_size), input + used, c->in_size) : NULL;
    return true;
}

static void accept_all(void)
{
    static int next;
    int one = 1;
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        c->epoll = epolls[next++ % threads];
        open_ones[fd] = c;
        if (fd > highest) highest = fd;
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void *serve(void *mine)
{
    for (struct epoll_event events[EVENTS];;) {
        int ready = epoll_wait(*(int *)mine, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) accept_all();
            else if (!(events[i].events & EPOLLOUT ? put_rest(c) : read_on(c))) drop(c);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    fanout = argc > 2 && !strcmp(argv[2], "fanout");
    queue = argc > 2 && !strcmp(argv[2], "queue");
    if (argc > 3 && !strcmp(argv[2], "threads")) threads = atoi(argv[3]);
    if (threads < 1 || threads > MOST_THREADS) return 2;
    listener = floor_listen(argc > 1 ? atoi(argv[1]) : 0);
    for (int i = 0; i < threads; i++) epolls[i] = epoll_create1(0);
    epoll_ctl(epolls[0], EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
    for (int i = 1; i < threads; i++)
        if (pthread_create(&(pthread_t){0}, NULL, serve, &epolls[i])) return 1;
    if (queue && pthread_create(&(pthread_t){0}, NULL, write_replies, NULL)) return 1;
    serve(&epolls[0]);
}
