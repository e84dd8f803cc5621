/* SPDX-License-Identifier: Apache-2.0 */
/*
 * posix.h - what the C tests use of POSIX, by what Windows has; included before all else. Only for these tests: a
 * socket is an int here, errors of sockets come as errno, and signals do nothing. What cannot be had is not here: a
 * test that wants it is in cannot.txt.
 */
#ifndef POSIX_H
#define POSIX_H

#define NOGDI
#define SIZE WINDOWS_SIZE /* tests have constants of these names */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#undef SIZE

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#undef ERROR
#undef interface

/* ---- sockets --------------------------------------------------------------------------- */

#define SOCK_CLOEXEC 0
#define SOCK_NONBLOCK 0
#define MSG_NOSIGNAL 0
#define MSG_DONTWAIT 0 /* of sockets that do not block anyway */
#define TCP_KEEPIDLE 3 /* TCP_KEEPALIVE of newer headers */
#define SHUT_RD SD_RECEIVE
#define SHUT_WR SD_SEND
#define SHUT_RDWR SD_BOTH

/* As the library tells them. */
#undef ECONNREFUSED
#undef ECONNRESET
#undef EADDRINUSE
#undef EADDRNOTAVAIL
#define ECONNREFUSED WSAECONNREFUSED
#define ECONNRESET WSAECONNRESET
#define EADDRINUSE WSAEADDRINUSE
#define EADDRNOTAVAIL WSAEADDRNOTAVAIL

static inline int posix_error(void)
{
    static const int numbers[][2] = {
        {WSAEWOULDBLOCK, EAGAIN}, {WSAEINTR, EINTR}, {WSAECONNRESET, ECONNRESET}, {WSAECONNABORTED, ECONNRESET},
        {WSAECONNREFUSED, ECONNREFUSED}, {WSAEADDRINUSE, EADDRINUSE}, {WSAETIMEDOUT, EAGAIN}, {WSAENOTCONN, ENOTCONN},
        {WSAESHUTDOWN, EPIPE}, {WSAENOTSOCK, ENOTSOCK}, {WSAEOPNOTSUPP, EOPNOTSUPP}, {WSAEINVAL, EINVAL}};
    int error = WSAGetLastError();
    errno = error;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i][0] == error) errno = numbers[i][1];
    return -1;
}

static inline int posix_socket(int family, int type, int protocol)
{
    static LONG begun;
    WSADATA about;
    if (!InterlockedExchange(&begun, 1)) WSAStartup(MAKEWORD(2, 2), &about);
    SOCKET s = WSASocketW(family, type, protocol, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    return s == INVALID_SOCKET ? posix_error() : (int)s;
}

static inline int posix_accept(int fd, struct sockaddr *name, socklen_t *size)
{
    SOCKET s = accept((SOCKET)fd, name, size);
    return s == INVALID_SOCKET ? posix_error() : (int)s;
}

static inline ssize_t posix_recv(int fd, void *data, size_t size, int flags)
{
    int n = recv((SOCKET)fd, data, (int)size, flags);
    return n < 0 ? posix_error() : n;
}

static inline ssize_t posix_send(int fd, const void *data, size_t size, int flags)
{
    int n = send((SOCKET)fd, data, (int)size, flags);
    return n < 0 ? posix_error() : n;
}

static inline int posix_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    DWORD ms;
    if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO)) {
        const struct timeval *t = value;
        ms = (DWORD)(t->tv_sec * 1000 + t->tv_usec / 1000);
        value = &ms;
        size = sizeof ms;
    }
    return setsockopt((SOCKET)fd, level, name, value, size) ? posix_error() : 0;
}

static inline int posix_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    return getsockopt((SOCKET)fd, level, name, value, size) ? posix_error() : 0;
}

static inline int posix_bind(int fd, const struct sockaddr *name, socklen_t size)
{
    return bind((SOCKET)fd, name, size) ? posix_error() : 0;
}

static inline int posix_connect(int fd, const struct sockaddr *name, socklen_t size)
{
    return connect((SOCKET)fd, name, size) ? posix_error() : 0;
}

static inline int posix_listen(int fd, int backlog) { return listen((SOCKET)fd, backlog) ? posix_error() : 0; }
static inline int posix_shutdown(int fd, int how) { return shutdown((SOCKET)fd, how) ? posix_error() : 0; }

