/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h - one terminal for the prompt, what comes from the peer and the line of progress: each output stands
 * between terminal_begin and terminal_end, which make room for it and draw the others again. */
#ifndef CAT_TERMINAL_H
#define CAT_TERMINAL_H

#include <stdio.h>

void terminal_begin(void); /* takes the lock */
void terminal_end(void);   /* flushes stdout, gives the lock back */

/* The lock alone, for who draws the bottom line itself. */
void terminal_begin_quietly(void);
void terminal_end_quietly(void);

/* color: that of the settings. */
void terminal_colors(const char *color);
const char *paint(const char *name); /* "in", "out", "info", "bad", "good" or "" for the end; "" without colors */

int is_terminal(FILE *file);

/* Who draws a line at the bottom: called with the lock. Both NULL: nobody. */
void terminal_bottom(void (*erase)(void), void (*draw)(void));

/* Writes what came from elsewhere so that it cannot command the terminal: control characters become \xNN. */
void print_harmless(FILE *to, const char *data, size_t size);

#endif
