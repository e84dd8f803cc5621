/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any number of listeners per event: called in the order of ws_on; the same pair
 * twice is called twice; ws_off removes what matches both callback and user data;
 * one added during an event hears the next one.
 */
#include "t.h"

static char order[200];
static t_log messages = T_LOG, markers = T_LOG;
static ws_handle client, marker;

/* user_data is a letter. */
static void note(const ws_event *e, void *letter)
{
    (void)e;
    order[strlen(order)] = (char)(intptr_t)letter;
}

static void shout(const ws_event *e, void *letter)
{
    note(e, (void *)((intptr_t)letter - 'a' + 'A'));
}

#define LETTER(c) ((void *)(intptr_t)(c))
static void on(ws_callback callback, int letter) { OK(ws_on(client, WS_EVENT_MESSAGE, callback, LETTER(letter))); }
static void off(ws_callback callback, int letter) { OK(ws_off(client, WS_EVENT_MESSAGE, callback, LETTER(letter))); }

/* Makes one message event and checks who was called. A round of another client
 * ends after it, because all callbacks run on one thread. */
static void heard(const char *wanted)
{
    static int round;
    memset(order, 0, sizeof order);
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    t_wait_event(&messages, WS_EVENT_MESSAGE, ++round);
    t_echo_round(marker, &markers, "y", 1, WS_TEXT, round);
    CHECK_TEXT(order, wanted);
}

static void adds_z(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, note, LETTER('z')));
}

static void replaces_itself(const ws_event *e, void *letter)
{
    note(e, letter);
    OK(ws_off(e->handle, WS_EVENT_MESSAGE, replaces_itself, letter));
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, replaces_itself, letter)); /* hears the next event, not this one again */
}

/* Listeners of a server and of its connection: the connection's are called first. */
static void server_after_connection(ws_handle server)
{
    static t_latch done = T_LATCH;
    ws_handle accepted;
    size_t count;
    OK(ws_destroy(marker));
    t_wait_event(&markers, WS_EVENT_DESTROYED, 1);
    do CHECK(ws_server_connections(server, NULL, 0, &count) == WS_ERR_BUFFER);
    while (count > 1); /* until the marker's connection is gone, too */
    OK(ws_server_connections(server, &accepted, 1, &count));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, note, LETTER('3')));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, note, LETTER('4')));
    OK(ws_on(accepted, WS_EVENT_MESSAGE, note, LETTER('1')));
    OK(ws_on(accepted, WS_EVENT_MESSAGE, note, LETTER('2')));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_tick, &done));
    memset(order, 0, sizeof order);
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    t_wait(&done, 1);
    CHECK_TEXT(order, "1234");
}

int main(void)
{
    ws_handle server = t_echo_server();
    client = t_open_client(server, &messages);
    marker = t_open_client(server, &markers);
    heard("");
    on(note, 'a'), on(note, 'b'), on(shout, 'a'), on(note, 'c');
    heard("abAc");
    off(note, 'b');
    heard("aAc");
    off(note, 'b'), off(shout, 'c'), off(note, 'x'); /* removing what is not there is no error */
    heard("aAc");
    on(note, 'b');
    heard("aAcb");
    on(note, 'a');
    heard("aAcba"); /* the same pair twice */
    off(note, 'a'); /* removes what matches: both */
    heard("Acb");
    on(adds_z, 0), on(note, 'y');
    heard("Acby");
    off(adds_z, 0);
    heard("Acbyz");
    OK(ws_off(client, WS_EVENT_MESSAGE, NULL, NULL)); /* all, the recorder too */
    OK(ws_on(client, WS_EVENT_MESSAGE, t_record, &messages));
    heard("");
    on(replaces_itself, 'a'), on(note, 'b');
    heard("ab");
    heard("ba");
    off(replaces_itself, 'a'), off(note, 'b');
    for (int i = 0; i < 100; i++) on(note, 'a' + i % 26);
    heard("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv");
    OK(ws_off(client, WS_EVENT_MESSAGE, NULL, NULL));
    server_after_connection(server);
    return t_done();
}