/* A socket, or a file of the C library: their numbers are not the same. */
static inline int posix_close(int fd)
{
    if (!closesocket((SOCKET)fd)) return 0;
    return WSAGetLastError() == WSAENOTSOCK || WSAGetLastError() == WSANOTINITIALISED ? _close(fd) : posix_error();
}

#define pollfd posix_pollfd
struct posix_pollfd {
    int fd;
    short events, revents;
};

static inline int posix_poll(struct posix_pollfd *all, unsigned count, int timeout)
{
    WSAPOLLFD theirs[64];
    if (count > 64) return errno = EINVAL, -1;
    for (unsigned i = 0; i < count; i++) theirs[i] = (WSAPOLLFD){.fd = (SOCKET)all[i].fd, .events = all[i].events};
    int n = WSAPoll(theirs, count, timeout);
    for (unsigned i = 0; i < count; i++) all[i].revents = theirs[i].revents;
    return n < 0 ? posix_error() : n;
}

/* What Linux tells of a socket's unacknowledged bytes nobody tells here; loopback has none for long. */
#define SIOCOUTQ 1
static inline int ioctl(int fd, int what, int *value)
{
    (void)fd, (void)what;
    *value = 0;
    return 0;
}

/* A Unix socket cannot be made: socket says so. */
struct sockaddr_un {
    ADDRESS_FAMILY sun_family;
    char sun_path[108];
};

/* A pair of sockets, as a pipe: a test may poll it and read it. */
static inline int posix_pair(int ends[2])
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    int size = sizeof at, listener = posix_socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || (bind)((SOCKET)listener, (struct sockaddr *)&at, size) || (listen)((SOCKET)listener, 1)
        || (getsockname)((SOCKET)listener, (struct sockaddr *)&at, &size)) return posix_error();
    ends[1] = posix_socket(AF_INET, SOCK_STREAM, 0);
    if (posix_connect(ends[1], (struct sockaddr *)&at, size)) return -1;
    ends[0] = posix_accept(listener, NULL, NULL);
    return posix_close(listener);
}

/* Two of datagrams, each of which sends to the other. */
static inline int posix_datagrams(int ends[2])
{
    struct sockaddr_in at[2];
    for (int i = 0; i < 2; i++) {
        int size = sizeof at[i];
        at[i] = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        ends[i] = posix_socket(AF_INET, SOCK_DGRAM, 0);
        if (ends[i] < 0 || (bind)((SOCKET)ends[i], (struct sockaddr *)&at[i], size)
            || (getsockname)((SOCKET)ends[i], (struct sockaddr *)&at[i], &size)) return posix_error();
    }
    for (int i = 0; i < 2; i++)
        if (posix_connect(ends[i], (struct sockaddr *)&at[1 - i], sizeof at[i])) return -1;
    return 0;
}

/* Of TCP, whatever the family. */
static inline int socketpair(int family, int type, int protocol, int ends[2])
{
    (void)family, (void)protocol;
    return type == SOCK_DGRAM ? posix_datagrams(ends) : posix_pair(ends);
}

/* Of sockets. */
static inline int posix_dup(int fd)
{
    WSAPROTOCOL_INFOW about;
    if (WSADuplicateSocketW((SOCKET)fd, GetCurrentProcessId(), &about)) return posix_error();
    SOCKET s = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &about, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    return s == INVALID_SOCKET ? posix_error() : (int)s;
}

/* Whether a socket is open, and goes to children. */
#define F_GETFD 1
#define FD_CLOEXEC 1
static inline int fcntl(int fd, int what)
{
    DWORD flags = 0;
    int kind, size = sizeof kind;
    (void)what;
    if (getsockopt((SOCKET)fd, SOL_SOCKET, SO_TYPE, (char *)&kind, &size)) return posix_error();
    return GetHandleInformation((HANDLE)(intptr_t)fd, &flags) && flags & HANDLE_FLAG_INHERIT ? 0 : FD_CLOEXEC;
}

static inline ssize_t posix_read(int fd, void *to, size_t size)
{
    int n = recv((SOCKET)fd, to, (int)size, 0);
    return n >= 0 ? n : WSAGetLastError() == WSAENOTSOCK ? _read(fd, to, (unsigned)size) : posix_error();
}

