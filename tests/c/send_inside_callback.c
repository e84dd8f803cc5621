/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends inside a callback arrive whole and in order: on the connection itself,
 * more than any outbox holds, and on all other connections of the server.
 */
#include "t.h"

enum { MANY = 10000, CLIENTS = 8, EACH = T_TIMES(300), LARGE = 100000 };

static unsigned sizes(int i)
{
    return i % 500 == 499 ? LARGE : 8 + (unsigned)i * 7 % 300;
}

/* Answers "many" with MANY messages of different sizes. */
static void answer_many(const ws_event *e, void *unused)
{
    static unsigned char data[LARGE];
    (void)unused;
    for (int i = 0; i < MANY; i++) {
        memset(data, i & 0xff, sizes(i));
        memcpy(data, &i, sizeof i);
        OK(ws_send(e->handle, data, sizes(i), WS_BINARY, NULL, NULL));
    }
}

static void check_many(t_log *log, int first)
{
    for (int i = 0; i < MANY; i++) {
        const t_event *e = t_wait_event(log, WS_EVENT_MESSAGE, first + i);
        CHECK_EQ(e->size, sizes(i));
        CHECK(!memcmp(e->data, &i, sizeof i));
        for (size_t j = sizeof i; j < e->size; j++) CHECK(e->data[j] == (i & 0xff));
    }
}

static void own_connection(void)
{
    static t_log log = T_LOG, at_server = T_LOG;
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.max_buffered = 64 << 20;
    ws_handle server = t_server(&options, &at_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, answer_many, NULL));
    ws_handle client = t_open_client(server, &log);
    OK(ws_send(client, "many", 4, WS_TEXT, NULL, NULL));
    for (int i = 1; i <= MANY; i++) t_wait_event(&log, WS_EVENT_MESSAGE, i);
    check_many(&log, 1);
    t_forget(&log);

    /* The same in the callback of a client. */
    t_forget(&at_server);
    OK(ws_server_off(server, WS_EVENT_MESSAGE_RECEIVE, answer_many, NULL));
    OK(ws_on(client, WS_EVENT_MESSAGE, answer_many, NULL));
    ws_handle accepted;
    size_t count;
    OK(ws_server_connections(server, &accepted, 1, &count));
    OK(ws_send(accepted, "many", 4, WS_TEXT, NULL, NULL));
    for (int i = 1; i <= MANY; i++) t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, i);
    OK(ws_off(client, WS_EVENT_MESSAGE, answer_many, NULL));
    for (int i = 0; i < MANY; i++) {
        const t_event *e = t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, i + 1);
        CHECK_EQ(e->size, sizes(i));
        CHECK(!memcmp(e->data, &i, sizeof i));
    }
}

/* Whatever any client says goes to all, by one callback. */
static void pass_on(const ws_event *e, void *unused)
{
    (void)unused;
    ws_handle all[CLIENTS];
    size_t count;
    OK(ws_server_connections(e->server, all, CLIENTS, &count));
    CHECK_EQ(count, CLIENTS);
    for (size_t i = 0; i < count; i++) OK(ws_send(all[i], e->data, e->size, e->message_type, NULL, NULL));
}

static void other_connections(void)
{
    static t_log logs[CLIENTS];
    ws_handle clients[CLIENTS], server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, pass_on, NULL));
    for (int i = 0; i < CLIENTS; i++) {
        logs[i] = (t_log)T_LOG;
        clients[i] = t_open_client(server, &logs[i]);
    }
    for (int n = 0; n < EACH; n++)
        for (int i = 0; i < CLIENTS; i++) {
            int message[2] = {i, n};
            OK(ws_send(clients[i], message, sizeof message, WS_BINARY, NULL, NULL));
        }
    for (int i = 0; i < CLIENTS; i++) {
        int next[CLIENTS] = {0};
        for (int k = 0; k < CLIENTS * EACH; k++) {
            int message[2];
            const t_event *e = t_wait_event(&logs[i], WS_EVENT_MESSAGE, k + 1);
            CHECK_EQ(e->size, sizeof message);
            memcpy(message, e->data, sizeof message);
            CHECK_EQ(message[1], next[message[0]]); /* each sender's order is kept */
            next[message[0]]++;
        }
        /* All receivers see one order, because one thread sent it. */
        for (int k = 0; k < CLIENTS * EACH; k += 97)
            CHECK(!memcmp(t_wait_event(&logs[i], WS_EVENT_MESSAGE, k + 1)->data,
                          t_wait_event(&logs[0], WS_EVENT_MESSAGE, k + 1)->data, 2 * sizeof(int)));
    }
}

/* What a callback sends of its event's data may go out from where it lies. Each answer is
 * whole although the same bytes are sent more than once, and in part. */
enum { LARGE_ONES = 60 };
static const struct {
    size_t skip, less;
    int32_t type;
} parts[] = {{0, 0, WS_BINARY}, {0, 0, WS_TEXT},      {0, 1, WS_BINARY},
             {1, 1, WS_TEXT},   {1, 3000, WS_BINARY}, {0, 0, WS_BINARY}};
