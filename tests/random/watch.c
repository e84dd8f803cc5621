/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - what each thread is doing; fails when one thing takes too long. */
#include "random.h"

#include <stdarg.h>

enum { THREADS = 1024, PATIENCE_MS = 20000 };

static r_thread threads[THREADS];
static _Thread_local r_thread *mine;
static pthread_key_t leaving;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_t watcher;
static atomic_bool over;

static void left(void *thread)
{
    ((r_thread *)thread)->id = 0;
}

static void make_key(void)
{
    pthread_key_create(&leaving, left);
}

r_thread *r_me(void)
{
    if (mine) return mine;
    pthread_once(&once, make_key);
    for (int i = 0; i < THREADS; i++) {
        pid_t nobody = 0;
        if (!atomic_compare_exchange_strong(&threads[i].id, &nobody, gettid())) continue;
        mine = &threads[i];
        mine->doing = NULL;
        mine->within = NULL;
        mine->calling = false;
        pthread_setspecific(leaving, mine);
        return mine;
    }
    R_FAIL("more than %d threads run callbacks", THREADS);
}

void r_doing(const char *what, uint64_t handle)
{
    r_thread *me = r_me();
    me->handle = handle;
    me->since = t_now();
    me->doing = what;
}

void r_done(void)
{
    r_me()->doing = NULL;
}

void r_call_begins(const char *what, uint64_t handle)
{
    r_doing(what, handle);
    r_me()->calling = true;
    r_count_calls++;
}

void r_call_ends(void)
{
    r_thread *me = r_me();
    me->calling = false;
    me->doing = me->within ? "a callback" : NULL;
}

static void dump(void)
{
    long long now = t_now();
    fprintf(stderr, "%ld things alive, %ld calls without completion\n", r_things_alive(), r_calls_open());
    for (int i = 0; i < THREADS; i++) {
        const char *doing = threads[i].doing;
        if (!threads[i].id) continue;
        fprintf(stderr, "  thread %d: %s %#llx for %lld ms\n", threads[i].id, doing ? doing : "between calls",
                (unsigned long long)threads[i].handle, doing ? now - threads[i].since : 0);
    }
}

void r_fail(const char *file, int line, const char *format, ...)
{
    static atomic_flag failing = ATOMIC_FLAG_INIT;
    if (atomic_flag_test_and_set(&failing))
        for (;;) pause(); /* one story is enough */
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "%s:%d: %s\nin thread %d; seed %llu, receive %s\n", file, line, text, gettid(),
            (unsigned long long)r_run.seed, r_run.receive);
    dump();
    if (r_stop && r_things_alive() < 100) r_things_tell();
    fflush(NULL);
    if (getenv("WS_RANDOM_ABORT")) abort(); /* for a debugger or a core file */
    _exit(1);
}

static void *watch(void *unused)
{
    (void)unused;
    while (!over) {
        long long now = t_now();
        for (int i = 0; i < THREADS; i++) {
            const char *doing = threads[i].doing;
            if (threads[i].id && doing && now - threads[i].since > PATIENCE_MS)
                R_FAIL("thread %d does not come back from %s", threads[i].id, doing);
        }
        usleep(200000); /* only how often it looks */
    }
    return NULL;
}

void r_watch_start(void)
{
    t_thread(&watcher, watch, NULL);
}

void r_watch_stop(void)
{
    over = true;
    t_join(watcher);
}
