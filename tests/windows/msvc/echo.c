/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program by another compiler than the library's: built for Visual C++'s ABI, linked with the import library that
 * libws.def makes, and without a C library. A message goes there and back. Ends with the number of the line that was not as it should be.
 */
#include <libws/ws.h>
#include <libws/ws_relay.h>

#define KERNEL32 __declspec(dllimport)
KERNEL32 __declspec(noreturn) void ExitProcess(unsigned status);
KERNEL32 void *CreateEventA(void *security, int manual, int signalled, const char *name);
KERNEL32 int SetEvent(void *event);
KERNEL32 unsigned WaitForSingleObject(void *object, unsigned ms);

#define CHECK(right) ((right) ? (void)0 : ExitProcess(__LINE__))

void *memset(void *to, int value, size_t size)
{
    for (volatile char *p = to; size; size--) *p++ = (char)value;
    return to;
}

static void *answered;

static void WS_CALL echo(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL) == WS_OK);
}

static void WS_CALL answer(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(e->size == 5 && !((const char *)e->data)[5] && ((const char *)e->data)[4] == 'o');
    SetEvent(answered);
}

static void url_of(ws_handle server, char *url)
{
    int32_t port = 0;
    CHECK(ws_server_port(server, &port) == WS_OK);
    const char *begin = "ws://127.0.0.1:";
    while (*begin) *url++ = *begin++;
    for (int32_t place = 10000; place; place /= 10) *url++ = (char)('0' + port / place % 10);
    *url = 0;
}

void mainCRTStartup(void)
{
    char url[32];
    CHECK(ws_version_number() == WS_VERSION_NUMBER && ws_abi_version() == WS_ABI_VERSION);
    answered = CreateEventA(NULL, 1, 0, NULL);
    ws_server_options server_options;
    WS_INIT_STRUCT(&server_options);
    ws_handle server = ws_server_create(&server_options);
    CHECK(server);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    CHECK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL) == WS_OK);
    CHECK(ws_server_start(server, &config, NULL, NULL) == WS_OK);
    url_of(server, url);
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    ws_handle client = ws_create(&options);
    CHECK(client);
    CHECK(ws_on(client, WS_EVENT_MESSAGE, answer, NULL) == WS_OK);
    ws_connect_options how;
    WS_INIT_STRUCT(&how);
    CHECK(ws_connect_wait(client, url, &how, -1) == WS_OK);
    CHECK(ws_send(client, "hello", 5, WS_TEXT, NULL, NULL) == WS_OK);
    CHECK(WaitForSingleObject(answered, 0xffffffffu) == 0);
    CHECK(ws_shutdown_wait(-1) == WS_OK);
    ExitProcess(0);
}
