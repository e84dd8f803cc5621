/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server starts and stops again and again while peers come and go before their upgrade:
 * with nothing said, half a request, garbage, in peace or by a reset. Every stop is complete,
 * and no fault of the library was caught meanwhile (t_done).
 */
#include "t.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>

enum { PEERS = 3, ROUNDS = 150 };

static atomic_int port, over;

static void *come_and_go(void *number)
{
    static const char *const says[] = {"", "GET / HTTP/1.1\r\n", "GARBAGE\r\n\r\n", "\x16\x03\x01"};
    unsigned seed = (unsigned)(size_t)number;
    while (!over) {
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0) FAIL("socket");
        if (!connect(fd, (struct sockaddr *)&to, sizeof to)) {
            const char *text = says[rand_r(&seed) % 4];
            send(fd, text, strlen(text), MSG_NOSIGNAL);
            struct linger reset = {1, 0};
            if (rand_r(&seed) % 2) setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
            for (int k = rand_r(&seed) % 8; k > 0; k--) sched_yield();
        }
        close(fd);
    }
    return NULL;
}

int main(void)
{
    static t_log stopped = T_LOG;
    pthread_t peers[PEERS];
    ws_handle server = t_server(NULL, NULL);
    port = t_port(server);
    for (size_t i = 0; i < PEERS; i++) t_thread(&peers[i], come_and_go, (void *)(i + 1));
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    ws_close_options polite;
    WS_INIT_STRUCT(&polite);
    polite.timeout_ms = 200;
    for (int n = 1; n <= ROUNDS; n++) {
        ws_stats some;
        WS_INIT_STRUCT(&some);
        OK(ws_stats_get(&some));
        uint64_t before = some.accepted;
        T_UNTIL_SO(!ws_stats_get(&some) && some.accepted >= before + 3);
        OK(ws_server_stop(server, &polite, t_record, &stopped));
        CHECK_EQ(t_wait_event(&stopped, WS_EVENT_COMPLETION, n)->error, WS_OK);
        OK(ws_server_start(server, &config, NULL, NULL));
        port = t_port(server);
    }
    over = 1;
    for (int i = 0; i < PEERS; i++) t_join(peers[i]);
    return t_done();
}
