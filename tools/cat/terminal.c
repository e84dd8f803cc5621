/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below, stdout and the prompt's library */
static void (*erase_bottom)(void), (*draw_bottom)(void);
static int colors;

int is_terminal(FILE *file) { return isatty(fileno(file)); }

void terminal_colors(const char *color)
{
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    colors = is_terminal(stdout) && !(none && *none) && !(term && !strcmp(term, "dumb"));
    if (color && !strcmp(color, "always")) colors = 1;
    if (color && !strcmp(color, "never")) colors = 0;
}

const char *paint(const char *name)
{
    static const char *const paints[][2] = {{"in", "\033[36m"}, {"out", "\033[32m"}, {"info", "\033[2m"}, {"bad", "\033[31m"},
        {"warn", "\033[33m"}, {"good", "\033[32m"}, {"", "\033[0m"}};
    for (size_t i = 0; colors && i < sizeof paints / sizeof *paints; i++)
        if (!strcmp(paints[i][0], name)) return paints[i][1];
    return "";
}

void terminal_bottom(void (*erase)(void), void (*draw)(void))
{
    erase_bottom = erase;
    draw_bottom = draw;
}

void terminal_begin(void)
{
    pthread_mutex_lock(&lock);
    if (erase_bottom) erase_bottom();
}

void terminal_end(void)
{
    fflush(stdout);
    if (draw_bottom) draw_bottom();
    pthread_mutex_unlock(&lock);
}

void print_harmless(FILE *to, const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        /* C1 controls are C2 80 to C2 9F in UTF-8. */
        int c1 = c == 0xc2 && i + 1 < size && (unsigned char)data[i + 1] >= 0x80 && (unsigned char)data[i + 1] < 0xa0;
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) fprintf(to, "\\x%02x", c);
        else if (c1) fprintf(to, "\\x%02x", (unsigned char)data[++i]);
        else putc(c, to);
    }
}

void terminal_begin_quietly(void) { pthread_mutex_lock(&lock); }
void terminal_end_quietly(void) { pthread_mutex_unlock(&lock); }