static inline ssize_t posix_write(int fd, const void *from, size_t size)
{
    int n = send((SOCKET)fd, from, (int)size, 0);
    return n >= 0 ? n : WSAGetLastError() == WSAENOTSOCK ? _write(fd, from, (unsigned)size) : posix_error();
}

#define socket posix_socket
#define accept posix_accept
#define accept4(fd, name, size, flags) posix_accept(fd, name, size)
#define recv posix_recv
#define send posix_send
#define setsockopt posix_setsockopt
#define getsockopt posix_getsockopt
#define bind posix_bind
#define connect posix_connect
#define listen posix_listen
#define shutdown posix_shutdown
#define close posix_close
#define poll posix_poll
#define pipe posix_pair
#define dup posix_dup
#define read posix_read
#define write posix_write

/* ---- text and memory --------------------------------------------------------------------- */

static inline void *memmem(const void *in, size_t size, const void *part, size_t of)
{
    for (const char *p = in; size >= of; p++, size--)
        if (!memcmp(p, part, of)) return (void *)(uintptr_t)p;
    return NULL;
}

static inline char *strcasestr(const char *in, const char *part)
{
    size_t n = strlen(part);
    for (; *in; in++)
        if (!_strnicmp(in, part, n)) return (char *)(uintptr_t)in;
    return n ? NULL : (char *)(uintptr_t)in;
}

static inline char *strndup(const char *text, size_t most)
{
    size_t n = strnlen(text, most);
    char *own = malloc(n + 1);
    if (own) memcpy(own, text, n), own[n] = 0;
    return own;
}

static inline int rand_r(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return (int)(*seed >> 1 & RAND_MAX);
}

/* ---- the process --------------------------------------------------------------------------- */

static inline pid_t gettid(void) { return (pid_t)GetCurrentThreadId(); }
/* That of the machine under Wine. */
static inline int getloadavg(double *load, int count)
{
    FILE *f = fopen("Z:\\proc\\loadavg", "r");
    int read = f && fscanf(f, "%lf", load) == 1 ? 1 : -1;
    if (f) fclose(f);
    return (void)count, read;
}
#define _SC_NPROCESSORS_ONLN 1
static inline long sysconf(int what)
{
    SYSTEM_INFO about;
    (void)what;
    GetSystemInfo(&about);
    return (long)about.dwNumberOfProcessors;
}

/* Without the time, which CTest has as well: the one of winpthreads that does not wait takes a thread for ended that is not. */
static inline int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *end)
{
    return (void)end, pthread_join(thread, result);
}

/* One at a time: ends the program, as the signal does. */
static inline DWORD WINAPI posix_alarm(void *seconds)
{
    Sleep((DWORD)(uintptr_t)seconds * 1000);
    fprintf(stderr, "alarm\n");
    _exit(142);
}
static inline unsigned alarm(unsigned seconds)
{
    if (seconds) CloseHandle(CreateThread(NULL, 0, posix_alarm, (void *)(uintptr_t)seconds, 0, NULL));
    return 0;
}

#define lstat stat
static inline char *mkdtemp(char *path)
{
    char *name = strrchr(path, '/');
    char *made = _mktemp(name ? name + 1 : path);
    return made && !CreateDirectoryA(made, NULL) ? NULL : path;
}

static inline int setenv(const char *name, const char *value, int always)
{
    if (!always && getenv(name)) return 0;
    return _putenv_s(name, value);
}
static inline int unsetenv(const char *name) { return _putenv_s(name, ""); }

/* Signals are nobody's. */
#include <signal.h>
typedef unsigned posix_sigset;
#define sigset_t posix_sigset
#define SIGPIPE 13
#undef SIG_SETMASK
#undef SIG_BLOCK
#define SIG_SETMASK 0
#define SIG_BLOCK 1
#undef pthread_sigmask
#define pthread_sigmask posix_sigmask
static inline void sigfillset(posix_sigset *set) { *set = ~0u; }
static inline void sigemptyset(posix_sigset *set) { *set = 0; }
static inline int posix_sigmask(int how, const posix_sigset *set, posix_sigset *before)
{
    if (before) *before = 0;
    return (void)how, (void)set, 0;
}

#endif
