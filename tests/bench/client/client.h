/* SPDX-License-Identifier: Apache-2.0 */
/* client.h - a client of the library, or a bare socket, to a raw_peer. */
#ifndef CLIENT_H
#define CLIENT_H

#include "../load/load.h"
#include <libws/ws.h>

/* Opens a client whose messages go to on_message; queue is 0 or where it receives. Ends
 * the program when it cannot. */
ws_handle client_open(int port, ws_handle queue, ws_callback on_message);

/* Ends the program unless the status is WS_OK. */
void must(const char *what, int32_t status);

/* Ends the program when there is none. */
void start_thread(void *(*body)(void *), void *argument);
void wait_for(double seconds);
double process_cpu(void); /* seconds */

/* One mode of main.c each. The port is options.port, a message has options.size bytes. */
void run_receive(const char *way);
void run_flood(const char *way);
void run_call(const char *role, bool busy);
void run_drain(const char *way);
void run_wake(const char *way);

#endif
