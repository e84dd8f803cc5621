/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "progress.h"
#include "say.h"
#include "terminal.h"

enum { EVERY_US = 200000, LARGE = 1 << 20 };

static int64_t drawn_us;
static int drawn;

static void print_bytes(double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (bytes >= 1024 && unit < 4) bytes /= 1024, unit++;
    fprintf(stderr, unit ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static void draw(session *run, int64_t sent, double seconds)
{
    int64_t size = run->file_size;
    terminal_begin_quietly();
    fputs("\r\033[K", stderr);
    if (sent) {
        fputs("sent ", stderr);
        print_bytes((double)sent);
        if (size > 0) fprintf(stderr, ", %d %%", (int)(100 * (double)sent / (double)size));
        fputs("  ", stderr);
    }
    if (run->received_bytes) {
        fputs("received ", stderr);
        print_bytes((double)run->received_bytes);
        fputs("  ", stderr);
    }
    print_bytes((double)(sent + run->received_bytes) / seconds);
    fputs("/s", stderr);
    if (sent && size > sent) fprintf(stderr, "  %.0f s left", seconds * (double)(size - sent) / (double)sent);
    fflush(stderr);
    terminal_end_quietly();
    drawn = 1;
}

void progress_tick(session *run)
{
    const settings *s = run->s;
    int64_t now = now_us();
    uint64_t waiting = 0;
    if (run->interactive || now - drawn_us < EVERY_US || !(s->progress || (is_terminal(stderr) && !s->quiet))) return;
    if (!s->files.count && !s->output) return;
    ws_buffered_amount(run->client, &waiting);
    int64_t sent = run->file_sent - (int64_t)waiting;
    if (sent < 0) sent = 0;
    if (!s->progress && sent + run->received_bytes < LARGE) return;
    drawn_us = now;
    draw(run, sent, (double)(now - run->started_us + 1) / 1e6);
}

void progress_end(void)
{
    if (drawn) fputc('\n', stderr);
    drawn = 0;
}
