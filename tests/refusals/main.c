/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - lives in which the system refuses something: each call of the table with each
 * errno, once and for ever, early and late, and many by chance.
 *
 *   refusals LIFE CERTIFICATES [--seed N] [--seconds S | --all] [--deadline S] [--allocator PRELOADED] [--only CALL ERRNO FIRST TIMES | --chance IN_A_THOUSAND SEED]
 *
 * --allocator: instead of system calls allocations fail, one in each life.
 * --seconds: as many as there is time for, in an order by seed. --all: every cell of the
 * table. A life that dies, hangs or breaks its rules ends the run with status 1 after all
 * others were run; what repeats it is printed.
 */
#define _GNU_SOURCE
#include "refusals.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 120, CELLS = 20000 };

static char **life;
static int patience_s; /* for a life; 0: PATIENCE_S, and more on a busy machine */
static long lives, failures, refused, excepted, ended_early;
static struct {
    long lives, refused, failures;
} by_call[MOST_CALLS];

static int deadline_ms(void)
{
    if (patience_s) return patience_s * 1000;
    double load = 0;
    if (getloadavg(&load, 1) != 1) load = 0;
    double factor = load / (double)sysconf(_SC_NPROCESSORS_ONLN);
    return (int)(PATIENCE_S * 1000 * (factor < 1 ? 1 : factor > 10 ? 10 : factor));
}

static void tell_plan(const rf_plan *plan)
{
    if (!plan->call) printf("--chance %u %llu", plan->in_a_thousand, (unsigned long long)plan->seed);
    else printf("--only %s %s %ld %ld", plan->call->name, rf_error_name(plan->error), plan->first, plan->times);
}

static bool run(const rf_plan *plan, rf_end *end)
{
    rf_run(life, plan, deadline_ms(), end);
    bool right = !end->hung && WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0;
    lives++;
    refused += end->refused;
    excepted += end->excepted;
    ended_early += right && strstr(end->said, "refused: ") == end->said;
    if (plan->call) {
        int at = (int)(plan->call - rf_calls);
        by_call[at].lives++;
        by_call[at].refused += end->refused;
        by_call[at].failures += !right;
    }
    if (right) return true;
    failures++;
    printf("FAILED: ");
    tell_plan(plan);
    if (end->hung) printf(": it hangs\n");
    else if (WIFSIGNALED(end->status)) printf(": signal %d\n", WTERMSIG(end->status));
    else printf(": status %d\n", WEXITSTATUS(end->status));
    printf("%.2000s\n", end->said);
    fflush(stdout);
    return false;
}

/* ---- which --------------------------------------------------------------------------- */

static rf_plan cells[CELLS];
static int cell_count;

static void add(rf_plan plan)
{
    if (cell_count < CELLS) cells[cell_count++] = plan;
}

/* made: how often a life makes each call when nothing is refused. */
static void plan_all(const long *made, uint64_t seed)
{
    for (int c = 0; c < rf_call_count; c++)
        for (int e = 0; made[c] && e < MOST_ERRORS && rf_calls[c].errors[e]; e++) {
            rf_plan p = {.call = &rf_calls[c], .error = rf_calls[c].errors[e], .times = 1};
            long places[] = {1, 2, 3, 5, 8, made[c] / 4, made[c] / 2, made[c]}, last = 0;
            for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
                if (places[i] <= last || places[i] > made[c]) continue;
                last = p.first = places[i];
                add(p);
            }
            /* What may come again and again goes by chance: nobody can bear that nothing is ever read. */
            bool sends = p.call->number == SYS_sendto || p.call->number == SYS_sendmsg; /* wait for the kernel's memory */
            bool passing = p.error == EINTR || p.error == EAGAIN || p.error == ENOBUFS || (sends && p.error == ENOMEM);
            if (passing) continue;
            p.times = LONG_MAX;
            p.first = 1;
            add(p);
            p.first = made[c] / 2 + 1;
            add(p);
        }
    static const unsigned shares[] = {2, 10, 50, 200};
    for (unsigned i = 0; i < 80; i++) add((rf_plan){.in_a_thousand = shares[i % 4], .seed = seed * 1000 + i + 1});
}

