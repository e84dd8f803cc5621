/* SPDX-License-Identifier: Apache-2.0 */
/* t_violations.h - what a peer may not send, and the close code it gets for it. */
#ifndef T_VIOLATIONS_H
#define T_VIOLATIONS_H

#include "t.h"

/* One or two frames in a row; size 0 of the second: only one. */
typedef struct violation {
    const char *name;
    int code;
    struct {
        int first;
        const char *data;
        size_t size;
    } frames[2];
} violation;

static const violation violations[] = {
    {"RSV1 without an extension", 1002, {{0xc1, "x", 1}}},
    {"RSV2", 1002, {{0xa1, "x", 1}}},
    {"RSV3", 1002, {{0x91, "x", 1}}},
    {"RSV1 on a ping", 1002, {{0xc9, "", 0}}},
    {"opcode 3", 1002, {{0x83, "x", 1}}},
    {"opcode 7", 1002, {{0x87, "x", 1}}},
    {"opcode 11", 1002, {{0x8b, "", 0}}},
    {"opcode 15", 1002, {{0x8f, "", 0}}},
    {"a fragmented ping", 1002, {{0x09, "x", 1}}},
    {"a fragmented Close", 1002, {{0x08, "", 0}}},
    {"a continuation of nothing", 1002, {{0x80, "x", 1}}},
    {"a message inside a fragmented one", 1002, {{0x01, "x", 1}, {0x81, "y", 1}}},
    {"text that is not UTF-8", 1007, {{0x81, "ab\xff", 3}}},
    {"text with a surrogate", 1007, {{0x81, "\xed\xa0\x80", 3}}},
    {"text that ends inside a character", 1007, {{0x81, "ab\xc3", 3}}},
    {"text whose fragments are not UTF-8 together", 1007, {{0x01, "\xe2\x82", 2}, {0x80, "z", 1}}},
    {"a fragment that can never become UTF-8", 1007, {{0x01, "\xf8", 1}}},
    {"a Close frame with half a code", 1002, {{0x88, "\x03", 1}}},
    {"close code 0", 1002, {{0x88, "\x00\x00", 2}}},
    {"close code 999", 1002, {{0x88, "\x03\xe7", 2}}},
    {"close code 1004", 1002, {{0x88, "\x03\xec", 2}}},
    {"close code 1005", 1002, {{0x88, "\x03\xed", 2}}},
    {"close code 1006", 1002, {{0x88, "\x03\xee", 2}}},
    {"close code 1015", 1002, {{0x88, "\x03\xf7", 2}}},
    {"close code 2999", 1002, {{0x88, "\x0b\xb7", 2}}},
    {"close code 5000", 1002, {{0x88, "\x13\x88", 2}}},
    {"a close reason that is not UTF-8", 1007, {{0x88, "\x03\xe8\xff", 3}}},
};
enum { VIOLATIONS = sizeof violations / sizeof *violations };

/* Headers that are wrong by themselves: mask bit m of the peer's role comes in. */
static inline size_t broken_header(unsigned char *out, int i, int m)
{
    unsigned char mask = m ? 0x80 : 0;
    static const unsigned char ping[] = {0x89, 126, 0, 126}, longer[] = {0x82, 126, 0, 125},
                               longest[] = {0x82, 127, 0, 0, 0, 0, 0, 0, 255, 255},
                               negative[] = {0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0};
    static const struct {
        const unsigned char *bytes;
        size_t size;
    } headers[] = {{ping, 4}, {longer, 4}, {longest, 10}, {negative, 10}};
    if (i == 4) { /* the mask bit is the other role's */
        out[0] = T_TEXT, out[1] = mask ^ 0x80;
        return 2;
    }
    memcpy(out, headers[i].bytes, headers[i].size);
    out[1] |= mask;
    return headers[i].size;
}
enum { HEADERS = 5 };

/* Sends a good message and, in the same segment, violation i; the headers come last. Returns the code to expect. */
static inline int violate(t_raw *peer, int i)
{
    unsigned char all[100];
    size_t size = t_frame_build(all, T_TEXT, peer->masks, "good", 4);
    if (i >= VIOLATIONS) {
        size += broken_header(all + size, i - VIOLATIONS, peer->masks);
        memset(all + size, 0, 20);
        t_raw_write(peer, all, size + 20);
        return 1002;
    }
    const violation *v = &violations[i];
    for (int f = 0; f < 2 && v->frames[f].data; f++)
        size += t_frame_build(all + size, v->frames[f].first, peer->masks, v->frames[f].data, v->frames[f].size);
    t_raw_write(peer, all, size);
    return v->code;
}

/* What the host hears: the good message, error, close. prefix: what came first. */
static inline void check_violation(t_log *log, const char *story, int i, int code)
{
    const t_event *closed = t_wait_event(log, WS_EVENT_CLOSE, 1), *error = t_wait_event(log, WS_EVENT_ERROR, 1);
    const char *name = i < VIOLATIONS ? violations[i].name : "a broken header";
    if (strcmp(t_story(log), story)) FAIL("%s: %s", name, t_story(log));
    if (error->error != WS_ERR_PROTOCOL || error->stage != WS_STAGE_PROTOCOL || error->code != code || !error->text[0])
        FAIL("%s: error %d, stage %d, code %d: %s", name, error->error, error->stage, error->code, error->text);
    CHECK_EQ(closed->code, 1006); /* the peer sent no sound Close frame */
    CHECK_EQ(closed->clean, 0);
    t_forget(log);
}

#endif
