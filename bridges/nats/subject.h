/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subject.h - topics and patterns of libws as subjects of NATS, and back.
 *
 * A topic is bytes, a subject is tokens between ".". So "/" becomes ".", and each level one token: letters,
 * digits and -_~!$&'()+,;=:@# stay as they are, every other byte becomes %XX with capital digits, and a level
 * without bytes becomes a single "%". "room/7/grüße" is "room.7.gr%C3%BC%C3%9Fe". Each topic has one subject, and no
 * two have the same. Of a pattern "+" becomes "*", and "#" both ".>" and the subject of the level before it,
 * because ">" wants one token at least.
 */
#ifndef WSN_SUBJECT_H
#define WSN_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    WSN_MAX_TOPIC = 255,
    WSN_MAX_PREFIX = 64,
    /* A byte is three at the most, and one that is "/" leaves up to two levels without bytes: less. */
    WSN_MAX_SUBJECT = WSN_MAX_PREFIX + 4 + 3 * WSN_MAX_TOPIC + 4,
};

/* Writes prefix, "." and the topic's tokens, with a NUL. size is 1..WSN_MAX_TOPIC. Returns the length. */
size_t wsn_topic_subject(char subject[WSN_MAX_SUBJECT], const char *prefix, const void *topic, size_t size);

/* The same for a pattern. above: of one that ends with "/#" the subject of the level before, instead of the
 * levels that follow. */
size_t wsn_pattern_subject(char subject[WSN_MAX_SUBJECT], const char *prefix, const void *pattern, size_t size,
                           bool above);

/* Whether a topic fits a pattern, MQTT 5.0, 4.7, as in libws. */
bool wsn_pattern_fits(const char *pattern, size_t pattern_size, const void *topic, size_t size);

/* Whether a pattern ends with "/#", and has a level above, therefore. */
bool wsn_pattern_has_above(const void *pattern, size_t size);

/* The topic of tokens behind a prefix and its "."; false when no topic has this subject. A NUL follows the topic. */
bool wsn_subject_topic(const char *tokens, unsigned char topic[WSN_MAX_TOPIC + 1], size_t *size);

/* What is wrong with a prefix; NULL: nothing. It is tokens of letters, digits, "-" and "_", between ".". */
const char *wsn_prefix_fault(const char *prefix);

#endif
