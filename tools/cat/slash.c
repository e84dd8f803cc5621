/* SPDX-License-Identifier: Apache-2.0 */
/* slash.c - commands at the prompt. A line that begins with // is a message that begins with /. */
#include <stdio.h>
#include <string.h>

#include "say.h"
#include "session.h"
#include "terminal.h"

/* What follows the word, without blanks; NULL when the line does not begin with it. */
static const char *after(const char *line, const char *word)
{
    size_t size = strlen(word);
    if (strncmp(line, word, size) || (line[size] && line[size] != ' ')) return NULL;
    line += size;
    return line + strspn(line, " ");
}

static void help(void)
{
    terminal_begin();
    fputs("/ping [DATA]            a ping; says the round trip of its pong\n"
          "/pong [DATA]            a pong that nobody asked for\n"
          "/binary HEX             a binary message\n"
          "/file FILE              a file as a binary message\n"
          "/stats                  messages, bytes and the last round trip\n"
          "/close [CODE [REASON]]  the end, politely; Ctrl-D does it, too\n"
          "//...                   a message that begins with /\n",
        stderr);
    terminal_end();
}

static void stats(session *run)
{
    ws_connection_stats figures;
    WS_INIT_STRUCT(&figures);
    if (ws_connection_stats_get(run->client, &figures) != WS_OK) return;
    say("%llu messages sent (%llu bytes), %llu received (%llu bytes), last round trip %.3f ms", (unsigned long long)figures.messages_sent,
        (unsigned long long)figures.bytes_sent, (unsigned long long)figures.messages_received,
        (unsigned long long)figures.bytes_received, figures.round_trip_us < 0 ? 0 : (double)figures.round_trip_us / 1000);
}

static void binary(session *run, const char *hex)
{
    char *data = format_text("%s", hex);
    size_t n = 0;
    unsigned byte;
    int used;
    while (sscanf(hex, " %2x%n", &byte, &used) == 1) {
        data[n++] = (char)byte;
        hex += used;
    }
    if (hex[strspn(hex, " ")]) say("/binary wants hexadecimal digits, two for each byte");
    else send_message(run, data, n, WS_BINARY);
}

static void close_with(session *run, const char *text)
{
    ws_close_options options;
    char *code = format_text("%s", text);
    char *blank = strchr(code, ' ');
    if (blank) *blank = ':';
    if (make_close(*code ? code : "1000", &options)) return;
    run->closing = 1;
    if (ws_close(run->client, &options, NULL, NULL) != WS_OK) say("%s", ws_last_error()); /* it is closing already */
}

int slash(session *run, const char *line)
{
    const char *rest;
    if (line[1] == '/') return 0;
    if ((rest = after(line, "/ping"))) {
        if (ws_ping(run->client, rest, strlen(rest)) != WS_OK) say("%s", ws_last_error());
    } else if ((rest = after(line, "/pong"))) {
        if (ws_pong(run->client, rest, strlen(rest)) != WS_OK) say("%s", ws_last_error());
    } else if ((rest = after(line, "/binary"))) {
        binary(run, rest);
    } else if ((rest = after(line, "/file"))) {
        send_file(run, rest, WS_BINARY);
    } else if (after(line, "/stats")) {
        stats(run);
    } else if ((rest = after(line, "/close"))) {
        close_with(run, rest);
    } else if (after(line, "/help")) {
        help();
    } else {
        say("no such command; /help lists them, and //... is a message that begins with /");
    }
    return 1;
}
