/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library that edits lines is looked for when the program runs: libedit first, whose licence is BSD's, else
 * readline. Both have the interface of readline with callbacks, which lets messages come between two keys.
 * Without one the terminal itself edits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "prompt.h"
#include "say.h"
#include "terminal.h"

#define PROMPT "> "

/* Guarded by the terminal's lock. */
static int is_open, is_shown, has_line, at_end;
static char *typed;

static void erase(void)
{
    if (is_shown) fputs("\r\033[K", stdout);
}

static void draw_plain(void)
{
    if (is_shown) fputs(PROMPT, stdout);
    fflush(stdout);
}

#if !defined(_WIN32)
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    void *library;
    void (*install)(const char *, void (*)(char *));
    void (*read_char)(void);
    void (*remove)(void);
    void (*add)(const char *);
    int (*read)(const char *);
    int (*write)(const char *);
    void (*stifle)(int);
    int (*redraw)(void);
} edit;
static char *history;

static void *find(const char *name) { return dlsym(edit.library, name); }

/* 1 when a library is there and has all that is wanted. */
static int find_library(void)
{
    static const char *const names[] = {"libedit.so.2", "libedit.so.0", "libedit.3.dylib", "libreadline.so.8", "libreadline.so.7"};
    const char *none = getenv("WS_CAT_PLAIN");
    if (none && *none) return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && !edit.library; i++)
        edit.library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!edit.library) return 0;
    *(void **)&edit.install = find("rl_callback_handler_install");
    *(void **)&edit.read_char = find("rl_callback_read_char");
    *(void **)&edit.remove = find("rl_callback_handler_remove");
    *(void **)&edit.add = find("add_history");
    *(void **)&edit.read = find("read_history");
    *(void **)&edit.write = find("write_history");
    *(void **)&edit.stifle = find("stifle_history");
    *(void **)&edit.redraw = find("rl_forced_update_display");
    int *catches = find("rl_catch_signals");
    if (catches) *catches = 0; /* the signals are ours */
    return edit.install && edit.read_char && edit.remove && edit.add && edit.read && edit.write && edit.stifle && edit.redraw;
}

/* WS_CAT_HISTORY, "" for none; else a file where programs keep their state. */
static void find_history(void)
{
    const char *said = getenv("WS_CAT_HISTORY"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (said) history = *said ? format_text("%s", said) : NULL;
    else if (state && *state) history = format_text("%s/libws-cat-history", state);
    else if (home && *home) history = format_text("%s/.libws-cat-history", home);
    if (!history) return;
    int file = open(history, O_CREAT | O_WRONLY, 0600); /* what was typed may be secret */
    if (file >= 0) close(file);
}

/* Called by the library inside read_char, with the lock. */
static void take(char *line)
{
    if (line && *line) edit.add(line);
    typed = line;
    has_line = 1;
    at_end = !line;
}

static void draw_edited(void)
{
    if (is_shown) edit.redraw();
}

void prompt_open(void)
{
    terminal_begin();
    is_open = 1;
    if (find_library()) {
        find_history();
        edit.stifle(1000);
        if (history) edit.read(history);
        terminal_bottom(erase, draw_edited);
    } else {
        edit.install = NULL;
        terminal_bottom(erase, draw_plain);
    }
    terminal_end();
}

/* The handler is there while a line is typed only: libedit would go on with the line before. */
static char *edited_line(void)
{
    terminal_begin_quietly();
    if (is_open) edit.install(PROMPT, take);
    is_shown = is_open;
    terminal_end_quietly();
    for (;;) {
        struct pollfd keys = {0, POLLIN, 0};
        if (poll(&keys, 1, -1) < 0) continue;
        terminal_begin_quietly();
        if (!is_open) {
            terminal_end_quietly();
            return NULL;
        }
        edit.read_char();
        char *line = typed;
        int done = has_line;
        has_line = 0;
        typed = NULL;
        if (done) edit.remove(), is_shown = 0;
        terminal_end_quietly();
        if (done) return line;
    }
}

void prompt_close(void)
{
    terminal_begin();
    if (is_open && edit.install) {
        if (is_shown) edit.remove();
        if (history) edit.write(history);
    }
    is_open = is_shown = 0;
    terminal_bottom(NULL, NULL);
    terminal_end();
}
#else
static struct {
    void *install;
} edit;

void prompt_open(void)
{
    terminal_begin();
    is_open = 1;
    terminal_bottom(erase, draw_plain);
    terminal_end();
}

static char *edited_line(void) { return NULL; }

void prompt_close(void)
{
    terminal_begin();
    is_open = is_shown = 0;
    terminal_bottom(NULL, NULL);
    terminal_end();
}
#endif

char *prompt_line(void)
{
    if (edit.install) return at_end ? NULL : edited_line();
    char *line = NULL;
    size_t space = 0;
    terminal_begin_quietly();
    is_shown = is_open;
    draw_plain();
    terminal_end_quietly();
    ssize_t n = get_until(&line, &space, '\n', stdin);
    terminal_begin_quietly();
    is_shown = 0;
    terminal_end_quietly();
    if (n < 0) {
        free(line);
        return NULL;
    }
    if (n && line[n - 1] == '\n') line[n - 1] = 0;
    return line;
}
