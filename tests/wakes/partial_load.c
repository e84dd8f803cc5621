/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under partial load the threads beside the loop sleep: a message
 * wakes its loop and nobody else, and so does a call of the host, whatever it does.
 * (Go's monitor thread once woke fifty times for each.)
 */
#include "../c/t.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>

/* A thread of the host that calls into Go now and then. */
static ws_handle server;
static _Atomic pid_t caller;
static atomic_bool enough;

/* How often the threads of the library but the loop have gone to sleep, from all their starts on. */
static long sleeps_beside(pid_t loop)
{
    long sleeps = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks);
    for (struct dirent *d; (d = readdir(tasks));) {
        pid_t thread = atoi(d->d_name);
        if (!thread || thread == gettid() || thread == loop || thread == caller) continue;
        char path[64], line[256];
        long mine = 0;
        snprintf(path, sizeof path, "/proc/self/task/%d/status", thread);
        FILE *status = fopen(path, "r");
        if (!status) continue; /* it has just ended */
        while (fgets(line, sizeof line, status)) sscanf(line, "voluntary_ctxt_switches: %ld", &mine);
        fclose(status);
        sleeps += mine;
    }
    closedir(tasks);
    return sleeps;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void pause_for(long us) { nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL); }

/* A call that enters Go, as sending over TLS does. */
static void call(void)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
}

/* Messages, one in us microseconds; calls: and a call with each. The monitor looks every 10 ms while a
 * loop works, about a hundred times more when it begins to, and a few times after a message that comes alone. */
static void a_load(ws_handle client, t_log *log, int *answered, int messages, long us, bool calls, double for_message)
{
    t_echo_round(client, log, "first", 5, WS_TEXT, ++*answered);
    pid_t loop = log->events[log->count - 1]->thread;
    double begun = seconds();
    long before = sleeps_beside(loop);
    for (int i = 0; i < messages; i++) {
        pause_for(us);
        if (calls) call();
        t_echo_round(client, log, "message", 7, WS_TEXT, ++*answered);
    }
    long sleeps = sleeps_beside(loop) - before;
    double took = seconds() - begun, most = 150 + 150 * took + for_message * messages;
    printf("a message%s in %ld us: %ld sleeps beside the loop in %.2f s, at most %.0f\n", calls ? " and a call" : "", us, sleeps, took, most);
    CHECK((double)sleeps <= most);
}

static void *calls(void *unused)
{
    caller = gettid();
    while (!enough) {
        OK(ws_server_broadcast(server, "message", 7, WS_TEXT, 0, NULL));
        pause_for(15000);
    }
    return unused;
}

/* Behind each of its calls the thread has a processor that it does not need; the monitor fetches it after 10 ms, and that
 * is no reason to look fifty times for more. */
static void beside_a_thread_that_calls(ws_handle client, t_log *log, int *answered)
{
    pthread_t thread;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    server = ws_server_create(NULL);
    OK(ws_server_start(server, &config, NULL, NULL));
    CHECK_EQ(pthread_create(&thread, NULL, calls, NULL), 0);
    while (!caller) pause_for(1000);
    a_load(client, log, answered, 600, 1000, false, 0);
    enough = true;
    pthread_join(thread, NULL);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

int main(void)
{
    static t_log log = T_LOG;
    int answered = 0;
    ws_init_options o;
    WS_INIT_STRUCT(&o);
    o.loops = 1;
    OK(ws_init(&o));
    ws_handle client = t_open_client(t_echo_server(), &log);
    a_load(client, &log, &answered, 300, 1000, false, 0);
    a_load(client, &log, &answered, 60, 15000, false, 1);
    a_load(client, &log, &answered, 300, 1000, true, 0);
    beside_a_thread_that_calls(client, &log, &answered);
    return t_done();
}
