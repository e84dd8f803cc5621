/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables by which programs in Go are set, right and wrong ones, mean nothing to the
 * library inside: the process lives, and nothing is printed. The host may change and free
 * its environment as soon as a call has returned. Each case is a child: this program with
 * the variables.
 */
#include "t.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

static int child(void)
{
    static t_log log = T_LOG;
    OK(ws_init(NULL));
    for (char **e = environ; *e; e++) memset(*e, 'x', strlen(*e));
    clearenv();
    ws_handle client = t_open_client(t_echo_server(), &log);
    t_echo_round(client, &log, "hello", 5, WS_TEXT, 1);
    return t_done();
}

static void run(char *program, char *name, char *value)
{
    int status, said = memfd_create("said", 0);
    CHECK(said >= 0);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        alarm(T_DEADLINE_MS / 1000);
        setenv(name, value, 1);
        dup2(said, 1);
        dup2(said, 2);
        execl("/proc/self/exe", program, name, (char *)NULL);
        _exit(127);
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    struct stat size;
    CHECK_EQ(fstat(said, &size), 0);
    close(said);
    if (!WIFEXITED(status) || WEXITSTATUS(status)) FAIL("%s=%s: status %#x", name, value, status);
    if (!size.st_size != !strstr(name, "TEST"))
        FAIL("%s=%s: %lld bytes were printed", name, value, (long long)size.st_size);
}

int main(int argc, char **argv)
{
    if (argc == 2) return child();
    static char *const cases[][2] = {{"GOMEMLIMIT", "1G"}, {"GOMEMLIMIT", "1MiB"}, {"GOGC", "off"},
                                     {"GOGC", "none of these"},
                                     {"GODEBUG", "inittrace=1,gctrace=1,schedtrace=1"}, {"GOMAXPROCS", "1"},
                                     {"GOTRACEBACK", "crash"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) run(argv[0], cases[i][0], cases[i][1]);
    run(argv[0], "WS_TEST_GODEBUG", "inittrace=1"); /* the way that is left for tests of the library */
    return 0;
}
