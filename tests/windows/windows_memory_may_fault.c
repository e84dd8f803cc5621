/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Data in memory that may not be read: the host's vectored handler is asked, and may repair the page; where it does not the
 * call returns an error, and nothing is half done. The library's handler takes no other fault of the host.
 */
#include "t.h"

enum { ROOM = 256 << 10, PAGE = 4096 };

static char *memory;
static volatile int repairs, faults;
static ws_handle server, client, accepted;
static t_log at_server = T_LOG;

static LONG CALLBACK handle(EXCEPTION_POINTERS *e)
{
    char *at = (char *)e->ExceptionRecord->ExceptionInformation[1];
    DWORD before;
    if (e->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION || at < memory || at >= memory + ROOM)
        return EXCEPTION_CONTINUE_SEARCH;
    faults = faults + 1;
    if (!repairs) return EXCEPTION_CONTINUE_SEARCH;
    return VirtualProtect(memory, ROOM, PAGE_READWRITE, &before) ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

/* From the page with this number on. */
static void protect(int page)
{
    DWORD before;
    CHECK(VirtualProtect(memory + page * PAGE, (size_t)(ROOM - page * PAGE), PAGE_NOACCESS, &before));
}

/* The functions that take data, of which the last two take little. */
enum { CALLS = 7, LONG_ONES = 5 };

static int32_t call(int which, size_t size)
{
    switch (which) {
    case 0: return ws_send(client, memory, size, WS_BINARY, NULL, NULL);
    case 1: return ws_send(accepted, memory, size, WS_BINARY, NULL, NULL);
    case 2: return ws_send_part(client, memory, size, WS_BINARY, 1, NULL, NULL);
    case 3: return ws_server_broadcast(server, memory, size, WS_BINARY, 0, NULL);
    case 4: return ws_publish(server, "t", 1, memory, size, WS_BINARY, 0, NULL);
    case 5: return ws_ping(client, memory, size < 125 ? size : 125);
    default: return ws_subscribe(accepted, memory, size < 255 ? size : 255);
    }
}

static void each_call(size_t size, int page)
{
    for (int which = 0; which < (page ? LONG_ONES : CALLS); which++) {
        int before = faults;
        protect(page);
        int32_t status = call(which, size);
        CHECK_EQ(faults, before + 1);
        CHECK_EQ(status, repairs ? WS_OK : WS_ERR_PARAMETER);
        if (!repairs) CHECK_HAS(ws_last_error(), "can be read");
    }
}

/* A fault of the host's own code is none of ours. */
static void the_hosts_own(void)
{
    int before = faults;
    protect(0);
    repairs = 1;
    CHECK_EQ(*(volatile char *)memory, 'm');
    CHECK_EQ(faults, before + 1);
}

int main(void)
{
    t_log answers = T_LOG;
    memory = VirtualAlloc(NULL, ROOM, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(memory != NULL);
    memset(memory, 'm', ROOM);
    void *handler = AddVectoredExceptionHandler(0, handle); /* before the first call, at the end of the list */
    CHECK(handler != NULL);
    server = t_server(NULL, &at_server);
    client = t_open_client(server, &answers);
    accepted = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    for (repairs = 0; repairs < 2; repairs++) {
        each_call(1, 0);
        each_call(70000, 0);
        each_call(70000, 10);
    }
    the_hosts_own();
    CHECK(RemoveVectoredExceptionHandler(handler));
    CHECK(AddVectoredExceptionHandler(1, handle) != NULL); /* later, as the first */
    each_call(1, 0);
    OK(ws_send(accepted, "whole", 5, WS_TEXT, NULL, NULL));
    for (int n = 1;; n++) {
        const t_event *e = t_wait_event(&answers, WS_EVENT_MESSAGE, n);
        if (e->size == 5) break;
        CHECK(e->size == 1 || e->size == 70000);
    }
    CHECK_EQ(t_seen(&answers, WS_EVENT_ERROR), 0);
    return t_done();
}
