/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading the library leaves the process as it was: no thread, no signal handler, no flag
 * of one, nothing mapped but the file itself, no limit, no variable, no mask, no alternate
 * stack. Neither does a call that touches nothing, or one with a handle that nobody has.
 * The first call that works makes threads, and takes the signals that the docs name and
 * that the host does not ignore; no other handler is different then, not even in a flag.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "t_alone.h"
#include "t_proc.h"
#include <libws/ws.h>

extern char **environ;

/* As the kernel has it: struct sigaction of libc does not show all flags. */
typedef struct kernel_action {
    void *handler;
    unsigned long flags;
    void *restorer;
    unsigned long mask;
} kernel_action;

enum { SIGNALS = 64, OF_LIBC = 32, VARIABLES = 1000, MAPPED = 1 << 16 };

typedef struct process {
    int threads;
    kernel_action actions[SIGNALS + 1];
    struct rlimit limits[RLIM_NLIMITS];
    char *variables[VARIABLES];
    sigset_t mask;
    stack_t stack;
    char mapped[MAPPED]; /* the lines of /proc/self/maps that are of no file */
} process;

/* Memory of libc's malloc may grow, and what follows a file is its zeroed data. */
static void read_mappings(char *text)
{
    char line[512], *at = text;
    unsigned long low, high, end_of_file = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    CHECK(f);
    while (fgets(line, sizeof line, f)) {
        CHECK(sscanf(line, "%lx-%lx", &low, &high) == 2);
        if (strchr(line, '/')) end_of_file = high;
        else if (low != end_of_file && !strstr(line, "[heap]") && !strstr(line, "[stack]")) at = stpcpy(at, line);
        CHECK(at < text + MAPPED - sizeof line);
    }
    fclose(f);
}

static void look(process *p)
{
    memset(p, 0, sizeof *p);
    p->threads = t_threads();
    for (int s = 1; s <= SIGNALS; s++) syscall(SYS_rt_sigaction, s, NULL, &p->actions[s], 8);
    for (int i = 0; i < RLIM_NLIMITS; i++) CHECK(!getrlimit(i, &p->limits[i]));
    for (int i = 0; environ[i]; i++) {
        CHECK(i < VARIABLES);
        p->variables[i] = environ[i];
    }
    CHECK(!pthread_sigmask(SIG_SETMASK, NULL, &p->mask));
    CHECK(!sigaltstack(NULL, &p->stack));
    read_mappings(p->mapped);
}

static void same(const process *a, const process *b)
{
    CHECK(a->threads == b->threads);
    for (int s = 1; s <= SIGNALS; s++) /* musl's dlopen may use one of libc's own */
        CHECK(!memcmp(&a->actions[s], &b->actions[s], sizeof a->actions[s]) || (s >= OF_LIBC && s < SIGRTMIN));
    CHECK(!memcmp(a->limits, b->limits, sizeof a->limits));
    CHECK(!memcmp(a->variables, b->variables, sizeof a->variables));
    CHECK(!memcmp(&a->mask, &b->mask, sizeof a->mask));
    CHECK(!memcmp(&a->stack, &b->stack, sizeof a->stack));
    if (strcmp(a->mapped, b->mapped)) {
        fprintf(stderr, "mapped before:\n%safterwards:\n%s", a->mapped, b->mapped);
        _exit(1);
    }
}

static void handler(int number) { (void)number; }

/* Handlers of every kind, one for each signal that may have one. */
static void install_handlers(void)
{
    static const int flags[] = {0, SA_RESTART, SA_NODEFER, SA_RESETHAND, SA_ONSTACK, SA_RESTART | SA_NODEFER};
    for (int s = 1; s <= SIGNALS; s++) {
        struct sigaction action = {.sa_handler = handler, .sa_flags = flags[s % 6]};
        sigemptyset(&action.sa_mask);
        sigaddset(&action.sa_mask, s % 30 + 1);
        sigaction(s, &action, NULL); /* not for all of them */
    }
    signal(SIGPIPE, SIG_IGN);
}

static void check_first_call(const process *before, const process *after)
{
    CHECK(after->threads > before->threads);
    for (int s = 1; s <= SIGNALS; s++) {
        const kernel_action *a = &before->actions[s], *b = &after->actions[s];
        if (s == SIGSEGV || s == SIGBUS || s == SIGFPE) { /* SIGURG has a handler, and so is the host's */
            CHECK(b->handler != a->handler);
        } else if ((s < OF_LIBC || s >= SIGRTMIN) && memcmp(a, b, sizeof *a)) {
            fprintf(stderr, "signal %d: handler %p, flags %lx, then %p, %lx\n", s, a->handler, a->flags, b->handler,
                    b->flags);
            _exit(1);
        }
    }
    CHECK(!memcmp(before->limits, after->limits, sizeof before->limits));
    CHECK(!memcmp(before->variables, after->variables, sizeof before->variables));
    CHECK(!memcmp(&before->mask, &after->mask, sizeof before->mask));
}

int main(int argc, char **argv)
{
    static process first, then;
    static char stack[1 << 16];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigset_t mask;
    if (argc < 2) return 2;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    CHECK(!pthread_sigmask(SIG_SETMASK, &mask, NULL) && !sigaltstack(&alternate, NULL));
    install_handlers();
    dlerror();
    look(&first); /* it maps and allocates what it needs at its first time */
    look(&first);
    void *library = dlopen(argv[1], RTLD_NOW);
    look(&then);
    if (!library) fprintf(stderr, "%s\n", dlerror());
    CHECK(library);
    same(&first, &then);

    __typeof__(&ws_last_error) last_error;
    __typeof__(&ws_stats_get) stats_get;
    __typeof__(&ws_send) send;
    __typeof__(&ws_init) init;
    __typeof__(&ws_shutdown_wait) shutdown_wait;
    *(void **)&last_error = dlsym(library, "ws_last_error");
    *(void **)&stats_get = dlsym(library, "ws_stats_get");
    *(void **)&send = dlsym(library, "ws_send");
    *(void **)&init = dlsym(library, "ws_init");
    *(void **)&shutdown_wait = dlsym(library, "ws_shutdown_wait");
    CHECK(last_error && stats_get && send && init && shutdown_wait);
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    CHECK(!*last_error());
    CHECK(!stats_get(&stats) && !stats.loops);
    CHECK(send(1, "x", 1, WS_TEXT, NULL, NULL) == WS_ERR_HANDLE);
    CHECK(strstr(last_error(), "handle"));
    look(&then);
    same(&first, &then);

    CHECK(!init(NULL));
    look(&then);
    check_first_call(&first, &then);
    return shutdown_wait(20000);
}
