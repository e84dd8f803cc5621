/* SPDX-License-Identifier: Apache-2.0 */
/* A thread of the host that has a queue. */
#include <poll.h>
#include <stdio.h>
#include <libws/ws.h>

void serve(ws_handle queue, int running);

void serve(ws_handle queue, int running)
{
FRAGMENT
}
