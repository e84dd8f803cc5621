/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data in memory that faults: the host's handler is asked, and may repair the page or leave
 * the call by siglongjmp; where it has none the call returns an error. Nothing is half done
 * then, and the connection goes on. Both with a handler from before the library was loaded
 * and with a later one.
 */
#include "t.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { ROOM = 256 << 10 };

static char *page;
static volatile sig_atomic_t faults;
static sigjmp_buf away;
static volatile sig_atomic_t jumps;

static void repair(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    char *at = info->si_addr;
    faults = faults + 1;
    if (at < page || at >= page + ROOM) _exit(70);
    if (jumps) siglongjmp(away, 1);
    if (mprotect(page, ROOM, PROT_READ | PROT_WRITE)) _exit(71);
}

static void install(void)
{
    struct sigaction action = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

/* This program runs itself again, with the name of a case. */
static void before_load(int argc, char **argv, char **environment)
{
    (void)environment;
    if (argc > 1 && strstr(argv[1], "before")) install();
}
T_FIRST(before_load);

static ws_handle server, client, accepted;
static t_log log_of_server = T_LOG;
static t_latch answered = T_LATCH;

static void protect(void)
{
    CHECK_EQ(mprotect(page, ROOM, PROT_NONE), 0);
}

/* Every function that takes data; 0 when there is no more. */
static int call(int which, size_t size, int32_t *status)
{
    static t_latch done = T_LATCH;
    switch (which) {
    case 0: *status = ws_send(client, page, size, WS_BINARY, NULL, NULL); return 1;
    case 1: *status = ws_send(accepted, page, size, WS_BINARY, NULL, NULL); return 1;
    case 2: *status = ws_send(accepted, page, size, WS_TEXT, t_tick, &done); return 1;
    case 3: *status = ws_send_part(client, page, size, WS_TEXT, 1, NULL, NULL); return 1;
    case 4: *status = ws_ping(client, page, size < 125 ? size : 125); return 1;
    case 5: *status = ws_server_broadcast(server, page, size, WS_BINARY, 0, NULL); return 1;
    case 6: *status = ws_publish(server, "t", 1, page, size, WS_BINARY, 0, NULL); return 1;
    case 7: *status = ws_subscribe(accepted, page, size < 255 ? size : 255); return 1;
    }
    return 0;
}

static const size_t sizes[] = {1, 100, 1024, 1025, 5000, 70000, ROOM};
#define EACH_SIZE(i) for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)

/* A message still goes both ways. */
static void goes_on(void)
{
    long before = t_count(&answered);
    OK(ws_send(client, "?", 1, WS_TEXT, NULL, NULL));
    t_wait(&answered, before + 1);
    T_UNTIL_SO(({ uint64_t waits; ws_buffered_amount(client, &waits) == WS_OK && !waits; }));
    T_UNTIL_SO(({ uint64_t waits; ws_buffered_amount(accepted, &waits) == WS_OK && !waits; }));
}

static void on_message(const ws_event *e, void *unused)
{
    (void)unused;
    if (e->size == 1 && *(const char *)e->data == '?') t_add(&answered, 1);
}

static void each_call(const char *what)
{
    int32_t status;
    EACH_SIZE(i)
    for (volatile int which = 0; call(which, 0, &status); which++) { /* volatile: handlers leave by a jump */
        int before = faults;
        protect();
        if (!strcmp(what, "jump")) {
            if (!sigsetjmp(away, 1)) {
                jumps = 1;
                call(which, sizes[i], &status);
                FAIL("call %d of %zu bytes was not left", which, sizes[i]);
            }
            jumps = 0;
            CHECK_EQ(faults, before + 1);
        } else if (!strcmp(what, "repair")) {
            call(which, sizes[i], &status);
            CHECK(status == WS_OK || status == WS_ERR_FULL);
            CHECK_EQ(faults, before + 1);
        } else {
            call(which, sizes[i], &status);
            CHECK_EQ(status, WS_ERR_PARAMETER);
            CHECK_HAS(ws_last_error(), "read");
        }
        goes_on();
    }
}

/* The same inside a callback, where frames are corked. */
static t_latch called = T_LATCH;
static void inside(const ws_event *e, void *what)
{
    (void)e;
    static int once;
    if (once++) return;
    sigset_t open; /* the kit's dispatching thread blocks all */
    sigemptyset(&open);
    sigaddset(&open, SIGSEGV);
    CHECK_EQ(pthread_sigmask(SIG_UNBLOCK, &open, NULL), 0);
    EACH_SIZE(i) {
        protect();
        if (!strcmp(what, "jump")) {
            if (!sigsetjmp(away, 1)) {
                jumps = 1;
                ws_send(accepted, page, sizes[i], WS_BINARY, NULL, NULL);
                FAIL("the call was not left");
            }
            jumps = 0;
        } else {
            OK(ws_send(accepted, page, sizes[i], WS_BINARY, NULL, NULL));
        }
    }
    t_add(&called, 1);
}

/* A file that is shorter than its mapping. */
static void a_truncated_file(void)
{
    char name[] = "/tmp/libws-truncated-XXXXXX";
    int fd = mkstemp(name);
    CHECK(fd >= 0);
    CHECK_EQ(unlink(name), 0);
    CHECK(mmap(page, ROOM, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == page);
    if (!sigsetjmp(away, 1)) {
        jumps = 1;
        ws_send(client, page, 100000, WS_BINARY, NULL, NULL);
        FAIL("the call was not left");
    }
    jumps = 0;
    goes_on();
}

static int child(const char *name)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char *what = strchr(name, '-') + 1;
    page = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    memset(page, 'a', ROOM);
    server = t_server(NULL, &log_of_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    client = t_open_client(server, NULL);
    accepted = t_wait_event(&log_of_server, WS_EVENT_CONNECT, 1)->handle;
    if (!strncmp(name, "after", 5)) install();
    each_call(what);
    if (strcmp(what, "error")) {
        OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, inside, (void *)what));
        OK(ws_send(client, "now", 3, WS_TEXT, NULL, NULL));
        t_wait(&called, 1);
        goes_on();
    }
    if (!strcmp(what, "jump")) a_truncated_file();
    return t_done();
}

int main(int argc, char **argv)
{
    if (argc == 2) return child(argv[1]);
    static char *const names[] = {"before-repair", "after-repair", "before-jump", "after-jump", "none-error"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int status;
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (!pid) {
            execl("/proc/self/exe", argv[0], names[i], (char *)NULL);
            _exit(127);
        }
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        if (status) FAIL("%s ends with status %#x", names[i], status);
    }
    return 0;
}
