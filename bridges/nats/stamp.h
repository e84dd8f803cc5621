/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stamp.h - the header field "Ws" of a message in NATS: what the payload does not say.
 *
 *     Ws: 1 T alpha.k3x9q2ma 4711 12 1796041536838 0 0 1 1 5
 *
 * The version, "T" or "B" for text and binary, who has published it, the number of this message of NATS among all of
 * the publisher, the number of the message among those of the topic, the publisher's clock in milliseconds since 1970,
 * key and priority (ws_publish_with), which part of how many, and the size of the message in bytes.
 */
#ifndef WSN_STAMP_H
#define WSN_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#define WSN_STAMP_FIELD "Ws"

enum {
    WSN_MAX_NAME = 32, /* of a process */
    WSN_MAX_ID = WSN_MAX_NAME + 9,
    WSN_MAX_STAMP = 256,
};

typedef struct wsn_stamp {
    bool binary;
    char from[WSN_MAX_ID + 1];
    uint64_t number; /* from 1, one more for each message of NATS; never the same twice of one publisher */
    uint64_t turn;   /* from 1, one more for each message of the topic; 1 again when the publisher has forgotten */
    int64_t time_ms;
    uint64_t key;
    int32_t priority;
    uint32_t part, parts; /* 1..parts */
    uint64_t size;        /* of all parts */
} wsn_stamp;

void wsn_stamp_write(char text[WSN_MAX_STAMP], const wsn_stamp *stamp);

/* False for what wsn_stamp_write does not write. */
bool wsn_stamp_read(const char *text, wsn_stamp *stamp);

#endif
