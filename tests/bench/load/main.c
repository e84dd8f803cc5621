/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - the load client of the benchmarks.
 *
 *     load echo       --port P --pid SERVER [--connections N] [--size BYTES] [--depth N]
 *                     [--loads SIZExDEPTH,...] [--seconds S] [--warm S] [--tls] [--deflated PREFIX]
 *     load paced      ... --rate MESSAGES_PER_SECOND
 *     load idle       ... then "echo BYTES" and a newline on stdin, as often as wanted
 *     load handshakes ... [--tls [--resume]]
 *     load fanout     ...
 *     load pings      ... --windows N: answers pings, and tells of each window of so many seconds
 *     load bombs      ... --deflated PREFIX: pings beside so many that send that
 *     load crowd      --ports P,... --pids PID,... --topics N --rate MESSAGES_PER_SECOND [--way centrifugo] ...
 *
 * What it prints is JSON: what the server did, in how much of its CPU time. Echo prints a line
 * for each load, pings for each window.
 */
#include "load.h"

#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct options options = {.connections = 1, .size = 64, .depth = 1, .windows = 1, .seconds = 1, .warm = 0.3};

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "load: ");
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t)) fail("the server is gone");
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double now(void) { return seconds_of(CLOCK_MONOTONIC); }

double server_cpu(void)
{
    clockid_t clock;
    if (!options.pid) return 0;
    if (clock_getcpuclockid(options.pid, &clock)) fail("no process %d", options.pid);
    return seconds_of(clock);
}

long server_resident(void)
{
    char path[64], line[256];
    long kilobytes = 0;
    if (!options.pid) return 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", options.pid);
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot open %s", path);
    while (fgets(line, sizeof line, file) && sscanf(line, "Rss: %ld", &kilobytes) != 1) {}
    fclose(file);
    return kilobytes * 1024;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } modes[] = {
        {"echo", run_echo}, {"paced", run_paced}, {"idle", run_idle},
        {"handshakes", run_handshakes}, {"fanout", run_fanout}, {"pings", run_pings}, {"bombs", run_bombs},
        {"crowd", run_crowd},
    };
    static const struct option names[] = {
        {"port", required_argument, NULL, 'p'}, {"pid", required_argument, NULL, 'i'},
        {"connections", required_argument, NULL, 'c'}, {"size", required_argument, NULL, 's'},
        {"depth", required_argument, NULL, 'd'}, {"seconds", required_argument, NULL, 't'},
        {"warm", required_argument, NULL, 'w'}, {"rate", required_argument, NULL, 'r'},
        {"tls", no_argument, NULL, 'S'}, {"resume", no_argument, NULL, 'R'},
        {"deflated", required_argument, NULL, 'z'}, {"loads", required_argument, NULL, 'l'},
        {"windows", required_argument, NULL, 'n'}, {"ports", required_argument, NULL, 'P'},
        {"pids", required_argument, NULL, 'I'}, {"topics", required_argument, NULL, 'T'},
        {"way", required_argument, NULL, 'W'}, {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (option == 'p') options.port = atoi(optarg);
        else if (option == 'i') options.pid = atoi(optarg);
        else if (option == 'c') options.connections = atoi(optarg);
        else if (option == 's') options.size = atoi(optarg);
        else if (option == 'd') options.depth = atoi(optarg);
        else if (option == 't') options.seconds = atof(optarg);
        else if (option == 'w') options.warm = atof(optarg);
        else if (option == 'r') options.rate = atof(optarg);
        else if (option == 'S') options.tls = true;
        else if (option == 'R') options.resume = true;
        else if (option == 'z') options.deflated = optarg;
        else if (option == 'l') options.loads = optarg;
        else if (option == 'n') options.windows = atoi(optarg);
        else if (option == 'P') options.ports = optarg;
        else if (option == 'I') options.pids = optarg;
        else if (option == 'T') options.topics = atoi(optarg);
        else if (option == 'W') options.way = optarg;
        else exit(2);
    }
    if (optind + 1 != argc || (options.port <= 0 && !options.ports) || options.connections < 1 || options.depth < 1 || options.size < 0)
        fail("want one mode, and --port; main.c lists them");

    signal(SIGPIPE, SIG_IGN);
    struct rlimit descriptors;
    getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit(RLIMIT_NOFILE, &descriptors);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (!strcmp(argv[optind], modes[i].name)) {
            modes[i].run();
            return 0;
        }
    fail("no mode %s", argv[optind]);
}
