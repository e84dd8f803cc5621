/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervise.c - one life under a seccomp filter whose listener is this program
 * (seccomp_unotify(2)).
 */
#define _GNU_SOURCE
#include "refusals.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONTROL = 200 }; /* the descriptor by which the child sends its listener */

static void die(const char *what)
{
    fprintf(stderr, "refusals: %s: %s\n", what, strerror(errno));
    _exit(2);
}

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* ---- the child --------------------------------------------------------------------- */

static int install_filter(void)
{
    struct sock_filter code[2 * MOST_CALLS + 16], *p = code;
    *p++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    /* The message with the listener cannot wait for the listener. */
    *p++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 4);
    *p++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]));
    *p++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CONTROL, 0, 1);
    *p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    *p++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i <= rf_call_count; i++) {
        int number = i < rf_call_count ? rf_calls[i].number : SYS_getppid;
        *p++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1);
        *p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    }
    *p++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = (unsigned short)(p - code), .filter = code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) die("no_new_privs");
    int flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
#ifdef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
    flags |= SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV; /* or a signal makes the call again, and it counts twice */
#endif
    int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (listener < 0) die("seccomp");
    return listener;
}

union control {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr head;
};

static void send_descriptor(int fd)
{
    union control control = {0};
    char byte = 0;
    struct iovec data = {&byte, 1};
    struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    control.head.cmsg_level = SOL_SOCKET;
    control.head.cmsg_type = SCM_RIGHTS;
    control.head.cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
    if (sendmsg(CONTROL, &m, 0) != 1) die("sending the listener");
}

static int receive_descriptor(int from)
{
    union control control = {0};
    char byte;
    struct iovec data = {&byte, 1};
    struct msghdr m = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    int fd = -1;
    if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&m)) memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
    if (fd < 0) die("receiving the listener");
    return fd;
}

static _Noreturn void child(char *const program[], int control, int output)
{
    dup2(output, 1);
    dup2(output, 2);
    if (dup3(control, CONTROL, O_CLOEXEC) < 0) die("dup3");
    int listener = install_filter();
    send_descriptor(listener);
    syscall(SYS_close, listener);
    execv(program[0], program);
    _exit(127);
}

/* ---- the listener ------------------------------------------------------------------- */

static uint64_t chance(uint64_t *state) /* xorshift64* */
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1dull;
}

/* ---- mmap of the runtime ----------------------------------------------------------------
 * The runtime ends the process when it gets no memory (docs/platforms.md). Its calls are those
 * that the library makes through libc, but for the probe, which asks for no more than that. */

typedef struct mapping {
    unsigned long long begin, end;
} mapping;

/* The code of the library in the process of a thread. */
static mapping code_of_library(pid_t thread)
{
    mapping all = {0};
    char path[64], line[600];
    snprintf(path, sizeof path, "/proc/%d/maps", thread);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f)) {
        mapping m;
        char flags[8];
        if (sscanf(line, "%llx-%llx %7s", &m.begin, &m.end, flags) == 3 && flags[2] == 'x' && strstr(line, "/libws.so")) all = m;
    }
    if (f) fclose(f);
    return all;
}

static bool of_runtime(pid_t thread, const struct seccomp_data *d)
{
    enum { PROBE_SPACE = 2048, PROBE_MEMORY = 128, WORDS = 4 }; /* MiB, as in capi/probe.c */
    unsigned long long mib = d->args[1] >> 20;
    if (d->args[1] % (1 << 20) == 0 && (mib == PROBE_SPACE || mib == PROBE_MEMORY)) return false;
    mapping library = code_of_library(thread);
    bool direct = d->instruction_pointer >= library.begin && d->instruction_pointer < library.end;
    if (direct || !library.end) return false; /* buffers of the library, or the loader */
    char path[64], text[300] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", thread);
    FILE *f = fopen(path, "re");
    unsigned long long sp = 0;
    if (f && fgets(text, sizeof text, f)) sscanf(text, "%*s %*s %*s %*s %*s %*s %*s %llx", &sp);
    if (f) fclose(f);
    unsigned long long words[WORDS] = {0}; /* mmap of libc is a small function: its caller is near */
    struct iovec ours = {words, sizeof words}, theirs = {(void *)sp, sizeof words};
    if (process_vm_readv(thread, &ours, 1, &theirs, 1, 0) < 0) return true;
    for (int i = 0; i < WORDS; i++)
        if (words[i] >= library.begin && words[i] < library.end) return true;
    return false;
}

