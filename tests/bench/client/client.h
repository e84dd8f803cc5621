/* SPDX-License-Identifier: Apache-2.0 */
/* client.h - a client of the library, or a bare socket, to a raw_peer. */
#ifndef CLIENT_H
#define CLIENT_H

#include "../load/load.h"
#include "ws.h"

/* Opens a client whose messages go to on_message; queue is 0 or where it receives. Ends
 * the program when it cannot. */
ws_handle client_open(int port, ws_handle queue, ws_callback on_message);

/* Ends the program unless the status is WS_OK. */
void must(const char *what, int32_t status);

void run_receive(const char *way, int port, double seconds);
void run_send(const char *way, int port, double seconds, size_t size);

#endif
