/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h - what the program does; each returns its status. */
#ifndef CAT_COMMANDS_H
#define CAT_COMMANDS_H

#include "options.h"

int run_connect(const settings *s);
int run_listen(const settings *s);
int run_bench(const settings *s);
int run_check(const settings *s);

void print_help(int command);      /* 0: of the program */
int print_as(const char *form);    /* bash, zsh, fish or man; 0: it is none of these */

#endif
