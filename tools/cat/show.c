/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "say.h"
#include "show.h"
#include "terminal.h"

static const settings *s;
static FILE *record;
static int pretty; /* stdout is a terminal, and nobody wants JSON */

int show_open_files(const settings *of)
{
    s = of;
    pretty = is_terminal(stdout) && !s->json;
    if (s->record && !(record = fopen(s->record, "wb"))) return wrong("--record %s: %s", s->record, strerror(errno));
    return 0;
}

int show_close_files(void)
{
    int good = fflush(stdout) == 0 && !ferror(stdout);
    if (record && ferror(record)) good = 0;
    if (record && fclose(record)) good = 0;
    return good;
}

static void write_json(FILE *to, const char *direction, const void *data, size_t size, int32_t type)
{
    json_begin(to, "message");
    json_word(to, "direction", direction);
    json_word(to, "type", type == WS_BINARY ? "binary" : "text");
    json_number(to, "size", (int64_t)size);
    if (type == WS_BINARY) json_base64(to, "base64", data, size);
    else json_text(to, "data", data, size);
    json_number(to, "at_us", now_us());
    json_end(to);
}

static void write_hex(const unsigned char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) printf("%02x", data[i]);
}

static void stamp(void)
{
    if (!s->timestamps) return;
    fputs(paint("info"), stdout);
    print_time(stdout, "%H:%M:%S", 0);
    printf("%s ", paint(""));
}

static void write_plain(const void *data, size_t size, int32_t type)
{
    stamp();
    if (!pretty) {
        if (type == WS_BINARY && s->hex) write_hex(data, size);
        else fwrite(data, 1, size, stdout);
        putchar(s->null ? 0 : '\n');
        return;
    }
    printf("%s< ", paint("in"));
    if (type == WS_BINARY) {
        printf("(%zu bytes) ", size);
        write_hex(data, size);
    } else {
        print_harmless(stdout, data, size);
    }
    printf("%s\n", paint(""));
}

void show_message(const char *direction, const void *data, size_t size, int32_t type)
{
    int incoming = *direction == 'i';
    if (!incoming && !record && !s->json) return;
    if (incoming || s->json) terminal_begin();
    else terminal_begin_quietly();
    if (record) write_json(record, direction, data, size, type);
    if (s->json) write_json(stdout, direction, data, size, type);
    else if (incoming && !s->output) write_plain(data, size, type);
    if (incoming || s->json) terminal_end();
    else terminal_end_quietly();
}

/* A text of the connection, allocated; "" when there is none. */
static char *text_of(ws_handle client, int which)
{
    size_t size = 0;
    ws_connection_text(client, which, NULL, 0, &size);
    char *text = need(calloc(1, size + 1));
    ws_connection_text(client, which, text, size + 1, NULL);
    return text;
}

static void line_about(const char *what, const char *text)
{
    if (*text) fprintf(stderr, "%s* %s: %s%s\n", paint("info"), what, text, paint(""));
}

static void verbose(ws_handle client)
{
    static const struct {
        int which;
        const char *what;
    } texts[] = {{WS_TEXT_REMOTE_ADDRESS, "address"}, {WS_TEXT_TLS_VERSION, "TLS"}, {WS_TEXT_TLS_CIPHER, "cipher"},
        {WS_TEXT_PEER_CERTIFICATE, "certificate"}, {WS_TEXT_PROTOCOL, "subprotocol"}, {WS_TEXT_EXTENSIONS, "extensions"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *text = text_of(client, texts[i].which), *rest = NULL;
        for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) line_about(texts[i].what, line);
        free(text);
    }
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    if (ws_connection_stats_get(client, &stats) != WS_OK) return;
    fprintf(stderr, "%s* times: resolve %.1f ms, connect %.1f ms, TLS %.1f ms, upgrade %.1f ms%s\n", paint("info"),
            (double)(stats.resolve_us > 0 ? stats.resolve_us : 0) / 1000, (double)(stats.connect_us > 0 ? stats.connect_us : 0) / 1000,
            (double)(stats.tls_us > 0 ? stats.tls_us : 0) / 1000, (double)(stats.upgrade_us > 0 ? stats.upgrade_us : 0) / 1000, paint(""));
}

