/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * poller.c - the descriptors by which the Go runtime waits for its timers and sockets. It
 * would make them itself, end the process when the system refuses them, and take numbers of
 * the host's. So the start makes them, can fail, and hands them over (cmake/GoRuntime.cmake).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime.h"

int wsx_raised(int fd)
{
    if (fd < 0 || fd > 2) return fd;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 3), error = errno;
    close(fd);
    errno = error;
    return high;
}

int wsx_poller_make(wsx_poller *p)
{
    struct epoll_event woken = {.events = EPOLLIN, .data.u64 = WSX_POLLER_WOKEN};
    p->bell = -1;
    if ((p->epoll = wsx_raised(epoll_create1(EPOLL_CLOEXEC))) >= 0
        && (p->bell = wsx_raised(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) >= 0
        && !epoll_ctl(p->epoll, EPOLL_CTL_ADD, p->bell, &woken)) return 0;
    int error = errno;
    wsx_poller_close(p);
    return error;
}

void wsx_poller_close(wsx_poller *p)
{
    if (p->epoll >= 0) close(p->epoll);
    if (p->bell >= 0) close(p->bell);
}
