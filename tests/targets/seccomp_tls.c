/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apps of OpenHarmony run under a filter of system calls that raises SIGSYS for what is not in its
 * list (tests/ohos/seccomp_app.txt). The library is loaded, used over TLS and shut down under it,
 * and makes no other call. A call that is not in the list has to be refused, or the test shows nothing.
 */
#include "t_tls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* x86 sets the pointer to thread-local data by a call of its own, arm64 by a register. */
static const int allowed[] = {
#if defined(__NR_arch_prctl)
    __NR_arch_prctl,
#endif
#include "seccomp_app.h"
};
enum { COUNT = sizeof allowed / sizeof *allowed };
_Static_assert(COUNT < 255, "jumps of the filter have 8 bits");

static void refused(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    char text[80];
    int size = snprintf(text, sizeof text, "SIGSYS: system call %d\n", info->si_syscall);
    if (write(2, text, (size_t)size) != size) _exit(78);
    _exit(77);
}

/* Before the library is loaded. */
__attribute__((constructor(101))) static void confine(void)
{
    static struct sock_filter rules[COUNT + 3];
    unsigned n = 0;
    rules[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned i = 0; i < COUNT; i++) rules[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[i], (unsigned char)(COUNT - i), 0);
    rules[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    rules[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {(unsigned short)n, rules};
    struct sigaction action = {.sa_sigaction = refused, .sa_flags = SA_SIGINFO};
    sigaction(SIGSYS, &action, NULL);
    CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static int status_of(pid_t child)
{
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
    pid_t child = fork();
    if (!child) {
        syscall(452); /* fchmodat2 */
        _exit(0);
    }
    CHECK_EQ(status_of(child), 77);

    static t_log log = T_LOG, at_server = T_LOG;
    ws_handle server = t_secure_server("good", &at_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    ws_handle client = t_open_secure_client(server, &log); /* its URL has a name */
    t_echo_round(client, &log, "hello", 5, WS_TEXT, 1);
    char *data = t_bytes(1 << 20, 1, 0);
    t_echo_round(client, &log, data, 1 << 20, WS_BINARY, 2);
    free(data);
    if (!(child = fork())) _exit(ws_create(NULL) ? 1 : 42);
    CHECK_EQ(status_of(child), 42);
    OK(ws_close(client, NULL, NULL, NULL));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1000);
    t_destroy(client, &log);
    return t_done();
}
