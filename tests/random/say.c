/* SPDX-License-Identifier: Apache-2.0 */
/* say.c - what peers say: requests and frames, right and wrong ones. */
#include "random.h"

void r_say(r_speech *s, const void *data, size_t size)
{
    if (s->size + size > R_SPEECH) return;
    memcpy(s->bytes + s->size, data, size);
    s->size += size;
}

void r_say_random(r_speech *s, r_rng *rng, size_t size)
{
    for (; size; size--) {
        unsigned char c = (unsigned char)r_below(rng, 256);
        r_say(s, &c, 1);
    }
}

static void say_frame(r_speech *s, int first, const void *data, size_t size)
{
    unsigned char *frame = malloc(size + 14);
    CHECK(frame);
    r_say(s, frame, t_frame_build(frame, first, s->masks, data, size));
    free(frame);
}

void r_say_right_frames(r_speech *s, r_rng *rng)
{
    char text[3000];
    for (unsigned n = r_below(rng, 12); n; n--) {
        size_t size = r_one_in(rng, 4) ? r_below(rng, sizeof text) : r_below(rng, 100);
        r_content_make(rng, text, size);
        switch (r_below(rng, 6)) {
        case 0: say_frame(s, T_PING, text, size % 126); break;
        case 1: say_frame(s, T_PONG, text, size % 126); break;
        case 2: /* RFC 6455 5.4: a ping between two fragments */
            say_frame(s, 0x01, text, size / 2);
            say_frame(s, T_PING, "", 0);
            say_frame(s, T_CONT, text + size / 2, size - size / 2);
            break;
        default: say_frame(s, r_one_in(rng, 2) ? T_TEXT : T_BINARY, text, size);
        }
    }
    if (r_one_in(rng, 4)) say_frame(s, T_CLOSE, "\x03\xe8" "bye", 5);
}

void r_say_wrong_frames(r_speech *s, r_rng *rng)
{
    switch (r_below(rng, 8)) {
    case 0: say_frame(s, 0xc1, "rsv", 3); break;
    case 1: say_frame(s, 0x83, "reserved opcode", 15); break;
    case 2: say_frame(s, T_CONT, "nothing to continue", 19); break;
    case 3: say_frame(s, T_TEXT, "\xff\xfe", 2); break;
    case 4: say_frame(s, 0x09, "a ping in fragments", 19); break;
    case 5: say_frame(s, T_CLOSE, "\x03\xed", 2); break; /* 1005 */
    case 6: r_say(s, "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10); break; /* an endless frame */
    default: r_say_random(s, rng, 1 + r_below(rng, 300));
    }
}

void r_say_request(r_speech *s, r_rng *rng)
{
    static const char *const requests[] = {
        T_REQUEST,
        T_REQUEST,
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST ",
        "GET / HTTP/1.1\r\nHost:",
        "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody",
        "POST /form HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nSec-WebSocket-Protocol: a, b\r\n\r\n",
    };
    const char *request = requests[r_below(rng, sizeof requests / sizeof *requests)];
    r_say(s, request, strlen(request));
}
