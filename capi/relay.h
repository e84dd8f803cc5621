/* SPDX-License-Identifier: Apache-2.0 */
/* relay.h - the thread of a relay (relay.c), and what Go hands to it. */
#ifndef WSX_RELAY_H
#define WSX_RELAY_H

#include <libws/ws_types.h>

#include "hidden.h"

WSX_HIDDEN_BEGINS

/* What comes next for a relay, on the stack of its thread. */
typedef struct wsx_relay_item {
    enum { WSX_RELAY_OVER, WSX_RELAY_MESSAGE, WSX_RELAY_INTEREST } kind;
    ws_relay_message message;
    ws_relay_interest interest;
    char name[256]; /* of the interest */
} wsx_relay_item;

/* Starts the thread that calls the functions of a relay until nothing comes any more. core: what Go knows it
 * by. 0 or an errno; then nothing has begun. */
int wsx_relay_begin(ws_handle server, const ws_relay *relay, uintptr_t core);

WSX_HIDDEN_ENDS

#endif
