/* SPDX-License-Identifier: Apache-2.0 */
/* completion.c - the completion of bash, zsh and fish, made of the table of options. tools/cat/share keeps what comes out. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "manual.h"

static const int commands[] = {FOR_CONNECT, FOR_LISTEN, FOR_BENCH, FOR_CHECK};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const char *const about[] = {"talk to a WebSocket server", "be a WebSocket server", "measure a server", "say what is right and wrong with a server"};

static int is_file(const option_row *row) { return row->kind == KIND_FILE || row->kind == KIND_FILES; }

/* Text for between single quotes of a shell; in zsh also brackets and colons are special. */
static void quoted(const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'') fputs("'\\''", stdout);
        else if (strchr(special, *text)) printf("\\%c", *text);
        else putchar(*text);
    }
}

static void bash(void)
{
    puts("# bash completion of libws-cat; made by \"libws-cat help bash\"\n_libws_cat()\n{\n"
         "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=connect words\n"
         "    case ${COMP_WORDS[1]} in listen|bench|check) command=${COMP_WORDS[1]} ;; esac\n"
         "    COMPREPLY=()\n    case $before in");
    for (const option_row *row = option_rows; row->name; row++) {
        if (row->choices) printf("    --%s) mapfile -t COMPREPLY < <(compgen -W \"%s\" -- \"$current\"); return ;;\n", row->name, row->choices);
        else if (is_file(row)) printf("    --%s) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return ;;\n", row->name);
        else if (row->argument) printf("    --%s) return ;;\n", row->name);
    }
    puts("    esac\n    case $command in");
    for (int i = 0; i < COMMANDS; i++) {
        printf("    %s) words='", command_name(commands[i]));
        for (const option_row *row = option_rows; row->name; row++)
            if (row->commands & commands[i]) printf("--%s ", row->name);
        puts("--help' ;;");
    }
    puts("    esac\n    [ \"$COMP_CWORD\" = 1 ] && words=\"connect listen bench check help $words\"\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\ncomplete -F _libws_cat libws-cat");
}

static void zsh(void)
{
    puts("#compdef libws-cat\n# zsh completion of libws-cat; made by \"libws-cat help zsh\"\n_libws_cat() {\n"
         "  local command=connect\n  case $words[2] in (listen|bench|check) command=$words[2];; esac\n"
         "  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then\n    local -a commands=(");
    for (int i = 0; i < COMMANDS; i++) printf("      '%s:%s'\n", command_name(commands[i]), about[i]);
    puts("    )\n    _describe command commands\n  fi\n  case $command in");
    for (int i = 0; i < COMMANDS; i++) {
        printf("  (%s) _arguments", command_name(commands[i]));
        for (const option_row *row = option_rows; row->name; row++) {
            if (!(row->commands & commands[i])) continue;
            int repeats = row->kind == KIND_LIST || row->kind == KIND_FILES;
            fputs(" \\\n    ", stdout);
            if (!row->letter) printf("'%s--%s[", repeats ? "*" : "", row->name);
            else if (repeats) printf("'*'{-%c,--%s}'[", row->letter, row->name);
            else printf("'(-%c --%s)'{-%c,--%s}'[", row->letter, row->name, row->letter, row->name);
            quoted(row->help, "[]:\\");
            putchar(']');
            if (row->choices) printf(":%s:(%s)", row->argument, row->choices);
            else if (is_file(row)) printf(":%s:_files", row->argument);
            else if (row->argument) putchar(':'), quoted(row->argument, "[]:\\"), fputs(": ", stdout);
            putchar('\'');
        }
        /* Without a word for all others _arguments knows nothing behind the command. */
        puts(" \\\n    '--help[say what there is]' \\\n    '*:URL or address: ' ;;");
    }
    puts("  esac\n}\n_libws_cat \"$@\"");
}

static void fish(void)
{
    puts("# fish completion of libws-cat; made by \"libws-cat help fish\"\ncomplete -c libws-cat -f");
    for (int i = 0; i < COMMANDS; i++)
        printf("complete -c libws-cat -n __fish_use_subcommand -a %s -d '%s'\n", command_name(commands[i]), about[i]);
    for (int i = 0; i < COMMANDS; i++) {
        const char *condition = commands[i] == FOR_CONNECT ? "not __fish_seen_subcommand_from listen bench check" : NULL;
        for (const option_row *row = option_rows; row->name; row++) {
            if (!(row->commands & commands[i])) continue;
            if (condition) printf("complete -c libws-cat -n '%s'", condition);
            else printf("complete -c libws-cat -n '__fish_seen_subcommand_from %s'", command_name(commands[i]));
            if (row->letter) printf(" -s %c", row->letter);
            printf(" -l %s", row->name);
            if (row->choices) printf(" -x -a '%s'", row->choices);
            else if (row->argument) fputs(is_file(row) ? " -r -F" : " -x", stdout);
            fputs(" -d '", stdout);
            quoted(row->help, "\\");
            puts("'");
        }
    }
}

int print_as(const char *form)
{
    if (!strcmp(form, "bash")) bash();
    else if (!strcmp(form, "zsh")) zsh();
    else if (!strcmp(form, "fish")) fish();
    else if (!strcmp(form, "man")) print_manual();
    else return 0;
    return 1;
}
