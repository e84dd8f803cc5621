/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_queue_poll hands out every event once, in batches, also those that nobody
 * listens to, and calls nobody; what it gave stays until the next call; an
 * accepted handle is good until the poll after its close.
 */
#include "t_queue.h"

enum { ROOM = 8, MESSAGES = 100 };

static ws_handle queue;
static ws_event got[ROOM];
static size_t have, at;

static void never(const ws_event *e, void *unused)
{
    (void)unused;
    FAIL("an event of type %d was told by a call", e->type);
}

/* The next event, whatever it is about. */
static const ws_event *next(void)
{
    if (at == have) {
        got[0].struct_size = sizeof(ws_event);
        OK(ws_queue_poll(queue, got, ROOM, T_DEADLINE_MS, &have));
        CHECK(have >= 1 && have <= ROOM);
        at = 0;
    }
    CHECK_EQ(got[at].struct_size, sizeof(ws_event));
    CHECK(got[at].text && got[at].reason && got[at].data);
    return &got[at++];
}

int main(void)
{
    static int of_client, of_connect, of_close;
    queue = t_queue_make(0, 0);
    ws_server_options so;
    WS_INIT_STRUCT(&so);
    so.queue = queue;
    ws_handle server = t_server(&so, NULL), client = t_queue_client(queue, NULL), accepted = 0;
    OK(ws_on(client, WS_EVENT_MESSAGE, never, NULL));
    OK(ws_set_user_data(client, &of_client));
    OK(ws_connect(client, t_url(server), NULL, WS_COMPLETION_POLL, &of_connect));
    int opened = 0, completed = 0, header = 0, informed = 0;
    while (!informed || !completed || !accepted) {
        const ws_event *e = next();
        if (e->type == WS_EVENT_OPEN) {
            CHECK_EQ(e->handle, client);
            CHECK(completed && header);
            CHECK(e->user_data == &of_client);
            CHECK_EQ(e->status, 101);
            opened = 1;
        } else if (e->type == WS_EVENT_HEADER_RECEIVE) {
            size_t place = 0;
            const char *name, *value;
            while (ws_header_next(e->data, e->size, &place, &name, &value))
                header += !strcmp(name, "Sec-WebSocket-Accept");
            CHECK_EQ(header, 1);
        } else if (e->type == WS_EVENT_OPEN_INFO) {
            CHECK(opened);
            CHECK_TEXT(e->protocol, "");
            informed = 1;
        } else if (e->type == WS_EVENT_CONNECT) {
            CHECK_EQ(e->server, server);
            accepted = e->handle;
        } else {
            CHECK_EQ(e->type, WS_EVENT_COMPLETION);
            CHECK_EQ(e->operation, WS_OP_CONNECT);
            CHECK_EQ(e->error, WS_OK);
            CHECK(e->user_data == &of_connect);
            completed = 1;
        }
    }

    /* Batches, each valid as a whole. */
    for (int i = 0; i < MESSAGES; i++) {
        char text[12];
        OK(ws_send(client, text, (size_t)snprintf(text, sizeof text, "%d", i), WS_TEXT, NULL, NULL));
        OK(ws_send(accepted, "", 0, WS_BINARY, NULL, NULL));
    }
    int received = 0, messages = 0;
    while (received < MESSAGES || messages < MESSAGES) {
        got[0].struct_size = sizeof(ws_event);
        OK(ws_queue_poll(queue, got, ROOM, T_DEADLINE_MS, &have));
        for (at = 0; at < have; at++) {
            const ws_event *e = &got[at];
            if (e->type == WS_EVENT_MESSAGE) {
                CHECK_EQ(e->handle, client);
                CHECK_EQ(e->size, 0);
                CHECK_EQ(e->message_type, WS_BINARY);
                messages++;
            } else {
                CHECK_EQ(e->type, WS_EVENT_MESSAGE_RECEIVE);
                CHECK_EQ(e->handle, accepted);
                CHECK_EQ(e->server, server);
                CHECK_EQ(e->message_type, WS_TEXT);
                CHECK_EQ(strlen(e->data), e->size);
                CHECK_EQ(atoi(e->data), received++);
            }
        }
    }

    /* The end of a connection. */
    int32_t state;
    OK(ws_close(client,
                &(ws_close_options){.struct_size = sizeof(ws_close_options), .code = 3001,
                                    .reason = "enough"}, WS_COMPLETION_POLL, &of_close));
    /* The accepted handle's last event comes behind its close, and before or after the client's. */
    int closes = 0, completions = 0, accepted_closed = 0, accepted_ended = 0;
    while (closes < 2 || !completions || !accepted_ended) {
        const ws_event *e = next();
        if (e->type == WS_EVENT_COMPLETION) {
            CHECK(e->user_data == &of_close);
            completions++;
            continue;
        }
        if (e->type == WS_EVENT_DESTROYED) {
            CHECK_EQ(e->handle, accepted);
            CHECK(accepted_closed);
            CHECK_EQ(ws_state(accepted, &state), WS_ERR_NO_CONNECTION);
            accepted_ended++;
            continue;
        }
        CHECK_EQ(e->type, WS_EVENT_CLOSE);
        CHECK_EQ(e->code, 3001);
        CHECK_TEXT(e->reason, "enough");
        CHECK_EQ(e->clean, 1);
        if (e->handle == accepted) {
            OK(ws_state(accepted, &state));
            accepted_closed = 1;
        }
        closes++;
    }
    CHECK_EQ(accepted_ended, 1);

    OK(ws_server_destroy(server));
    CHECK_EQ(next()->type, WS_EVENT_DESTROYED);
    OK(ws_destroy(client));
    const ws_event *e = next();
    CHECK_EQ(e->type, WS_EVENT_DESTROYED);
    CHECK_EQ(e->handle, client);
    OK(ws_queue_destroy(queue)); /* no further poll is needed */
    return t_done();
}
