/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - the beginning and the end of a run of random calls.
 *
 *   random [--seed N] [--seconds S] [--threads T] [--loops L] [--receive inline|queue|thread|mixed]
 */
#include "random.h"

#include <dirent.h>
#include <getopt.h>
#include <time.h>

static int count(const char *directory)
{
    int n = -3; /* ".", ".." and the descriptor of the directory itself */
    DIR *d = opendir(directory);
    CHECK(d);
    while (readdir(d)) n++;
    closedir(d);
    return n;
}

static int sockets(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/fd");
    CHECK(d);
    for (struct dirent *e; (e = readdir(d));) {
        char path[300], target[64] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%s", e->d_name);
        if (readlink(path, target, sizeof target - 1) > 0) n += !strncmp(target, "socket:", 7);
    }
    closedir(d);
    return n;
}

static void *work(void *number)
{
    r_rng rng = R_RNG(r_run.seed * 1000003u + (uintptr_t)number);
    while (!r_stop) {
        r_step(&rng);
        if (r_one_in(&rng, 16)) usleep(r_below(&rng, 2000)); /* so that the loops have their turn, too */
    }
    return NULL;
}

static void await(const char *what, const char *directory, int most)
{
    long long end = t_now() + T_DEADLINE_MS;
    while (count(directory) > most) {
        R_CHECK(t_now() < end, "%d %s at the end, at most %d at the beginning", count(directory), what, most);
        usleep(10000); /* descriptors and threads end on their own */
    }
}

static void options(int argc, char **argv)
{
    static const struct option known[] = {{"seed", 1, 0, 's'}, {"seconds", 1, 0, 't'}, {"threads", 1, 0, 'n'},
                                          {"loops", 1, 0, 'l'}, {"receive", 1, 0, 'r'}, {0}};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    r_run.seed = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    for (int o; (o = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (o) {
        case 's': r_run.seed = strtoull(optarg, NULL, 0); break;
        case 't': r_run.seconds = atoi(optarg); break;
        case 'n': r_run.threads = atoi(optarg); break;
        case 'l': r_run.loops = atoi(optarg); break;
        case 'r': r_run.receive = optarg; break;
        default: exit(2);
        }
    }
    CHECK(r_run.seconds > 0 && r_run.threads > 0 && r_run.threads <= 64);
    CHECK(strstr(" inline queue thread mixed ", r_run.receive));
}

int main(int argc, char **argv)
{
    options(argc, argv);
    printf("seed %llu, %d seconds, %d threads, %d loops, receive %s\n", (unsigned long long)r_run.seed, r_run.seconds,
           r_run.threads, r_run.loops, r_run.receive);
    fflush(stdout);
    r_watch_start();
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.loops = r_run.loops;
    OK(ws_init(&init));
    int fds = count("/proc/self/fd"), threads_before = count("/proc/self/task"), sockets_before = sockets();
    r_rng rng = R_RNG(r_run.seed ^ 0x5e7);
    r_serve_start(&rng);
    r_peers_start(r_run.seed ^ 0x9ee5);

    pthread_t threads[64];
    for (int i = 0; i < r_run.threads; i++) t_thread(&threads[i], work, (void *)(uintptr_t)(i + 1));
    struct timespec length = {.tv_sec = r_run.seconds};
    nanosleep(&length, NULL);
    bool by_hand = r_run.seed % 2;
    printf("%d threads, %d descriptors in full run\n", count("/proc/self/task"), count("/proc/self/fd"));
    r_stop = true;
    for (int i = 0; i < r_run.threads; i++) t_join(threads[i]);
    if (by_hand) r_end_by_hand(); /* half of the runs; the others leave it to ws_shutdown_wait */
    r_doing("ws_shutdown_wait", 0);
    int32_t status = ws_shutdown_wait(T_DEADLINE_MS);
    r_done();
    R_CHECK(!status, "ws_shutdown_wait returns %d: %s", status, ws_last_error());
    R_CHECK(!r_things_alive(), "%ld handles were never destroyed", r_things_alive());
    R_CHECK(!r_calls_open(), "%ld calls never completed", r_calls_open());
    R_CHECK(!r_relays_open(), "%ld relays have not ended", r_relays_open());
    r_queues_end();
    r_peers_stop();
    r_forget_places();
    r_things_end();
    await("descriptors", "/proc/self/fd", fds);
    R_CHECK(sockets() == sockets_before, "%d sockets at the end, %d at the beginning", sockets(), sockets_before);
    /* The Go runtime starts threads when all others are busy, and keeps them; they stay few. */
    await("threads", "/proc/self/task", threads_before + 8);
    printf("%ld calls, %ld events (%ld polled), %ld opens, %ld accepted, %ld failed connects; ended %s; "
           "%d threads (%d at first), %d descriptors left (%d at first)\n",
           r_count_calls, r_count_events, r_count_polled, r_count_opens, r_count_accepted, r_count_failed,
           by_hand ? "by hand" : "by ws_shutdown_wait", count("/proc/self/task"), threads_before,
           count("/proc/self/fd"), fds);
    r_watch_stop();
    return 0;
}
