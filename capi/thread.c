/* SPDX-License-Identifier: Apache-2.0 */
/* thread.c - the state of a host thread: its error text and the dispatcher it runs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "front.h"

static void thread_ends(wsx_thread *t)
{
    if (t->ends) t->ends(t);
    wsx_guest_ends(&t->guest);
    free(t);
}

wsx_thread *wsx_make_self(void)
{
    wsx_reap();
    wsx_thread *t = calloc(1, sizeof *t);
    if (t && !wsx_own(t, thread_ends)) {
        free(t);
        t = NULL;
    }
    return t;
}

void wsx_count_owed(wsx_thread *self)
{
    atomic_fetch_add(&self->owed_to->out, self->owed);
    self->owed = 0;
}

/* Takes the beginning of a UTF-8 character off the end of a text that was cut. */
static void cut(char *text, size_t size)
{
    size_t start = size;
    while (start > 0 && size - start < 4 && ((unsigned char)text[start - 1] & 0xc0) == 0x80) start--;
    if (!start) return;
    unsigned char lead = (unsigned char)text[--start];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (size - start < want) text[start] = 0;
}

int32_t wsx_fail(int32_t status, const char *format, ...)
{
    wsx_thread *t = wsx_self();
    if (t) {
        va_list args;
        va_start(args, format);
        int size = vsnprintf(t->error.text, sizeof t->error.text, format, args);
        va_end(args);
        if (size >= (int)sizeof t->error.text) cut(t->error.text, sizeof t->error.text - 1);
    }
    return status;
}
