/* SPDX-License-Identifier: Apache-2.0 */
/* message.c - the frames that are sent (RFC 6455 5.2), and the heads of those that come back. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The messages of a file, each behind its size in four bytes, little-endian. */
static struct { unsigned char *data; size_t size; } packed[VARIANTS];
static int variants;

static void read_packed(void)
{
    char path[4096];
    snprintf(path, sizeof path, "%s-%d", options.deflated, options.size);
    FILE *file = fopen(path, "rb");
    if (!file) fail("cannot open %s", path);
    unsigned char head[4];
    variants = 0;
    for (; variants < VARIANTS && fread(head, 1, 4, file) == 4; variants++) {
        int i = variants;
        packed[i].size = (size_t)head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
        packed[i].data = realloc(packed[i].data, packed[i].size + 1);
        if (fread(packed[i].data, 1, packed[i].size, file) != packed[i].size) fail("%s is cut off", path);
    }
    if (!variants) fail("%s is empty", path);
    fclose(file);
}

static unsigned char *plain(size_t size)
{
    unsigned char *data = malloc(size + 1);
    for (size_t i = 0; i < size; i++) data[i] = (unsigned char)('a' + i % 26);
    return data;
}

static size_t put_head(unsigned char *p, size_t size)
{
    *p = options.deflated ? 0xc2 : 0x82; /* binary, whole; RSV1 says compressed */
    if (size < 126) {
        p[1] = (unsigned char)(0x80 | size);
        return 2;
    }
    int bytes = size < 65536 ? 2 : 8;
    p[1] = bytes == 2 ? 0x80 | 126 : 0x80 | 127;
    for (int i = 0; i < bytes; i++) p[2 + i] = (unsigned char)((uint64_t)size >> (8 * (bytes - 1 - i)));
    return 2 + (size_t)bytes;
}

static void put_message(struct outgoing *o, const unsigned char *payload, size_t size)
{
    static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
    o->data = realloc(o->data, o->size + size + 14);
    o->size += put_head(o->data + o->size, size);
    memcpy(o->data + o->size, mask, 4);
    o->size += 4;
    for (size_t i = 0; i < size; i++) o->data[o->size++] = payload[i] ^ mask[i & 3];
}

struct outgoing messages(int count, int first)
{
    struct outgoing o = {NULL, 0};
    unsigned char *text = options.deflated ? NULL : plain((size_t)options.size);
    if (options.deflated) read_packed();
    for (int n = first; n < first + count; n++)
        put_message(&o, text ? text : packed[n % variants].data, text ? (size_t)options.size : packed[n % variants].size);
    free(text);
    return o;
}

/* The bytes of a head whose first two are here, without its mask. */
static unsigned head_length(const struct replies *r)
{
    unsigned length = r->head[1] & 127;
    return length < 126 ? 2 : length == 126 ? 4 : 10;
}

/* Replies of a TCP echo are masked. */
static bool head_is_whole(const struct replies *r)
{
    return r->head_size >= 2 && r->head_size == head_length(r) + (r->head[1] & 128 ? 4 : 0);
}

static void begin_frame(struct replies *r)
{
    int opcode = r->head[0] & 15;
    r->left = r->head[1] & 127;
    if (r->left > 125) {
        r->left = 0;
        for (unsigned i = 2; i < head_length(r); i++) r->left = r->left << 8 | r->head[i];
    }
    if (opcode == 8) fail("the server closed a connection");
    r->control = opcode > 8;
    r->last = r->head[0] & 0x80;
    if (!r->control) r->length += r->left;
}

static int end_frame(struct replies *r)
{
    r->head_size = 0;
    if (r->control || !r->last) return 0;
    if (!options.deflated && r->length != (uint64_t)options.size)
        fail("a reply has %llu bytes, not %d", (unsigned long long)r->length, options.size);
    r->length = 0;
    return 1;
}

int replies_in(struct replies *r, const unsigned char *data, size_t size)
{
    int count = 0;
    const unsigned char *end = data + size;
    while (data < end) {
        if (!r->left) { /* in a head: a frame with a payload has bytes left behind it */
            r->head[r->head_size++] = *data++;
            if (!head_is_whole(r)) continue;
            begin_frame(r);
        } else {
            size_t n = r->left < (uint64_t)(end - data) ? (size_t)r->left : (size_t)(end - data);
            data += n;
            r->left -= n;
        }
        if (!r->left) count += end_frame(r);
    }
    return count;
}
