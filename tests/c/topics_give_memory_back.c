/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics_give_memory_back: what many topics have taken goes back to the system when nobody
 * has subscribed to them any more, whether their connections have gone or not.
 */
#include "t.h"

enum { CLIENTS = 4, TOPICS = 60000, MB = 1 << 20 };

static t_log accepted = T_LOG;

static long resident(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    long size, pages;
    CHECK(f);
    CHECK_EQ(fscanf(f, "%ld %ld", &size, &pages), 2);
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

static int topic(char text[64], int client, int i) { return snprintf(text, 64, "room/%d/%d", client, i); }

int main(void)
{
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.max_subscriptions = -1;
    ws_handle server = t_server(&options, &accepted), clients[CLIENTS], connections[CLIENTS];
    t_log logs[CLIENTS] = {T_LOG, T_LOG, T_LOG, T_LOG};
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = t_open_client(server, &logs[i]);
        connections[i] = t_wait_event(&accepted, WS_EVENT_CONNECT, i + 1)->handle;
    }
    long before = resident();
    char text[64];
    for (int round = 0; round < 2; round++) {
        for (int c = 0; c < CLIENTS; c++)
            for (int i = 0; i < TOPICS; i++) OK(ws_subscribe(connections[c], text, (size_t)topic(text, c, i)));
        CHECK(resident() > before + 40 * MB);
        if (round == 0) {
            for (int c = 0; c < CLIENTS; c++)
                for (int i = 0; i < TOPICS; i++) OK(ws_unsubscribe(connections[c], text, (size_t)topic(text, c, i)));
        } else {
            for (int c = 0; c < CLIENTS; c++) t_destroy(clients[c], &logs[c]);
        }
        T_UNTIL_SO(resident() < before + 20 * MB);
    }
    size_t n;
    OK(ws_publish(server, text, (size_t)topic(text, 0, 0), "x", 1, WS_TEXT, 0, &n));
    CHECK_EQ(n, 0);
    for (int c = 0; c < CLIENTS; c++) t_forget(&logs[c]);
    t_forget(&accepted);
    return t_done();
}
