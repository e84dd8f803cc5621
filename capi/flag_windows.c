/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flag_windows.c - a flag is a UDP socket of 127.0.0.1 that is connected to itself, since loops wait for
 * sockets only (select, WSAPoll, libuv, asio, asyncio). One datagram in it makes it readable. As it is connected it
 * takes none from others, and its port is its own (SO_EXCLUSIVEADDRUSE).
 */
#include <winsock2.h>

#include "flag.h"

static int fail(SOCKET s)
{
    int error = WSAGetLastError();
    if (s != INVALID_SOCKET) closesocket(s);
    WSACleanup();
    return error ? error : WSAEINVAL;
}

int wsx_flag_make(wsx_flag *flag)
{
    WSADATA about;
    int error = WSAStartup(MAKEWORD(2, 2), &about); /* counted: a host may end its own use of sockets */
    if (error) return error;
    SOCKET s = WSASocketW(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (s == INVALID_SOCKET) return fail(s);
    struct sockaddr_in own = {.sin_family = AF_INET};
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof own;
    BOOL on = TRUE;
    u_long nonblocking = 1;
    if (setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&on, sizeof on)
        || bind(s, (struct sockaddr *)&own, sizeof own)
        || getsockname(s, (struct sockaddr *)&own, &size)
        || connect(s, (struct sockaddr *)&own, size)
        || ioctlsocket(s, (long)FIONBIO, &nonblocking)) return fail(s);
    flag->watched = flag->written = (ws_socket)s;
    return 0;
}

const char *wsx_flag_error(int error)
{
    return error == WSAEMFILE || error == WSAENOBUFS ? "Windows has no socket left" : "Windows refuses a socket of 127.0.0.1";
}

void wsx_flag_raise(const wsx_flag *flag)
{
    send((SOCKET)flag->written, "", 1, 0);
}

void wsx_flag_lower(const wsx_flag *flag)
{
    char one;
    while (recv((SOCKET)flag->watched, &one, 1, 0) >= 0) {}
}

void wsx_flag_close(wsx_flag *flag)
{
    if (wsx_flag_made(flag)) {
        closesocket((SOCKET)flag->watched);
        WSACleanup();
    }
    *flag = WSX_NO_FLAG;
}
