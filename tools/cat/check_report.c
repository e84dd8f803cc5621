/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "json.h"
#include "say.h"
#include "terminal.h"

static int as_json, wrong_count;
static const char *part = "";

void check_json(int json) { as_json = json; }
int check_count(void) { return wrong_count; }

void check_part(const char *name)
{
    part = name;
    if (!as_json) printf("%s\n", name);
    fflush(stdout);
}

static void find(const char *verdict, const char *color, const char *format, va_list list)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, list);
    terminal_begin();
    if (as_json) {
        json_begin(stdout, "check");
        json_word(stdout, "part", part);
        json_word(stdout, "verdict", verdict);
        json_word(stdout, "text", text);
        json_end(stdout);
    } else {
        printf("  %s%-5s%s ", paint(color), verdict, paint(""));
        print_harmless(stdout, text, strlen(text));
        putchar('\n');
    }
    terminal_end();
}

void good(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    find("good", "good", format, list);
    va_end(list);
}

void note(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    find("note", "warn", format, list);
    va_end(list);
}

void bad(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    find("wrong", "bad", format, list);
    va_end(list);
    wrong_count++;
}
