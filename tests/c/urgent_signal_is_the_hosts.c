/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGURG, by which Go stops its threads, is the host's where it has a handler: each one that
 * is sent arrives, no other does, and none interrupts a thread of the library.
 */
#include "t_busy.h"
#include "t_cases.h"

#include <signal.h>
#include <stdatomic.h>

enum { SENT = 200 };

static _Thread_local int mine;
static atomic_int handled, elsewhere;

static void handler(int number)
{
    (void)number;
    handled++;
    if (!mine) elsewhere++;
}

static void install(void)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGURG, &action, NULL);
}

static void t_before_load(const char *name)
{
    if (!strcmp(name, "before")) install();
}

static int child(const char *name)
{
    static t_busy busy;
    t_case_begins();
    mine = 1;
    t_busy_begin(&busy);
    if (strcmp(name, "before")) install();
    for (int i = 1; i <= SENT; i++) {
        CHECK_EQ(pthread_kill(pthread_self(), SIGURG), 0);
        CHECK_EQ(handled, i);
        for (int k = 0; k < 5; k++) t_busy_once(&busy); /* garbage, which is collected */
    }
    CHECK_EQ(handled, SENT);
    CHECK_EQ(elsewhere, 0);
    t_busy_end(&busy);
    return t_done();
}

int main(int argc, char **argv)
{
    if (argc == 2) return child(argv[1]);
    static const char *const names[] = {"before", "after"};
    for (int i = 0; i < 2; i++) {
        char said[1000];
        int status = t_case(argv[0], names[i], said);
        if (status || *said) FAIL("%s ends with %#x: %s", names[i], status, said);
    }
    return 0;
}
