/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "help_texts.h"
#include "manual.h"
#include "options.h"

/* Text that troff takes as it is: no line begins with a dot or a quote, backslashes and hyphens are escaped. */
static void escaped(const char *text)
{
    int begins = 1;
    for (; *text; text++) {
        if (begins && (*text == '.' || *text == '\'')) fputs("\\&", stdout);
        if (*text == '\\') fputs("\\e", stdout);
        else if (*text == '-') fputs("\\-", stdout);
        else putchar(*text);
        begins = *text == '\n';
    }
}

static void literal(const char *text)
{
    puts(".nf");
    escaped(text);
    puts(".fi");
}

static void options_of(int command)
{
    const char *group = "";
    for (const option_row *row = option_rows; row->name; row++) {
        if (!(row->commands & command)) continue;
        if (strcmp(group, row->group)) printf(".SS \"%s: %s\"\n", command_name(command), group = row->group);
        fputs(".TP\n\\fB", stdout);
        if (row->letter) printf("\\-%c\\fR, \\fB", row->letter);
        escaped("--");
        escaped(row->name);
        fputs("\\fR", stdout);
        if (row->argument) {
            fputs(" \\fI", stdout);
            escaped(row->argument);
            fputs("\\fR", stdout);
        }
        putchar('\n');
        escaped(row->help);
        putchar('\n');
    }
}

void print_manual(void)
{
    static const int commands[] = {FOR_CONNECT, FOR_LISTEN, FOR_BENCH, FOR_CHECK};
    puts(".\\\" Made by \"libws-cat help man\".\n.TH LIBWS\\-CAT 1 \"\" libws \"User Commands\"\n.SH NAME\n"
         "libws\\-cat \\- talk to WebSocket servers, be one, measure and check them\n.SH SYNOPSIS");
    literal(help_for(0)->usage);
    puts(".SH DESCRIPTION");
    for (int i = 0; i < 4; i++) {
        const help_text *text = help_for(commands[i]);
        printf(".SS %s\n", command_name(commands[i]));
        escaped(text->about);
        puts("\n.PP");
        literal(text->examples);
    }
    puts(".SH OPTIONS");
    for (int i = 0; i < 4; i++) options_of(commands[i]);
    puts(".SH \"EXIT STATUS\"");
    literal(help_status);
    puts(".SH ENVIRONMENT\n.TP\nNO_COLOR\nNo colors.\n.TP\nWS_CAT_HISTORY\nThe file of the prompt's history; empty: none is kept. Else it is\n"
         "libws\\-cat\\-history in XDG_STATE_HOME, or .libws\\-cat\\-history in HOME.\n.TP\nWS_CAT_PLAIN\nNot empty: neither libedit nor\n"
         "readline is used.\n.TP\nhttp_proxy, https_proxy, all_proxy, no_proxy\nThe proxy, unless \\-\\-proxy says which.");
}
