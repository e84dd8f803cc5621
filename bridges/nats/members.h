/* SPDX-License-Identifier: Apache-2.0 */
/*
 * members.h - who is in which topic, by which processes. Process 0 is this one. Who uses them has a lock for it.
 */
#ifndef WSN_MEMBERS_H
#define WSN_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WSN_MAX_PROCESSES = 256, WSN_MAX_MEMBERS = 1 << 16, WSN_MAX_MEMBER = 255 };

/* A member of a topic, as long as any process has it there, or its going is news. */
typedef struct wsn_member {
    struct wsn_member *next, *next_in_topic; /* of its bucket, by topic and member, and of that of its topic */
    struct wsn_member *next_news;
    bool told, is_news; /* the host was told that it is there; it is in the list of news */
    uint64_t hash, topic_hash;
    uint32_t own; /* how often it has entered here */
    uint64_t has[WSN_MAX_PROCESSES / 64], seen[WSN_MAX_PROCESSES / 64];
    uint8_t topic_size, size;
    unsigned char bytes[]; /* topic, then member */
} wsn_member;

typedef struct wsn_members {
    wsn_member **buckets, **topics; /* room each, a power of two */
    size_t room, count;
    bool keeps_news; /* set by who takes them */
    wsn_member *news, **last_news; /* what has changed since it was told; each member once */
} wsn_members;

/* A member enters by a process; false: no memory, or there are WSN_MAX_MEMBERS. */
bool wsn_member_enters(wsn_members *all, unsigned process, const void *topic, size_t topic_size, const void *member,
                       size_t size);

/* It leaves; false: it is not there. Of this process it leaves when it has left as often as it entered. */
bool wsn_member_leaves(wsn_members *all, unsigned process, const void *topic, size_t topic_size, const void *member,
                       size_t size);

/* Whether this process has it. */
bool wsn_member_here(const wsn_members *all, const void *topic, size_t topic_size, const void *member, size_t size);

/* All of a process are heard anew: begin, enter each, end; those that did not enter leave. */
void wsn_members_anew(wsn_members *all, unsigned process);
void wsn_members_anew_end(wsn_members *all, unsigned process);

/* How many are in a topic; writes them as ws_subscriptions does as far as there is room, and how many bytes that
   takes. */
size_t wsn_members_of(const wsn_members *all, const void *topic, size_t topic_size, unsigned char *buffer,
                      size_t capacity, size_t *size);

/* Who came or went next, of what was not told yet; who did both meanwhile is left out. False: nobody. topic and member
 * receive copies. */
typedef struct wsn_news {
    bool joined;
    size_t topic_size, size;
    unsigned char topic[256], member[256]; /* a NUL follows each */
} wsn_news;
bool wsn_members_take_news(wsn_members *all, wsn_news *news);

/* The next one of this process, in any order: 0 at first in *at; NULL: no other one. */
const wsn_member *wsn_members_own(const wsn_members *all, size_t *at, const wsn_member *last);

void wsn_members_free(wsn_members *all);

#endif
