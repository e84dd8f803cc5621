/* SPDX-License-Identifier: Apache-2.0 */
/* check.c - what is right and wrong with a server, in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "commands.h"
#include "say.h"

static void check_way(const probe *p)
{
    char address[128];
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    ws_connection_stats_get(p->client, &stats);
    probe_text(p, WS_TEXT_REMOTE_ADDRESS, address, sizeof address);
    good("connected to %s: resolve %.1f ms, connect %.1f ms, TLS %.1f ms, upgrade %.1f ms", *address ? address : "the server",
        (double)(stats.resolve_us > 0 ? stats.resolve_us : 0) / 1e3, (double)(stats.connect_us > 0 ? stats.connect_us : 0) / 1e3,
        (double)(stats.tls_us > 0 ? stats.tls_us : 0) / 1e3, (double)(stats.upgrade_us > 0 ? stats.upgrade_us : 0) / 1e3);
}

static void check_upgrade(const target *t, const probe *p)
{
    char extensions[256];
    probe_text(p, WS_TEXT_EXTENSIONS, extensions, sizeof extensions);
    good("the server agreed to the upgrade (101)");
    if (t->options.protocol && !*p->protocol) note("it speaks none of the subprotocols %s; browsers end such a connection", t->options.protocol);
    else if (*p->protocol) good("it speaks the subprotocol %s", p->protocol);
    if (*extensions) good("it compresses: %s", extensions);
    else note("it does not compress (permessage-deflate, RFC 7692), which is no fault");
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void check_pings(probe *p)
{
    enum { PINGS = 5 };
    for (int i = 0; i < PINGS; i++) {
        char text[4] = {'c', (char)('0' + i)};
        ws_ping(p->client, text, 2);
        if (!probe_wait(p, &p->pongs, i + 1, 5000)) {
            bad("no pong came within 5 s (RFC 6455 5.5.2)");
            return;
        }
    }
    for (int i = 0; i < PINGS; i++) {
        if (p->round_trip_us[i] >= 0) continue;
        bad("a pong has not what its ping had (RFC 6455 5.5.3)");
        return;
    }
    qsort(p->round_trip_us, PINGS, sizeof *p->round_trip_us, by_size);
    good("pings are answered: round trip %.3f ms (median of %d), longest %.3f ms", (double)p->round_trip_us[PINGS / 2] / 1e3, PINGS,
        (double)p->round_trip_us[PINGS - 1] / 1e3);
}

/* A ping may come between the frames of a message (RFC 6455 5.4). */
static void check_pieces(probe *p)
{
    int before = p->pongs;
    ws_send_part(p->client, "libws-cat ", 10, WS_TEXT, 0, NULL, NULL);
    ws_ping(p->client, "between", 7);
    ws_send_part(p->client, "check", 5, WS_TEXT, 1, NULL, NULL);
    if (probe_wait(p, &p->pongs, before + 1, 5000)) good("it takes a message in two frames with a ping between them");
    else if (p->over) note("it closed (%d) at a text message in two frames with a ping between them; perhaps for what the message says", p->code);
    else bad("it does not answer a ping between the frames of a message (RFC 6455 5.4)");
}

static void check_close(probe *p)
{
    int64_t begun = now_us();
    if (p->over) return;
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.timeout_ms = 2000;
    ws_close(p->client, &options, NULL, NULL);
    probe_wait(p, &p->over, 1, 6000);
    if (p->clean && p->code == 1000) good("it answers our Close frame with the same code, after %.1f ms", (double)(now_us() - begun) / 1e3);
    else if (p->clean) note("it answers our Close frame of 1000 with %d", p->code);
    else bad("it does not answer our Close frame (RFC 6455 5.5.1): %s", *p->text ? p->text : "the connection broke");
}

/* A page of another site asks for a connection (RFC 6455 10.2). */
static void check_origin(const target *t)
{
    probe p;
    ws_connect_options options = t->options;
    options.origin = "https://libws-cat-check.invalid";
    probe_open(&p, t, &options);
    if (p.open) note("pages of any site may connect: wrong when cookies say who a user is (RFC 6455 10.2)");
    else if (p.status) good("pages of other sites are refused (%d)", p.status);
    else note("with the Origin of another site: %s", p.text);
    probe_end(&p);
}

static void check_size(const target *t)
{
    size_t most = 16 << 20;
    char *data = need(malloc(most));
    memset(data, 'x', most);
    size_t taken = 0;
    for (size_t size = 1024; size <= most; size *= 4) {
        probe p;
        probe_open(&p, t, &t->options);
        if (p.open) {
            ws_send(p.client, data, size, WS_BINARY, NULL, NULL);
            /* A ping is refused while too much waits. */
            for (int i = 0; ws_ping(p.client, "size", 4) == WS_ERR_FULL && i < 400 && !p.over; i++) probe_wait(&p, &p.pongs, 1, 50);
            probe_wait(&p, &p.pongs, 1, 20000);
        }
        int took = p.pongs && !p.over;
        if (took) taken = size;
        else if (p.code == 1009) good("a message of %zu bytes is too large for it, and it says so (1009)", size);
        else if (p.open) note("it ended the connection at a message of %zu bytes: code %d, not 1009", size, p.code);
        else note("no connection for a message of %zu bytes: %s", size, p.text);
        probe_end(&p);
        if (!took) break;
    }
    if (taken == most) note("messages of 16 MiB are taken: see that the server has a limit");
    else if (taken) good("a message of %zu bytes is taken", taken);
    free(data);
}

/* Why there is no connection. */
static int say_why_not(const probe *p)
{
    if (p->status) bad("the server refused the upgrade: %s", p->text);
    else if (p->stage == WS_STAGE_TLS) bad("%s", p->text);
    else bad("no connection: %s", p->text);
    return p->status ? STATUS_REFUSED : STATUS_FAILED;
}

int run_check(const settings *s)
{
    static target t; /* what it points to lives as long as the program */
    probe p;
    if (make_target(&t, s)) return STATUS_USAGE;
    if (!t.options.compression) {
        make_compression(&t.compression, s);
        t.options.compression = &t.compression;
    }
    check_json(s->json);
    check_part("Way");
    probe_open(&p, &t, &t.options);
    if (p.stage == WS_STAGE_TLS && !p.open && !t.options.skip_server_cert_verification) {
        bad("%s", p.text);
        t.options.skip_server_cert_verification = 1; /* see whether it is the certificate alone */
        probe_end(&p);
        probe_open(&p, &t, &t.options);
    }
    if (!p.open) return say_why_not(&p);
    check_way(&p);
    if (!strncmp(t.url, "wss:", 4)) check_tls(&t, &p);
    check_part("Upgrade");
    check_upgrade(&t, &p);
    check_origin(&t);
    check_part("Connection");
    check_pings(&p);
    check_pieces(&p);
    check_close(&p);
    probe_end(&p);
    if (s->limits) {
        check_part("Limits");
        check_size(&t);
    }
    if (!s->plain_only) check_raw(&t, s);
    ws_shutdown_wait(2000);
    if (!s->json) printf(check_count() ? "%d things are wrong\n" : "nothing is wrong\n", check_count());
    return check_count() ? STATUS_WARNED : STATUS_OK;
}
