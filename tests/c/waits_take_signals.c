/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits, and what calls the host back on its own thread, does so with the host's signal
 * mask: handlers run at once. So do the destructors of a thread that ends.
 */
#include "t.h"

#include <semaphore.h>
#include <signal.h>
#include <sys/stat.h>

static _Atomic int handled;

static void handler(int number)
{
    (void)number;
    handled++;
}

/* The mask that every thread of this test has. */
static int mask_is_mine(void)
{
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    for (int s = 1; s < SIGSYS; s++)
        if ((sigismember(&mask, s) > 0) != (s == SIGUSR2 || s == SIGURG)) return 0;
    return 1;
}

static void set_mask(void)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    sigaddset(&mask, SIGURG);
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, &mask, NULL), 0);
}

/* The thread waits in a call until told is set; until then it is sent signals, and takes them. */
static void takes_signals(pthread_t waits)
{
    int before = handled;
    while (handled < before + 20) {
        int now = handled;
        CHECK_EQ(pthread_kill(waits, SIGUSR1), 0);
        T_UNTIL_SO(handled > now);
    }
}

/* ---- a url filter, and what it calls --------------------------------------------- */

static int filtered;

static int32_t WS_CALL filter(const char *url, void *unused)
{
    (void)url, (void)unused;
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    CHECK(mask_is_mine());
    int before = handled;
    CHECK_EQ(raise(SIGUSR1), 0);
    CHECK_EQ(handled, before + 1);
    OK(ws_stats_get(&stats));
    CHECK(mask_is_mine());
    filtered++;
    return 0;
}

static void a_filter(void)
{
    OK(ws_set_url_filter(filter, NULL));
    ws_handle client = ws_create(NULL);
    CHECK_EQ(ws_connect(client, "ws://127.0.0.1:1/", NULL, NULL, NULL), WS_ERR_DOMAIN);
    CHECK_EQ(filtered, 1);
    CHECK(mask_is_mine());
    OK(ws_set_url_filter(NULL, NULL));
    OK(ws_destroy(client));
}

/* ---- destructors ------------------------------------------------------------------ */

static pthread_key_t first, last;
static _Atomic int destructors;

static void destructor(void *unused)
{
    (void)unused;
    CHECK(mask_is_mine());
    destructors++;
}

__attribute__((constructor)) static void make_first(void)
{
    pthread_key_create(&first, destructor);
}

static void *ends(void *unused)
{
    set_mask();
    pthread_setspecific(first, &first);
    pthread_setspecific(last, &last);
    ws_handle client = ws_create(NULL);
    OK(ws_destroy(client));
    return unused;
}

static void a_thread_that_ends(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_key_create(&last, destructor), 0);
    for (int i = 0; i < 10; i++) {
        t_thread(&thread, ends, NULL);
        t_join(thread);
    }
    CHECK_EQ(destructors, 20);
}

/* ---- waiting ------------------------------------------------------------------------- */

static t_latch about = T_LATCH, called = T_LATCH, held = T_LATCH, go_on = T_LATCH;

static void *dispatches(void *queue)
{
    size_t told = 0;
    set_mask();
    t_add(&about, 1);
    OK(ws_queue_dispatch(*(ws_handle *)queue, 0, -1, &told));
    CHECK(told > 0);
    CHECK(mask_is_mine());
    return NULL;
}

static void on_destroyed(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    CHECK(mask_is_mine());
    t_add(&called, 1);
}

static void a_queue(void)
{
    pthread_t thread;
    ws_handle queue = ws_queue_create(NULL);
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    options.queue = queue;
    ws_handle client = ws_create(&options);
    OK(ws_on(client, WS_EVENT_DESTROYED, on_destroyed, NULL));
    t_thread(&thread, dispatches, &queue);
    t_wait(&about, 1);
    takes_signals(thread);
    OK(ws_destroy(client));
    t_wait(&called, 1);
    t_join(thread);
}

/* A file that makes its reader wait. */
static void *reads(void *path)
{
    set_mask();
    ws_handle client = ws_create(NULL);
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    options.ca_path = path;
    t_add(&about, 1);
    CHECK_EQ(ws_connect(client, "wss://127.0.0.1:1/", &options, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), path);
    CHECK(mask_is_mine());
    OK(ws_destroy(client));
    return NULL;
}

static void a_file(void)
{
    pthread_t thread;
    char directory[] = "/tmp/libws-pipe-XXXXXX", path[64];
    CHECK(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/ca.pem", directory);
    CHECK_EQ(mkfifo(path, 0600), 0);
    t_thread(&thread, reads, path);
    t_wait(&about, 2);
    takes_signals(thread);
    FILE *pipe = fopen(path, "w");
    CHECK(pipe);
    takes_signals(thread);
    CHECK(fputs("no certificate", pipe) >= 0);
    fclose(pipe);
    t_join(thread);
    unlink(path);
    rmdir(directory);
}

static void hold(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    t_add(&held, 1);
    t_wait(&go_on, 1);
}

static void *shuts_down(void *unused)
{
    set_mask();
    t_add(&about, 1);
    OK(ws_shutdown_wait(-1));
    CHECK(mask_is_mine());
    return unused;
}

static void the_shutdown(void)
{
    pthread_t thread;
    ws_handle client = ws_create(NULL);
    OK(ws_on(client, WS_EVENT_DESTROYED, hold, NULL));
    OK(ws_destroy(client));
    t_wait(&held, 1);
    t_thread(&thread, shuts_down, NULL);
    t_wait(&about, 3);
    takes_signals(thread);
    t_add(&go_on, 1);
    t_join(thread);
}

int main(void)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    set_mask();
    a_filter();
    a_thread_that_ends();
    a_queue();
    a_file();
    the_shutdown();
    return t_done();
}