enum { PARTS = sizeof parts / sizeof parts[0] };

static size_t large(int i)
{
    return 4000 + (size_t)i * 9973 % 60000;
}

static void repeat(const ws_event *e, void *unused)
{
    (void)unused;
    for (int k = 0; k < PARTS; k++)
        OK(ws_send(e->handle, (const char *)e->data + parts[k].skip, e->size - parts[k].less, parts[k].type, NULL,
                   NULL));
}

static void data_of_the_event(void)
{
    static t_log log = T_LOG;
    static unsigned char data[64000];
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.max_buffered = 64 << 20;
    ws_handle server = t_server(&options, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, repeat, NULL));
    ws_handle client = t_open_client(server, &log);
    for (int i = 0; i < LARGE_ONES; i++) {
        for (size_t j = 0; j < large(i); j++) data[j] = (j * 7 + (size_t)i) & 127;
        OK(ws_send(client, data, large(i), WS_BINARY, NULL, NULL));
    }
    for (int i = 0; i < LARGE_ONES; i++)
        for (int k = 0; k < PARTS; k++) {
            const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE, i * PARTS + k + 1);
            CHECK_EQ(e->size, large(i) - parts[k].less);
            CHECK_EQ(e->message_type, parts[k].type);
            for (size_t j = 0; j < e->size; j++) CHECK(e->data[j] == (((j + parts[k].skip) * 7 + (size_t)i) & 127));
        }
}

/* Short messages of a callback lie one behind the other until something else comes between: a message to somebody
 * else, one that is sent from where it lies, a call that is refused, more than may wait. Each connection gets its
 * own in the order of the calls. */
enum { SHORTS = 3, LIMIT = 20000 };
static ws_handle neighbour;
static t_latch neighbour_known = T_LATCH;
static int before_full;

static void shorts(ws_handle handle, char name)
{
    for (int i = 0; i < SHORTS; i++) OK(ws_send(handle, (char[]){name, (char)('0' + i)}, 2, WS_TEXT, NULL, NULL));
}

static void interrupted(const ws_event *e, void *unused)
{
    (void)unused;
    if (e->size < 4) {
        neighbour = e->handle;
        t_add(&neighbour_known, 1);
        return;
    }
    shorts(e->handle, 'a');
    shorts(neighbour, 'n');
    shorts(e->handle, 'b');
    OK(ws_send(e->handle, e->data, e->size, WS_BINARY, NULL, NULL));
    shorts(e->handle, 'c');
    CHECK_EQ(ws_send(0, "", 0, WS_TEXT, NULL, NULL), WS_ERR_HANDLE);
    CHECK_EQ(ws_send(e->handle, "\xff", 1, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER);
    shorts(e->handle, 'd');
    shorts(neighbour, 'm');
    if (t_by_queue() || t_tls()) return; /* there some of it may have left */
    int32_t status;
    while (!(status = ws_send(e->handle, e->data, 100, WS_BINARY, NULL, NULL))) before_full++;
    CHECK_EQ(status, WS_ERR_FULL);
    CHECK_EQ(before_full, (LIMIT - 6004 - 4 * SHORTS * 4) / 102);
}

static void expect_shorts(t_log *log, int *at, char name)
{
    for (int i = 0; i < SHORTS; i++) {
        const t_event *e = t_wait_event(log, WS_EVENT_MESSAGE, ++*at);
        CHECK_EQ(e->size, 2);
        CHECK(e->data[0] == name && e->data[1] == '0' + i);
    }
}

static void runs_that_are_interrupted(void)
{
    static t_log log = T_LOG, other = T_LOG;
    static unsigned char data[6000];
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.max_buffered = LIMIT;
    ws_handle server = t_server(&options, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, interrupted, NULL));
    ws_handle beside = t_open_client(server, &other), client = t_open_client(server, &log);
    OK(ws_send(beside, "me", 2, WS_TEXT, NULL, NULL));
    t_wait(&neighbour_known, 1);
    OK(ws_send(client, data, sizeof data, WS_BINARY, NULL, NULL));
    int at = 0, at_other = 0;
    expect_shorts(&log, &at, 'a');
    expect_shorts(&log, &at, 'b');
    CHECK_EQ(t_wait_event(&log, WS_EVENT_MESSAGE, ++at)->size, sizeof data);
    expect_shorts(&log, &at, 'c');
    expect_shorts(&log, &at, 'd');
    expect_shorts(&other, &at_other, 'n');
    expect_shorts(&other, &at_other, 'm');
    for (int i = 0; i < before_full; i++)
        CHECK_EQ(t_wait_event(&log, WS_EVENT_MESSAGE, ++at)->size, 100);
}

int main(void)
{
    own_connection();
    runs_that_are_interrupted();
    data_of_the_event();
    other_connections();
    return t_done();
}