/* ---- EAGAIN --------------------------------------------------------------------
 * Go's poller is edge-triggered: it hears of bytes and of room once, so who is told that there
 * are none waits for more to come. No kernel says so when there are, and nobody could notice.
 * Loops with epoll are level-triggered, and bear it, and so does what wakes others. */
static bool waits_for_edge(pid_t thread, const struct seccomp_data *d)
{
    char path[64], name[64];
    const char *engine = getenv("WS_ENGINE");
    bool of_loop = d->nr != SYS_read && d->nr != SYS_write && d->nr != SYS_writev;
    if (of_loop && !(engine && !strcmp(engine, "goroutine"))) return false;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", thread, (int)d->args[0]);
    ssize_t size = readlink(path, name, sizeof name - 1);
    name[size < 0 ? 0 : size] = 0;
    return strncmp(name, "anon_inode:", 11) != 0; /* an eventfd or a timerfd */
}

/* ---- deciding --------------------------------------------------------------------------- */

/* The errno to answer with, 0: let it through. */
static int decide(const rf_plan *plan, uint64_t *state, pid_t thread, const struct seccomp_data *d, rf_end *end)
{
    int at = 0;
    while (at < rf_call_count && rf_calls[at].number != d->nr) at++;
    if (at == rf_call_count) return 0;
    bool output = (d->nr == SYS_write || d->nr == SYS_writev) && d->args[0] <= 2; /* the life's own */
    if (output) return 0;
    if (d->nr == SYS_mmap && of_runtime(thread, d)) {
        end->excepted++;
        return 0;
    }
    end->made[at]++;
    const rf_call *call = &rf_calls[at];
    int error = 0;
    if (plan->call == call) {
        if (end->made[at] >= plan->first && end->made[at] - plan->first < plan->times) error = plan->error;
    } else if (!plan->call && plan->in_a_thousand && chance(state) % 1000 < plan->in_a_thousand) {
        int count = 0;
        while (count < MOST_ERRORS && call->errors[count]) count++;
        error = call->errors[chance(state) % (unsigned)count];
    }
    if (error == EAGAIN && d->nr != SYS_connect && waits_for_edge(thread, d)) {
        end->excepted++;
        error = 0;
    }
    if (error) end->refused++;
    return error;
}

static void answer(int listener, const rf_plan *plan, uint64_t *state, bool *begun, rf_end *end)
{
    struct seccomp_notif asked = {0};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked)) return; /* its thread has gone */
    struct seccomp_notif_resp reply = {.id = asked.id};
    int error = 0;
    if (asked.data.nr == SYS_getppid) *begun |= asked.data.args[0] == RF_BEGINS;
    else if (*begun) error = decide(plan, state, (pid_t)asked.pid, &asked.data, end);
    if (error) reply.error = -error;
    else reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

static void drain(int output, rf_end *end)
{
    size_t have = strlen(end->said);
    char rest[512];
    for (;;) {
        bool room = have < sizeof end->said - 1;
        ssize_t n = room ? read(output, end->said + have, sizeof end->said - 1 - have) : read(output, rest, sizeof rest);
        if (n <= 0) return;
        if (room) have += (size_t)n;
        end->said[have] = 0;
    }
}

void rf_run(char *const program[], const rf_plan *plan, int deadline_ms, rf_end *end)
{
    memset(end, 0, sizeof *end);
    int control[2], output[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) || pipe2(output, O_CLOEXEC)) die("pipes");
    fcntl(output[0], F_SETFL, O_NONBLOCK);
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) die("fork");
    if (!pid) child(program, control[1], output[1]);
    close(control[1]);
    close(output[1]);
    int listener = receive_descriptor(control[0]);
    int process = (int)syscall(SYS_pidfd_open, pid, 0);
    if (process < 0) die("pidfd_open");
    uint64_t state = plan->seed * 2 + 1;
    bool begun = false;
    long long deadline = now() + deadline_ms;
    struct pollfd p[] = {{.fd = process, .events = POLLIN}, {.fd = listener, .events = POLLIN}, {.fd = output[0], .events = POLLIN}};
    while (!p[0].revents) {
        long long left = deadline - now();
        if (left <= 0) {
            end->hung = true;
            kill(pid, SIGKILL);
            break;
        }
        poll(p, 3, (int)left);
        if (p[1].revents & POLLIN) answer(listener, plan, &state, &begun, end);
        else if (p[1].revents) p[1].fd = -1; /* the last thread has gone */
        if (p[2].revents & POLLIN) drain(output[0], end);
        else if (p[2].revents) p[2].fd = -1;
    }
    waitpid(pid, &end->status, 0);
    drain(output[0], end);
    close(listener);
    close(process);
    close(control[0]);
    close(output[0]);
}