void show_connected(ws_handle client, const ws_event *e)
{
    char *url = text_of(client, WS_TEXT_URL);
    terminal_begin();
    if (s->json) {
        json_begin(stdout, "open");
        json_word(stdout, "url", url);
        json_word(stdout, "protocol", e->protocol);
        json_end(stdout);
    } else if (pretty && !s->quiet) {
        fprintf(stderr, "%sconnected to ", paint("info"));
        print_harmless(stderr, url, strlen(url));
        fprintf(stderr, "%s\n", paint(""));
    }
    if (s->verbose) verbose(client);
    terminal_end();
    free(url);
}

void show_header(const ws_event *e)
{
    size_t at = 0;
    const char *name, *value;
    terminal_begin();
    while (ws_header_next(e->data, e->size, &at, &name, &value)) {
        fprintf(stderr, "%s< ", paint("info"));
        print_harmless(stderr, name, strlen(name));
        fputs(": ", stderr);
        print_harmless(stderr, value, strlen(value));
        fprintf(stderr, "%s\n", paint(""));
    }
    terminal_end();
}

void show_closed(const ws_event *e)
{
    if (s->json) {
        terminal_begin();
        json_begin(stdout, "close");
        json_number(stdout, "code", e->code);
        json_text(stdout, "reason", e->reason, e->reason_size);
        json_number(stdout, "clean", e->clean);
        json_end(stdout);
        terminal_end();
    } else if (e->clean && e->code != 1000 && !(s->quiet && (e->code == 1001 || e->code == 1005))) {
        terminal_begin();
        fprintf(stderr, "%s: closed with %d%s", program, e->code, e->reason_size ? " " : "");
        print_harmless(stderr, e->reason, e->reason_size);
        fputc('\n', stderr);
        terminal_end();
    }
}

void show_error(const ws_event *e)
{
    if (!s->json) {
        terminal_begin();
        fprintf(stderr, "%s%s: ", paint("bad"), program);
        print_harmless(stderr, e->text, strlen(e->text));
        fprintf(stderr, "%s\n", paint(""));
        if (s->verbose && e->body_size) {
            print_harmless(stderr, e->body, e->body_size);
            fputc('\n', stderr);
        }
        terminal_end();
        return;
    }
    terminal_begin();
    json_begin(stdout, "error");
    json_word(stdout, "error", ws_error_name(e->error));
    json_word(stdout, "stage", ws_stage_name(e->stage));
    json_number(stdout, "status", e->status);
    json_word(stdout, "text", e->text);
    json_end(stdout);
    terminal_end();
}

void show_pong(const ws_event *e, int is_ping)
{
    terminal_begin();
    if (s->json) {
        json_begin(stdout, is_ping ? "ping" : "pong");
        json_base64(stdout, "base64", e->data, e->size); /* any bytes */
        if (!is_ping) json_number(stdout, "round_trip_us", e->round_trip_us);
        json_end(stdout);
    } else {
        fprintf(stderr, "%s* %s", paint("info"), is_ping ? "ping" : "pong");
        if (!is_ping && e->round_trip_us >= 0) fprintf(stderr, " after %.3f ms", (double)e->round_trip_us / 1000);
        if (e->size) fputc(' ', stderr);
        print_harmless(stderr, e->data, e->size);
        fprintf(stderr, "%s\n", paint(""));
    }
    terminal_end();
}

void show_reconnecting(const ws_event *e)
{
    if (s->json) {
        terminal_begin();
        json_begin(stdout, "reconnecting");
        json_number(stdout, "attempt", e->attempt);
        json_number(stdout, "delay_ms", e->delay_ms);
        json_end(stdout);
        terminal_end();
    } else if (!s->quiet) {
        say("connecting again in %.1f s, try %d", (double)e->delay_ms / 1000, e->attempt);
    }
}
