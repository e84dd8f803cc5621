/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status_page.h - a page that shows what a running server does, to be copied.
 *
 * Copy status_page.h, status_page.c and status_page.html into your program, and make a header of the page:
 *
 *     xxd -i status_page.html > status_page_html.h
 *
 * (CMakeLists.txt beside this file does it without xxd, by embed.cmake.) Then
 *
 *     status_page_options options = {.server = server};
 *     status_page *page = status_page_create(&options);
 *
 * before the server starts, and first of all in each of your listeners for WS_EVENT_REQUEST, _UPGRADE,
 * _CONNECT, _MESSAGE_RECEIVE and _CLOSE, and for others that you have:
 *
 *     if (status_page_event(page, e)) return;
 *
 * The first four are needed; in the others it keeps the page's connections away from code that is about yours, such as
 * one that frees user data. A server that has had no listener for WS_EVENT_UPGRADE accepts upgrades by
 * itself; with one it has to call ws_accept(e->handle, NULL) for those that are not of the page.
 * status_server.c is a whole program.
 *
 * The page is at GET /status. It opens a WebSocket of the same server at the same path, subprotocol
 * "libws-status", which gets the figures of ws_stats_get and ws_server_stats_get once a second, by a topic. These
 * connections and messages are in the figures, too. Nothing is gathered while nobody looks.
 *
 * The page needs a max_buffered of 64 KiB, and a max_send_size of 4 KiB, 64 KiB for long names of topics, which they are
 * unless you made them smaller. ws_server_broadcast reaches the page as everybody; it takes no notice. With
 * ws_queue_poll all is the same, but that topics are not listed.
 */
#ifndef STATUS_PAGE_H
#define STATUS_PAGE_H

#include <libws/ws.h>

typedef struct status_page status_page;

/* Whether the client of a request or upgrade may see the page: 1 or 0. It runs inside the event, and looks at
 * header fields by ws_header_next (a cookie, Authorization) or at the address by ws_connection_info. */
typedef int (*status_page_check)(const ws_event *e, void *user_data);

typedef struct status_page_options {
    ws_handle server;        /* whose figures these are */
    ws_handle through;       /* the server that shows the page, which may be one of its own; 0: server */
    const char *path;        /* kept, not copied; NULL: "/status" */
    status_page_check check; /* NULL: status_page_from_this_machine */
    void *user_data;         /* of check */
    int interval_ms;         /* how often figures are sent: 100..60000; 0: 1000 */
    int round_trips;         /* the round trips of heartbeats are looked at while there are no more connections than
                                this: 0..10000. Their sends are a little slower from then on (ws_connection_stats_get) */
} status_page_options;

/* NULL when an option is out of its range, or memory, a queue or a thread cannot be had. Outside callbacks. */
status_page *status_page_create(const status_page_options *options);

/* Takes an event of the server: 1 when it was about the page, and is answered; else 0. Any thread. */
int status_page_event(status_page *page, const ws_event *e);

/* The check that is used without one: the client has an address of loopback, by which name it asks, too (no name that
 * leads here: DNS rebinding), and no proxy says that it asks for somebody else. A proxy of the same machine that adds no
 * Forwarded, X-Forwarded-For, X-Real-IP or Via, and asks by "localhost", looks like a client of this machine: have a
 * check of your own there. */
int status_page_from_this_machine(const ws_event *e, void *user_data);

/* Frees the page, outside callbacks, when both servers are stopped or destroyed, and before ws_shutdown_wait. */
void status_page_destroy(status_page *page);

#endif
