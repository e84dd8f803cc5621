/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libws/ws.h>

#include "bench.h"
#include "json.h"
#include "say.h"
#include "terminal.h"

void load_sleep_us(int64_t us)
{
    struct timespec t = {(time_t)(us / 1000000), (long)(us % 1000000 * 1000)};
    nanosleep(&t, NULL);
}

void load_sleep(int64_t ms) { load_sleep_us(ms * 1000); }

int load_make(bench_load *load, const settings *s)
{
    if (s->execute.count > 1) return wrong("--execute: bench sends one message, again and again");
    load->connections = s->connections ? s->connections : 10;
    load->pipeline = s->pipeline ? (size_t)s->pipeline : s->rate ? 1024 : 1;
    load->type = s->binary ? WS_BINARY : WS_TEXT;
    load->size = s->execute.count ? strlen(s->execute.texts[0]) : s->size ? (size_t)s->size : 64;
    load->message = need(malloc(load->size + 1));
    for (size_t i = 0; i < load->size; i++) load->message[i] = (char)('a' + i % 26);
    if (s->execute.count) memcpy(load->message, s->execute.texts[0], load->size);
    load->rate = s->rate;
    return 0;
}

static void print_json(const bench_result *r, const bench_load *load)
{
    json_begin(stdout, "bench");
    json_number(stdout, "connections", r->connections);
    json_number(stdout, "failed", r->failed);
    json_number(stdout, "unsent", r->unsent);
    json_number(stdout, "size", (int64_t)load->size);
    json_number(stdout, "messages", (int64_t)r->all.total);
    json_number(stdout, "messages_per_second", (int64_t)((double)r->all.total / r->seconds));
    json_number(stdout, "bytes", (int64_t)r->bytes);
    json_number(stdout, "p50_us", histogram_at(&r->all, .5));
    json_number(stdout, "p90_us", histogram_at(&r->all, .9));
    json_number(stdout, "p99_us", histogram_at(&r->all, .99));
    json_number(stdout, "p999_us", histogram_at(&r->all, .999));
    json_number(stdout, "max_us", r->all.longest_us);
    json_end(stdout);
}

void load_print(const bench_result *r, const bench_load *load, const settings *s, int only_csv)
{
    terminal_begin();
    if (s->json) {
        print_json(r, load);
    } else if (!only_csv) {
        printf("%d connections, messages of %zu bytes, %.1f s\n", r->connections, load->size, r->seconds);
        if (r->unsent) printf("%s%lld messages were due and could not be sent: the server does not keep up%s\n", paint("bad"), (long long)r->unsent, paint(""));
        if (r->failed) printf("%s%d connections have failed%s\n", paint("bad"), r->failed, paint(""));
        printf("%s%.0f messages a second%s, %.2f MB/s in each direction\n", paint("good"), (double)r->all.total / r->seconds, paint(""), (double)r->bytes / r->seconds / 1e6);
        printf("round trip: median %.3f ms, 90 %% %.3f ms, 99 %% %.3f ms, 99.9 %% %.3f ms, longest %.3f ms\n", (double)histogram_at(&r->all, .5) / 1e3,
            (double)histogram_at(&r->all, .9) / 1e3, (double)histogram_at(&r->all, .99) / 1e3, (double)histogram_at(&r->all, .999) / 1e3,
            (double)r->all.longest_us / 1e3);
        histogram_draw(&r->all);
    }
    terminal_end();
}