static void shuffle(uint64_t seed)
{
    srandom((unsigned)seed);
    for (int i = cell_count - 1; i > 0; i--) {
        int j = (int)(random() % (i + 1));
        rf_plan other = cells[i];
        cells[i] = cells[j];
        cells[j] = other;
    }
}

static void tell_calls(const rf_end *whole)
{
    printf("%-20s %8s %8s %8s %8s\n", "call", "in a life", "lives", "refused", "failed");
    for (int c = 0; c < rf_call_count; c++)
        if (whole->made[c] || by_call[c].lives)
            printf("%-20s %8ld %8ld %8ld %8ld\n", rf_calls[c].name, whole->made[c], by_call[c].lives, by_call[c].refused,
                   by_call[c].failures);
    printf("%ld lives, %ld calls refused, %ld lives ended by ws_init, %ld failed\n", lives, refused, ended_early, failures);
    printf("%ld calls excepted: mmap of the Go runtime, and EAGAIN of what is awaited by Go's poller\n", excepted);
}

static _Noreturn void usage(void)
{
    fprintf(stderr, "refusals LIFE CERTIFICATES [--seed N] [--seconds S | --all] [--deadline S] [--allocator PRELOADED] [--only CALL ERRNO FIRST TIMES | --chance IN_A_THOUSAND SEED]\n");
    exit(2);
}

/* One allocation of the C half fails in each life, early or anywhere. Not all from one on: what
 * a queue has no memory for waits until there is some. */
static int run_allocations(const char *allocator, uint64_t seed, long seconds)
{
    enum { EARLY = 60, MANY = 12000 };
    setenv("LD_PRELOAD", allocator, 1);
    srandom((unsigned)seed);
    time_t began = time(NULL);
    for (long i = 0; time(NULL) - began < seconds; i++) {
        long first = i % 2 ? random() % MANY + 1 : random() % EARLY + 1;
        char number[24];
        snprintf(number, sizeof number, "%ld", first);
        setenv("RF_FIRST", number, 1);
        rf_end end;
        if (!run(&(rf_plan){0}, &end)) printf("with RF_FIRST=%s LD_PRELOAD=%s\n", number, allocator);
    }
    printf("%ld lives with an allocation that fails, %ld failed\n", lives, failures);
    return failures > 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) usage();
    char *program[] = {argv[1], argv[2], NULL};
    life = program;
    uint64_t seed = (uint64_t)time(NULL);
    long seconds = 60;
    rf_plan only = {0};
    const char *allocator = NULL;
    for (int i = 3; i < argc; i++) {
        if (!strcmp(argv[i], "--seed") && i + 1 < argc) seed = strtoull(argv[++i], NULL, 0);
        else if (!strcmp(argv[i], "--seconds") && i + 1 < argc) seconds = atol(argv[++i]);
        else if (!strcmp(argv[i], "--all")) seconds = LONG_MAX / 2;
        else if (!strcmp(argv[i], "--allocator") && i + 1 < argc) allocator = argv[++i];
        else if (!strcmp(argv[i], "--deadline") && i + 1 < argc) patience_s = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--chance") && i + 2 < argc) {
            only.in_a_thousand = (unsigned)atoi(argv[++i]);
            only.seed = strtoull(argv[++i], NULL, 0);
        } else if (!strcmp(argv[i], "--only") && i + 4 < argc) {
            only.call = rf_call_named(argv[i + 1]);
            only.error = rf_error_named(argv[i + 2]);
            only.first = atol(argv[i + 3]);
            only.times = atol(argv[i + 4]);
            if (!only.call || !only.error) usage();
            i += 4;
        } else usage();
    }
    printf("seed %llu\n", (unsigned long long)seed);
    rf_end whole, end;
    if (allocator) return run_allocations(allocator, seed, seconds);
    if (only.call || only.in_a_thousand) return !run(&only, &end);
    if (!run(&(rf_plan){0}, &whole)) return 1; /* nothing is refused */
    printf("%s", whole.said);
    plan_all(whole.made, seed);
    shuffle(seed);
    time_t began = time(NULL);
    for (int i = 0; i < cell_count && time(NULL) - began < seconds; i++) run(&cells[i], &end);
    tell_calls(&whole);
    printf("%d cells in the table\n", cell_count);
    return failures > 0;
}
