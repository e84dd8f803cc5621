/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls.c - the system calls of the library, of Go's runtime and of what libc does for
 * them, and what each may fail with by its manual page.
 *
 * Not here are those without which no Go program lives: futex, the signal calls,
 * sigaltstack, munmap and madvise. Nor is close: it has closed, whatever it says.
 */
#include "refusals.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>

const rf_call rf_calls[] = {
#ifdef SYS_clone3
    {SYS_clone3, "clone3", {EAGAIN, ENOMEM, EPERM, ENOSYS}},
#endif
    {SYS_clone, "clone", {EAGAIN, ENOMEM, EPERM}},
    {SYS_mmap, "mmap", {ENOMEM, EPERM, EAGAIN}},
    {SYS_mprotect, "mprotect", {ENOMEM}},
    {SYS_openat, "openat", {EMFILE, ENFILE, ENOENT, EACCES, ENOMEM, EINTR}},
    {SYS_read, "read", {EAGAIN, EINTR, ECONNRESET, EIO}},
    {SYS_write, "write", {EAGAIN, EINTR, EPIPE, ECONNRESET, ENOBUFS, ENOMEM}},
    {SYS_writev, "writev", {EAGAIN, EINTR, EPIPE, ECONNRESET, ENOBUFS, ENOMEM}},
    {SYS_recvfrom, "recvfrom", {EAGAIN, EINTR, ECONNRESET, ENOMEM}},
    {SYS_recvmsg, "recvmsg", {EAGAIN, EINTR, ECONNRESET, ENOMEM}},
    {SYS_sendto, "sendto", {EAGAIN, EINTR, EPIPE, ECONNRESET, ENOBUFS, ENOMEM, EPERM}},
    {SYS_sendmsg, "sendmsg", {EAGAIN, EINTR, EPIPE, ECONNRESET, ENOBUFS, ENOMEM, EPERM}},
    {SYS_socket, "socket", {EMFILE, ENFILE, ENOBUFS, ENOMEM, EACCES, EAFNOSUPPORT}},
    {SYS_bind, "bind", {EADDRINUSE, EACCES, ENOMEM}},
    {SYS_listen, "listen", {EADDRINUSE}},
    {SYS_accept4, "accept4", {EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED, EINTR, EPERM, EPROTO}},
    {SYS_connect, "connect", {EADDRNOTAVAIL, ECONNREFUSED, ENETUNREACH, EAGAIN, EINTR, EPERM, ETIMEDOUT}},
    {SYS_getsockname, "getsockname", {ENOBUFS}},
    {SYS_getpeername, "getpeername", {ENOBUFS, ENOTCONN}},
    {SYS_setsockopt, "setsockopt", {ENOMEM, ENOPROTOOPT, EPERM}},
    {SYS_getsockopt, "getsockopt", {ENOBUFS, ENOPROTOOPT}},
    {SYS_shutdown, "shutdown", {ENOBUFS}}, /* ENOTCONN: only of what has ended, of which the poller tells */
    {SYS_epoll_create1, "epoll_create1", {EMFILE, ENFILE, ENOMEM}},
    {SYS_epoll_ctl, "epoll_ctl", {ENOMEM, ENOSPC}},
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, "epoll_wait", {EINTR}},
#endif
    {SYS_epoll_pwait, "epoll_pwait", {EINTR}},
    {SYS_eventfd2, "eventfd2", {EMFILE, ENFILE, ENOMEM}},
    {SYS_timerfd_create, "timerfd_create", {EMFILE, ENFILE, ENOMEM}},
    {SYS_pipe2, "pipe2", {EMFILE, ENFILE}},
    {SYS_fcntl, "fcntl", {EMFILE, EAGAIN}},
    {SYS_getrandom, "getrandom", {EINTR, ENOSYS, EAGAIN}},
    {SYS_prlimit64, "prlimit64", {EPERM}},
    {SYS_sched_getaffinity, "sched_getaffinity", {EPERM}},
    {SYS_prctl, "prctl", {EINVAL}},
    {SYS_newfstatat, "newfstatat", {ENOENT, EACCES, ENOMEM}},
    {SYS_fstat, "fstat", {ENOMEM}},
    {SYS_statx, "statx", {ENOSYS, EACCES}},
    {SYS_readlinkat, "readlinkat", {ENOENT, EACCES}},
    {SYS_getdents64, "getdents64", {ENOENT}},
    {SYS_lseek, "lseek", {ESPIPE}},
    {SYS_ioctl, "ioctl", {ENOTTY}},
    {SYS_uname, "uname", {EPERM}},
    {SYS_mlock, "mlock", {ENOMEM, EPERM}},
    {SYS_mincore, "mincore", {EAGAIN}},
    {SYS_sched_yield, "sched_yield", {ENOSYS}},
};
const int rf_call_count = sizeof rf_calls / sizeof *rf_calls;
_Static_assert(sizeof rf_calls / sizeof *rf_calls <= MOST_CALLS, "rf_end counts all of them");

static const struct {
    int error;
    const char *name;
} errors[] = {
#define E(name) {name, #name}
    E(EPERM), E(ENOENT), E(EINTR), E(EIO), E(EAGAIN), E(ENOMEM), E(EACCES), E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY),
    E(ENOSPC), E(ESPIPE), E(EPIPE), E(ENOSYS), E(EPROTO), E(ENOPROTOOPT), E(EAFNOSUPPORT), E(EADDRINUSE), E(EADDRNOTAVAIL),
    E(ENETUNREACH), E(ECONNABORTED), E(ECONNRESET), E(ENOBUFS), E(ENOTCONN), E(ETIMEDOUT), E(ECONNREFUSED),
#undef E
};

const rf_call *rf_call_named(const char *name)
{
    for (int i = 0; i < rf_call_count; i++)
        if (!strcmp(rf_calls[i].name, name)) return &rf_calls[i];
    return NULL;
}

const char *rf_error_name(int error)
{
    for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].error == error) return errors[i].name;
    return "?";
}

int rf_error_named(const char *name)
{
    for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++)
        if (!strcmp(errors[i].name, name)) return errors[i].error;
    return 0;
}
