/* SPDX-License-Identifier: Apache-2.0 */
/* bench.h - what bench sends, and what comes of it. */
#ifndef CAT_BENCH_H
#define CAT_BENCH_H

#include <stddef.h>

#include "histogram.h"
#include "options.h"

typedef struct bench_load {
    int64_t connections, rate; /* rate: messages a second of all together; 0: the next one follows an answer */
    size_t pipeline, size;
    char *message;
    int32_t type;
} bench_load;

typedef struct bench_result {
    histogram all;
    uint64_t bytes;
    double seconds;
    int connections, failed;
    int64_t unsent; /* with --rate: messages that were due and could not be sent, so the server had less than that */
} bench_result;

int load_make(bench_load *load, const settings *s); /* 0 or STATUS_USAGE */
void load_print(const bench_result *r, const bench_load *load, const settings *s, int only_stderr);
void load_sleep(int64_t ms);
void load_sleep_us(int64_t us);

#endif
