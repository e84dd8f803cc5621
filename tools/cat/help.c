/* SPDX-License-Identifier: Apache-2.0 */
/* help.c - --help: what one does first, then the options by group. */
#include <stdio.h>
#include <string.h>

#include "help_texts.h"
#include "commands.h"

enum { INDENT = 28, WIDTH = 100 };

/* Wraps text to WIDTH behind INDENT columns, of which the line has some already. */
static void print_wrapped(const char *text, size_t column)
{
    if (column + 2 > INDENT) putchar('\n'), column = 0;
    printf("%*s", (int)(INDENT - column), "");
    column = INDENT;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column + word > WIDTH) printf("\n%*s", INDENT, ""), column = INDENT;
        column += (size_t)printf("%.*s", (int)word, text);
        text += word;
        if (*text == ' ') text++, column += (size_t)printf(" ");
    }
    putchar('\n');
}

static void print_option(const option_row *row)
{
    char left[96];
    int n = row->letter ? snprintf(left, sizeof left, "  -%c, --%s", row->letter, row->name) : snprintf(left, sizeof left, "      --%s", row->name);
    if (row->argument) n += snprintf(left + n, sizeof left - (size_t)n, " %s", row->argument);
    fputs(left, stdout);
    print_wrapped(row->help, (size_t)n);
}

void print_help(int command)
{
    const help_text *text = help_for(command);
    printf("%s\n%s\n", text->usage, text->about);
    if (!command) return;
    const char *group = "";
    for (const option_row *row = option_rows; row->name; row++) {
        if (!(row->commands & command)) continue;
        if (strcmp(group, row->group)) printf("\n%s:\n", group = row->group);
        print_option(row);
    }
    printf("\nExamples:\n%s", text->examples);
    if (text->more) printf("\n%s", text->more);
}
