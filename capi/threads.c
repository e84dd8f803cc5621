/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * threads.c - threads of the library: how they are made, and which are ready before the Go
 * runtime needs them.
 *
 * The runtime ends the process when the system refuses it a thread. So it gets none from
 * the system: as many as it can need are made before, by callers that can return an
 * error, and wait here. Linked with -Wl,--wrap=x_cgo_thread_start, which would allocate,
 * --wrap=_cgo_try_pthread_create and --wrap=x_cgo_init.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "guest.h"
#include "runtime.h"

/* ---- making one --------------------------------------------------------------------- */

/* No handler of the host ever runs on a thread of ours: the synchronous signals and
 * SIGURG, which Go sends itself, stay open. */
void wsx_block_signals(sigset_t *set)
{
    static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGURG};
    sigfillset(set);
    for (unsigned i = 0; i < sizeof open / sizeof *open; i++) sigdelset(set, open[i]);
}

int wsx_start_thread(void *(*body)(void *), void *argument)
{
    sigset_t ours, hosts;
    wsx_block_signals(&ours);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    pthread_sigmask(SIG_SETMASK, &ours, &hosts); /* a thread begins with its maker's mask */
    int error = pthread_create(&thread, &detached, body, argument);
    pthread_sigmask(SIG_SETMASK, &hosts, NULL);
    pthread_attr_destroy(&detached);
    return error;
}

/* ---- the end of one that Go has left ------------------------------------------------------ */

extern void crosscall1(void (*body)(void), void (*set_g)(void *), void *g); /* keeps the registers that set_g takes */
void __real_x_cgo_init(void *g, void (*set)(void *), void **tlsg, void **tlsbase);
void __wrap_x_cgo_init(void *g, void (*set)(void *), void **tlsg, void **tlsbase);

static void (*set_g)(void *); /* written before the runtime has its first thread */

void __wrap_x_cgo_init(void *g, void (*set)(void *), void **tlsg, void **tlsbase)
{
    set_g = set;
    __real_x_cgo_init(g, set, tlsg, tlsbase);
}

static void nothing(void) {}

/* A signal is still delivered here when the host runs with the thread sanitizer, which keeps those that
 * it has got until the next call of libc, whatever the runtime has blocked. Go's handler would take
 * what it finds for a thread of its own, and look at a stack that is gone. */
static void leave_go(void)
{
    crosscall1(nothing, set_g, NULL);
}

/* ---- the reserve ------------------------------------------------------------------------ */

/* What the runtime says of a thread that it wants; libcgo.h calls it ThreadStart. */
typedef union start {
    struct {
        void *g, *tls;
        void (*body)(void);
    } wish;
    union start *next; /* while it is spare */
} start;

/* A thread that waits, on its stack. */
typedef struct parked {
    pthread_cond_t called;
    void *(*body)(void *);
    void *argument;
    bool leaves; /* without having been needed */
    struct parked *next;
} parked;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards what follows; no other is taken under it */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static parked *idle;
static start *starts;    /* one for each thread that is not in use: its first memory */
static uint32_t made;    /* threads that the runtime has or may have */
static uint32_t unused;  /* of these, those that wait or are on their way to it */
static uint32_t wanted;  /* at least */
static uint32_t waiters; /* of the runtime, for a thread */
static atomic_bool refusing; /* the reserve is low, and the system gave no thread when it was asked last */

_Atomic uint32_t wsx_threads_refused;

