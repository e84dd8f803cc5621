/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_cases.h - for tests whose cases are processes of their own: this program again, with the
 * name of the case, which t_before_load sees before any library is loaded.
 */
#ifndef T_CASES_H
#define T_CASES_H

#include "t.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Define it: name is "" in the parent. */
static void t_before_load(const char *name);

static void t_preinit(int argc, char **argv, char **environment)
{
    (void)environment;
    t_before_load(argc == 2 ? argv[1] : "");
}
T_FIRST(t_preinit);

/* A number that parent and child share, and that the end of the child does not take away. */
static volatile int *t_shared;

/* What a child does first. */
static inline void t_case_begins(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(T_DEADLINE_MS / 1000);
    t_shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
    CHECK(t_shared != MAP_FAILED);
}

/* Runs a case, and returns its status as waitpid does. What it has written to stderr is in said. */
static inline int t_case(char *program, const char *name, char said[1000])
{
    int status, ends[2];
    int shared = memfd_create("shared", 0);
    CHECK(shared >= 0);
    CHECK_EQ(ftruncate(shared, 4096), 0);
    t_shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
    CHECK(t_shared != MAP_FAILED);
    CHECK_EQ(pipe(ends), 0);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        dup2(ends[1], 2);
        close(ends[0]);
        if (ends[1] != 2) close(ends[1]);
        if (shared != 3) dup2(shared, 3);
        execl("/proc/self/exe", program, name, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t have = 0;
    ssize_t n;
    while ((n = read(ends[0], said + have, 999 - have)) > 0) have += (size_t)n;
    said[have] = 0;
    close(ends[0]);
    close(shared);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    return status;
}

#endif
