/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refusals.h - what the system may refuse, and how it is made to.
 *
 * Go makes raw system calls, so nothing stands between it and the kernel but a seccomp
 * filter. The filter hands each call of the table to this program, which lets it through
 * or answers it with an errno that the call can have.
 *
 *   main.c      which lives are run, and what is said of them
 *   calls.c     the table: system calls and what each may fail with
 *   supervise.c one life under a filter
 *   allocator.c preloaded: malloc that fails
 *   life.c      the life, a program of its own: everything that the library does
 */
#ifndef REFUSALS_H
#define REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

/* ---- calls.c ------------------------------------------------------------------- */

enum { MOST_ERRORS = 10 };

typedef struct rf_call {
    int number;
    const char *name;
    int errors[MOST_ERRORS]; /* 0 ends them */
} rf_call;

extern const rf_call rf_calls[];
extern const int rf_call_count;
const rf_call *rf_call_named(const char *name);
/* The name of an errno of the table, and back; 0: there is none. */
const char *rf_error_name(int error);
int rf_error_named(const char *name);

/* ---- supervise.c ----------------------------------------------------------------- */

/* What is refused in a life. */
typedef struct rf_plan {
    const rf_call *call;    /* NULL: any call, by chance */
    int error;              /* of call */
    long first, times;      /* the first refused one, from 1, and how many from there on */
    unsigned in_a_thousand; /* by chance */
    uint64_t seed;          /* of chance */
} rf_plan;

/* What became of it. */
typedef struct rf_end {
    int status;        /* as of waitpid */
    bool hung;         /* it had to be killed */
    long refused;      /* calls that were */
    long made[64];     /* how often each call of the table was made */
    long excepted;     /* calls that cannot be refused, or not with that errno; see supervise.c */
    char said[8192];   /* its output */
} rf_end;

enum { MOST_CALLS = 64 };

/* Runs program under the filter. deadline_ms is for all of it. */
void rf_run(char *const program[], const rf_plan *plan, int deadline_ms, rf_end *end);

/* A life says so when it begins: nothing before is refused, which is the loader's. It is a
 * call that nothing else makes, with an argument that the kernel ignores. */
#define RF_BEGINS 0x7273

#endif
