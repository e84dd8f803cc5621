/* SPDX-License-Identifier: Apache-2.0 */
/* sender.c - the thread that sends: --execute, --file, --replay, the prompt, or the lines of stdin. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "prompt.h"
#include "say.h"
#include "session.h"
#include "show.h"
#include "terminal.h"

enum { PIECE = 64 << 10 };

/* Repeats a send while the output queue is full; 0 when the connection has ended. */
static int went(session *run, int32_t status)
{
    if (status == WS_ERR_PARAMETER || status == WS_ERR_TOO_LARGE) say("%s", ws_last_error()); /* not UTF-8, mostly */
    (void)run;
    return status == WS_OK || status == WS_ERR_PARAMETER || status == WS_ERR_TOO_LARGE;
}

static int32_t patiently(session *run, const void *data, size_t size, int32_t type, int part, int ends)
{
    int32_t status;
    do {
        status = part ? ws_send_part(run->client, data, size, type, ends, NULL, NULL) : ws_send(run->client, data, size, type, NULL, NULL);
        if (status == WS_ERR_FULL || status == WS_ERR_MEMORY) sem_wait(&run->room);
    } while ((status == WS_ERR_FULL || status == WS_ERR_MEMORY) && !run->over);
    return status;
}

int send_message(session *run, const void *data, size_t size, int32_t type)
{
    int32_t status = patiently(run, data, size, type, 0, 1);
    if (status == WS_OK) {
        run->sent++;
        show_message("out", data, size, type);
    }
    return went(run, status);
}

static int send_stream(session *run, FILE *from, int32_t type)
{
    char *piece = need(malloc(PIECE));
    int32_t status = WS_OK;
    for (int ends = 0; !ends && status == WS_OK;) {
        size_t n = fread(piece, 1, PIECE, from);
        ends = n < PIECE; /* the end, or it cannot be read: the message is whole all the same */
        status = patiently(run, piece, n, type, 1, ends);
        run->file_sent += (long long)n;
    }
    if (status == WS_OK) run->sent++;
    free(piece);
    return went(run, status);
}

int send_file(session *run, const char *path, int32_t type)
{
    int is_stdin = !strcmp(path, "-");
    FILE *from = is_stdin ? stdin : fopen(path, "rb");
    if (!from) {
        say("%s: %s", path, strerror(errno));
        return 1;
    }
    long size = -1;
    if (!is_stdin && !fseek(from, 0, SEEK_END)) {
        size = ftell(from);
        rewind(from);
    }
    run->file_sent = 0;
    run->file_size = size;
    int alive = send_stream(run, from, type);
    if (ferror(from)) say("%s: %s", path, strerror(errno));
    if (!is_stdin) fclose(from);
    return alive;
}

int sender_check(const settings *s)
{
    for (size_t i = 0; i < s->files.count; i++) {
        FILE *file = strcmp(s->files.texts[i], "-") ? fopen(s->files.texts[i], "rb") : stdin;
        if (!file) return wrong("--file %s: %s", s->files.texts[i], strerror(errno));
        if (file != stdin) fclose(file);
    }
    FILE *record = s->replay ? fopen(s->replay, "rb") : NULL;
    if (s->replay && !record) return wrong("--replay %s: %s", s->replay, strerror(errno));
    if (record) fclose(record);
    return 0;
}

static void send_prompted(session *run, int32_t type)
{
    int commands = !run->s->no_slash, alive = 1;
    char *line;
    prompt_open();
    while (alive && (line = prompt_line())) {
        if (commands && line[0] == '/' && slash(run, line)) alive = !run->over;
        else alive = send_message(run, commands && line[0] == '/' && line[1] == '/' ? line + 1 : line, strlen(line) - (commands && line[0] == '/' && line[1] == '/'), type);
        free(line);
    }
}

/* Lines, or what ends with NUL. A last line without an end is a message, too. */
static void send_lines(session *run, int32_t type)
{
    int end = run->s->null ? 0 : '\n', alive = 1;
    char *line = NULL;
    size_t space = 0;
    for (ssize_t n; alive && (n = get_until(&line, &space, end, stdin)) > 0;) {
        if (line[n - 1] == end) n--;
        if (run->s->slash && line[0] == '/') {
            char *command = format_text("%.*s", (int)n, line);
            int done = slash(run, command);
            free(command);
            if (done) continue;
        }
        alive = send_message(run, line, (size_t)n, type);
    }
    free(line);
}

static void *send_all(void *of)
{
    session *run = of;
    const settings *s = run->s;
    int32_t type = s->binary ? WS_BINARY : WS_TEXT;
    int alive = 1;
    for (size_t i = 0; alive && i < s->execute.count; i++)
        alive = send_message(run, s->execute.texts[i], strlen(s->execute.texts[i]), type);
    for (size_t i = 0; alive && i < s->files.count; i++) alive = send_file(run, s->files.texts[i], s->text ? WS_TEXT : WS_BINARY);
    if (alive && s->replay) alive = replay(run, s->replay, s->speed_text ? s->speed : 1);
    if (alive && !s->execute.count && !s->files.count && !s->replay) {
        if (run->interactive) send_prompted(run, type);
        else send_lines(run, type);
    }
    run->sent_all = 1;
    ws_queue_wake(run->queue);
    return NULL;
}

void sender_start(session *run)
{
    const settings *s = run->s;
    pthread_t thread;
    run->interactive = !s->execute.count && !s->files.count && !s->replay && !s->json && is_terminal(stdin) && is_terminal(stdout);
    if (pthread_create(&thread, NULL, send_all, run)) {
        say("no thread for sending");
        run->sent_all = 1;
        return;
    }
    pthread_detach(thread);
}