static void *park(void *unused_argument)
{
    (void)unused_argument;
    parked self = {.called = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&mutex);
    self.next = idle;
    idle = &self;
    pthread_cond_broadcast(&changed);
    while (!self.body && !self.leaves) pthread_cond_wait(&self.called, &mutex);
    pthread_mutex_unlock(&mutex);
    if (self.body) self.body(self.argument);
    if (set_g) leave_go();
    pthread_mutex_lock(&mutex);
    made--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* 0 or an errno. mutex held. */
static int make(void)
{
    start *s = malloc(sizeof *s);
    if (!s) return ENOMEM;
    int error = wsx_start_thread(park, NULL);
    if (error) {
        free(s);
        return error;
    }
    s->next = starts;
    starts = s;
    made++;
    unused++;
    return 0;
}

/* Waits as one of the waiters until *list is not empty. mutex held, but given up meanwhile. */
static void await(void *const *list)
{
    waiters++;
    while (!*list) {
        pthread_cond_broadcast(&changed);
        pthread_cond_wait(&changed, &mutex);
    }
    waiters--;
}

/* Takes a thread; there is one. mutex held. */
static parked *take(void)
{
    parked *p = idle;
    idle = p->next;
    unused--;
    if (waiters > unused || unused < WSX_RESERVE) pthread_cond_broadcast(&changed);
    return p;
}

static start *take_start(void)
{
    start *s = starts;
    if (s) starts = s->next;
    return s;
}

/* Ends what is not needed. mutex held, but given up meanwhile. */
static void shrink(uint32_t to)
{
    while (made > to && unused) {
        while (!idle) pthread_cond_wait(&changed, &mutex);
        free(take_start());
        parked *p = take();
        p->leaves = true;
        pthread_cond_signal(&p->called);
        uint32_t before = made;
        while (made == before) pthread_cond_wait(&changed, &mutex);
    }
}

int wsx_threads_provide(uint32_t all, uint32_t *there)
{
    int error = 0;
    pthread_mutex_lock(&mutex);
    if (wanted > all) wanted = all;
    shrink(all);
    while (made < all && !(error = make())) {}
    *there = made;
    wanted = all; /* what is missing is tried again */
    pthread_mutex_unlock(&mutex);
    return error;
}

bool wsx_threads_short(void)
{
    return atomic_load(&refusing);
}

void wsx_thread_run(void *(*body)(void *), void *argument)
{
    pthread_mutex_lock(&mutex);
    await((void *const *)&idle);
    parked *p = take();
    p->argument = argument;
    p->body = body;
    pthread_cond_signal(&p->called);
    pthread_mutex_unlock(&mutex);
}

/* ---- the keeper ---------------------------------------------------------------------------
 * Keeps the reserve from running low. When it has run out and the system refuses, the runtime
 * stands, and so calls do not enter it. */

static void tell_refused(bool refused)
{
    int32_t before = refused ? WS_OK : WS_ERR_MEMORY;
    if (atomic_compare_exchange_strong(&wsx_refusal, &before, refused ? WS_ERR_MEMORY : WS_OK) && refused)
        atomic_fetch_add(&wsx_threads_refused, 1);
}

static void *keep(void *nothing)
{
    enum { SOON = 5, LATE = 500 }; /* ms until the system is asked again */
    pthread_mutex_lock(&mutex);
    for (;;) {
        bool short_of = waiters > unused;
        if (!short_of) tell_refused(false);
        if (!short_of && made >= wanted && unused >= WSX_RESERVE) {
            atomic_store(&refusing, false);
            pthread_cond_wait(&changed, &mutex);
            continue;
        }
        int error = make();
        atomic_store(&refusing, error && unused < WSX_RESERVE);
        tell_refused(error && short_of);
        if (!error) continue;
        pthread_mutex_unlock(&mutex);
        nanosleep(&(struct timespec){.tv_nsec = (short_of ? SOON : LATE) * 1000000}, NULL);
        pthread_mutex_lock(&mutex);
    }
    return nothing;
}

int wsx_threads_keep(void)
{
    return wsx_start_thread(keep, NULL);
}

void wsx_threads_in_child(void)
{
    mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER; /* a thread that was just ending may have held it */
    changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
}

/* ---- what the runtime calls ------------------------------------------------------------------ */

extern void _cgo_sys_thread_start(start *s);
void __wrap_x_cgo_thread_start(start *wish);
int __wrap__cgo_try_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*body)(void *),
                                   void *argument);

/* The original asks malloc, and ends the process when there is no memory. */
void __wrap_x_cgo_thread_start(start *wish)
{
    pthread_mutex_lock(&mutex);
    await((void *const *)&starts);
    start *s = take_start();
    pthread_mutex_unlock(&mutex);
    s->wish = wish->wish;
    _cgo_sys_thread_start(s); /* calls the one below; the new thread frees s */
}

int __wrap__cgo_try_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*body)(void *), void *argument)
{
    (void)thread, (void)attr; /* the runtime does not look at it; it has the size of a stack that all have */
    wsx_thread_run(body, argument);
    return 0;
}
