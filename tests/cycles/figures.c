/* SPDX-License-Identifier: Apache-2.0 */
/* figures.c - what /proc tells of this process. */
#include "figures.h"

#include <dirent.h>
#include <malloc.h>
#include <stdbool.h>

static long entries(const char *path)
{
    long n = -3; /* ".", ".." and the descriptor of the directory itself */
    DIR *d = opendir(path);
    CHECK(d);
    while (readdir(d)) n++;
    closedir(d);
    return n;
}

figures figures_now(void)
{
    long pages = 0;
    malloc_trim(0); /* what was freed is not in use */
    FILE *f = fopen("/proc/self/statm", "r");
    CHECK(f);
    CHECK(fscanf(f, "%*d %ld", &pages) == 1);
    fclose(f);
    /* A task directory has no descriptor of its own among its entries. */
    return (figures){.threads = entries("/proc/self/task") + 1, .descriptors = entries("/proc/self/fd"),
                     .rss = pages * sysconf(_SC_PAGESIZE),
                     .heap = (long)mallinfo2().uordblks};
}

int figures_spare_threads = 8;

figures figures_back(const char *what, const figures *start)
{
    long long end = t_now() + T_DEADLINE_MS;
    figures now = figures_now();
    while (now.threads > start->threads + figures_spare_threads ||
           now.descriptors > start->descriptors + SPARE_DESCRIPTORS) {
        if (t_now() > end)
            FAIL("%s: %ld threads and %ld descriptors, at first %ld and %ld", what, now.threads, now.descriptors,
                 start->threads, start->descriptors);
        usleep(10000); /* both end on their own */
        now = figures_now();
    }
    printf("%-22s %4ld threads %5ld descriptors %7ld KiB %9ld bytes of malloc\n", what, now.threads, now.descriptors,
           now.rss / 1024, now.heap);
    fflush(stdout);
    return now;
}

int figures_doublings = 4;

void figures_stretches(const char *what, void (*stretch)(int cycles), int cycles, long per_cycle)
{
    int32_t started = ws_init(NULL); /* its threads and descriptors are there from then on */
    CHECK(started == WS_OK || started == WS_ERR_STATE);
    figures start = figures_now();
    stretch(cycles);
    figures before = figures_back("warm", &start);
    for (int doubling = 1, done = 1; doubling <= figures_doublings; doubling++) {
        int more = done;
        for (int i = 0; i < more; i++, done++) stretch(cycles);
        char name[40];
        snprintf(name, sizeof name, "after %d", done * cycles);
        figures now = figures_back(name, &start);
        long n = (long)more * cycles, grown = now.rss - before.rss, heap = now.heap - before.heap;
        printf("%s: %ld cycles left %.1f bytes each, %.1f of malloc\n", what, n, (double)grown / n, (double)heap / n);
        /* Memory that went back meanwhile may hide what was left; then it takes another look. */
        bool steady = grown >= -per_cycle * n || doubling == figures_doublings;
        if (steady && grown <= per_cycle * n && heap <= HEAP_PER_CYCLE * n) return;
        before = now;
    }
    FAIL("%s: more than %ld bytes per cycle, or %d of malloc, were left each time", what, per_cycle, HEAP_PER_CYCLE);
}

int figures_option(int argc, char **argv, const char *name, int otherwise)
{
    for (int i = 1; i + 1 < argc; i += 2)
        if (!strcmp(argv[i], name)) return atoi(argv[i + 1]);
    return otherwise;
}
