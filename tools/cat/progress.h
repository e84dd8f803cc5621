/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h - a line on stderr for large transfers. */
#ifndef CAT_PROGRESS_H
#define CAT_PROGRESS_H

#include "session.h"

void progress_tick(session *run); /* draws it anew, if it is time and there is something to draw */
void progress_end(void);

#endif
