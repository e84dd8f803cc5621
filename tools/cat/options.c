/* SPDX-License-Identifier: Apache-2.0 */
/* options.c - reads the command line by the table. */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "say.h"

enum { FIRST_LONG = 1000, HELP = 900 };

static const struct {
    const char *name;
    int command;
} commands[] = {{"connect", FOR_CONNECT}, {"listen", FOR_LISTEN}, {"bench", FOR_BENCH}, {"check", FOR_CHECK}};

const char *command_name(int command)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].command == command) return commands[i].name;
    return "";
}

int read_number(const char *text, int64_t low, int64_t high, int64_t *number)
{
    char *end;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    int shift = *end == 'k' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    if (errno || end == text || end[shift != 0] || n < 0 || n > (high >> shift)) return 0;
    *number = (int64_t)n << shift;
    return *number >= low;
}

int read_seconds(const char *text, int64_t low, int64_t high, int64_t *ms)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds >= 0) || seconds * 1000 > (double)high) return 0;
    *ms = (int64_t)ceil(seconds * 1000);
    return *ms >= low;
}

static void add_to_list(text_list *list, const char *text)
{
    list->texts = need(realloc(list->texts, (list->count + 1) * sizeof *list->texts));
    list->texts[list->count++] = text;
}

static int is_choice(const char *choices, const char *text)
{
    size_t size = strlen(text);
    for (const char *at = choices; (at = strstr(at, text)); at += size)
        if (size && (at == choices || at[-1] == ' ') && (!at[size] || at[size] == ' ')) return 1;
    return 0;
}

/* 0 when the argument is not what the option wants. */
static int take(const option_row *row, const char *argument, settings *s)
{
    char *place = (char *)s + row->at;
    switch (row->kind) {
    case KIND_FLAG: *(int *)(void *)place = 1; return 1;
    case KIND_NUMBER: return read_number(argument, row->low, row->high, (int64_t *)(void *)place);
    case KIND_SECONDS: return read_seconds(argument, row->low, row->high, (int64_t *)(void *)place);
    case KIND_LIST:
    case KIND_FILES: add_to_list((text_list *)(void *)place, argument); return 1;
    case KIND_TEXT:
    case KIND_FILE: *(const char **)(void *)place = argument; return !row->choices || is_choice(row->choices, argument);
    }
    return 0;
}

static int refuse(const option_row *row, const char *argument)
{
    if (row->choices) return wrong("--%s %s: it is one of: %s", row->name, argument, row->choices);
    if (row->kind == KIND_SECONDS)
        return wrong("--%s %s: it is a time in seconds, %g to %g", row->name, argument, (double)row->low / 1000, (double)row->high / 1000);
    return wrong("--%s %s: it is a number, %lld to %lld (k, M and G mean 1024 times)", row->name, argument,
                 (long long)row->low, (long long)row->high);
}

/* "connect" and the like as the first word; -c and -l as in npm's wscat; else connect. */
static void find_command(int *argc, char ***argv, settings *s)
{
    s->command = FOR_CONNECT;
    if (*argc < 2) return;
    const char *first = (*argv)[1];
    int is_word = 0;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(first, commands[i].name)) continue;
        s->command = commands[i].command;
        is_word = 1;
    }
    if (!strcmp(first, "-l") || !strcmp(first, "--listen")) {
        s->command = FOR_LISTEN;
        is_word = 1;
    }
    if (!strcmp(first, "-c") || !strcmp(first, "--connect")) is_word = 1;
    if (is_word) --*argc, ++*argv;
}

int read_options(int argc, char **argv, settings *s)
{
    static struct option longs[160];
    static char shorts[160] = ":h";
    size_t count = 0, n = 2;
    find_command(&argc, &argv, s);
    for (int i = 0; option_rows[i].name; i++) {
        const option_row *row = &option_rows[i];
        if (!(row->commands & s->command)) continue;
        longs[count++] = (struct option){row->name, row->argument ? required_argument : no_argument, NULL, FIRST_LONG + i};
        if (!row->letter) continue;
        shorts[n++] = row->letter;
        if (row->argument) shorts[n++] = ':';
    }
    longs[count++] = (struct option){"no-color", no_argument, NULL, HELP + 1};
    longs[count] = (struct option){"help", no_argument, NULL, HELP};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (option == 'h' || option == HELP) return -1;
        if (option == HELP + 1) {
            s->color = "never";
            continue;
        }
        const option_row *row = NULL;
        for (int i = 0; option_rows[i].name && !row; i++)
            if (option_rows[i].commands & s->command && (option == FIRST_LONG + i || option == option_rows[i].letter))
                row = &option_rows[i];
        if (option == ':') return wrong("%s wants an argument", argv[optind - 1]);
        if (!row)
            return wrong("%s is no option of %s; see \"%s %s --help\"", argv[optind - 1], command_name(s->command), program,
                         command_name(s->command));
        if (!take(row, optarg, s)) return refuse(row, optarg);
    }
    if (optind < argc) s->url = argv[optind++];
    if (optind < argc) return wrong("%s: there is one URL already, %s", argv[optind], s->url);
    if (!s->url) return wrong(s->command == FOR_LISTEN ? "where to listen? Try \"%s listen 8080\"" : "which URL? Try \"%s ws://localhost:8080/\"; --help says more", program);
    if (s->speed_text) {
        char *end;
        s->speed = strtod(s->speed_text, &end);
        if (end == s->speed_text || *end || !(s->speed >= 0)) return wrong("--speed %s: it is a number, 0 or more", s->speed_text);
    }
    return 0;
}
