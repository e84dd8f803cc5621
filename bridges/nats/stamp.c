/* SPDX-License-Identifier: Apache-2.0 */
#include "stamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void wsn_stamp_write(char text[WSN_MAX_STAMP], const wsn_stamp *s)
{
    snprintf(text, WSN_MAX_STAMP,
             "1 %c %s %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRIu64 " %" PRId32 " %" PRIu32 " %" PRIu32 " %" PRIu64,
             s->binary ? 'B' : 'T', s->from, s->number, s->turn, s->time_ms, s->key, s->priority, s->part, s->parts,
             s->size);
}

/* The number at *text, up to most, and the blank or NUL behind it. */
static bool number(const char **text, uint64_t most, uint64_t *value)
{
    const char *at = *text;
    uint64_t n = 0;
    if (*at < '0' || *at > '9') return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t one = (uint64_t)(*at - '0');
        if (n > (most - one) / 10) return false;
        n = n * 10 + one;
    }
    if (*at && *at != ' ') return false;
    *value = n;
    *text = *at ? at + 1 : at;
    return true;
}

bool wsn_stamp_read(const char *text, wsn_stamp *s)
{
    if (strncmp(text, "1 T ", 4) != 0 && strncmp(text, "1 B ", 4) != 0) return false;
    memset(s, 0, sizeof *s);
    s->binary = text[2] == 'B';
    text += 4;
    size_t size = strcspn(text, " ");
    if (!size || size > WSN_MAX_ID || text[size] != ' ') return false;
    memcpy(s->from, text, size);
    text += size + 1;
    uint64_t time_ms, priority, part, parts;
    bool negative;
    if (!number(&text, UINT64_MAX, &s->number) || !number(&text, UINT64_MAX, &s->turn)) return false;
    if (!number(&text, INT64_MAX, &time_ms) || !number(&text, UINT64_MAX, &s->key)) return false;
    if ((negative = *text == '-')) text++;
    if (!number(&text, INT32_MAX, &priority) || !number(&text, UINT32_MAX, &part) || !number(&text, UINT32_MAX, &parts))
        return false;
    if (!number(&text, INT64_MAX, &s->size) || *text) return false;
    s->time_ms = (int64_t)time_ms;
    s->priority = negative ? -(int32_t)priority : (int32_t)priority;
    s->part = (uint32_t)part;
    s->parts = (uint32_t)parts;
    return s->number && s->turn && part >= 1 && part <= parts;
}
