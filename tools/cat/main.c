/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - libws-cat, which is also called wscat: talks to WebSocket servers, is one, measures and checks them. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <libws/ws.h>

#include "commands.h"
#include "say.h"
#include "stop.h"
#include "terminal.h"

int main(int argc, char **argv)
{
    static settings s;
    const char *slash = argc ? strrchr(argv[0], '/') : NULL;
    if (argc) program = slash ? slash + 1 : argv[0];
    setlocale(LC_CTYPE, "");
    if (argc > 1 && (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))) return printf("libws-cat %s\n", ws_version_string()) < 0;
    if (argc > 1 && (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        if (argc > 2) { /* help COMMAND is COMMAND --help; help bash writes the completion */
            if (print_as(argv[2])) return 0;
            settings of = {0};
            char *asked[] = {argv[0], argv[2], "--help", NULL};
            if (read_options(3, asked, &of) < 0) print_help(of.command);
            return 0;
        }
        print_help(0);
        return 0;
    }
    int status = read_options(argc, argv, &s);
    terminal_colors(s.color);
    if (status < 0) {
        print_help(s.command);
        return 0;
    }
    if (status) return status;
    stop_begin();
    switch (s.command) {
    case FOR_LISTEN: return run_listen(&s);
    case FOR_BENCH: return run_bench(&s);
    case FOR_CHECK: return run_check(&s);
    default: return run_connect(&s);
    }
}
