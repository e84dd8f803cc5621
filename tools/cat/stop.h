/* SPDX-License-Identifier: Apache-2.0 */
/* stop.h - Ctrl-C and SIGTERM: the first one asks for a polite end, the second one ends the program. */
#ifndef CAT_STOP_H
#define CAT_STOP_H

#include <libws/ws.h>

void stop_begin(void);             /* call it first: threads made later do not get the signals */
void stop_wakes(ws_handle queue);  /* its dispatcher returns when a stop is wanted */
int stop_wanted(void);

#endif
