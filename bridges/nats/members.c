/* SPDX-License-Identifier: Apache-2.0 */
#include "members.h"

#include <stdlib.h>
#include <string.h>

#include "tally.h"

static bool has(const wsn_member *m, unsigned process)
{
    return m->has[process / 64] >> process % 64 & 1;
}

/* Any process has it. */
static bool there(const wsn_member *m)
{
    for (size_t i = 0; i < WSN_MAX_PROCESSES / 64; i++)
        if (m->has[i]) return true;
    return false;
}

static void changed(wsn_members *all, wsn_member *m)
{
    if (!all->keeps_news || m->is_news) return;
    m->is_news = true;
    m->next_news = NULL;
    if (!all->news) all->last_news = &all->news;
    *all->last_news = m;
    all->last_news = &m->next_news;
}

static bool is(const wsn_member *m, uint64_t hash, const void *topic, size_t topic_size, const void *member,
               size_t size)
{
    return m->hash == hash && m->topic_size == topic_size && m->size == size && !memcmp(m->bytes, topic, topic_size) &&
           !memcmp(m->bytes + topic_size, member, size);
}

static uint64_t hash_of(uint64_t topic_hash, const void *member, size_t size)
{
    return topic_hash * 31 ^ wsn_hash(member, size);
}

static wsn_member **place(const wsn_members *all, uint64_t hash, const void *topic, size_t topic_size,
                          const void *member, size_t size)
{
    wsn_member **at = &all->buckets[hash & (all->room - 1)];
    while (*at && !is(*at, hash, topic, topic_size, member, size)) at = &(*at)->next;
    return at;
}

static void put(wsn_members *all, wsn_member *m)
{
    wsn_member **bucket = &all->buckets[m->hash & (all->room - 1)],
               **topic = &all->topics[m->topic_hash & (all->room - 1)];
    m->next = *bucket;
    *bucket = m;
    m->next_in_topic = *topic;
    *topic = m;
}

static bool grow(wsn_members *all)
{
    wsn_members more = {.room = all->room ? 2 * all->room : 64};
    more.buckets = calloc(more.room, sizeof *more.buckets);
    more.topics = calloc(more.room, sizeof *more.topics);
    if (!more.buckets || !more.topics) {
        free(more.buckets);
        free(more.topics);
        return false;
    }
    for (size_t i = 0; i < all->room; i++)
        for (wsn_member *m = all->buckets[i], *next; m; m = next) {
            next = m->next;
            put(&more, m);
        }
    free(all->buckets);
    free(all->topics);
    all->buckets = more.buckets;
    all->topics = more.topics;
    all->room = more.room;
    return true;
}

bool wsn_member_enters(wsn_members *all, unsigned process, const void *topic, size_t topic_size, const void *member,
                       size_t size)
{
    uint64_t topic_hash = wsn_hash(topic, topic_size), hash = hash_of(topic_hash, member, size);
    if (all->count >= all->room && !grow(all) && !all->room) return false;
    wsn_member *m = *place(all, hash, topic, topic_size, member, size);
    if (!m) {
        if (all->count >= WSN_MAX_MEMBERS || !(m = calloc(1, sizeof *m + topic_size + size))) return false;
        m->hash = hash;
        m->topic_hash = topic_hash;
        m->topic_size = (uint8_t)topic_size;
        m->size = (uint8_t)size;
        memcpy(m->bytes, topic, topic_size);
        memcpy(m->bytes + topic_size, member, size);
        put(all, m);
        all->count++;
    }
    if (!there(m)) changed(all, m);
    m->own += !process;
    m->has[process / 64] |= (uint64_t)1 << process % 64;
    m->seen[process / 64] |= (uint64_t)1 << process % 64;
    return true;
}

static void forget(wsn_members *all, wsn_member *m)
{
    wsn_member **at = &all->buckets[m->hash & (all->room - 1)];
    while (*at != m) at = &(*at)->next;
    *at = m->next;
    for (at = &all->topics[m->topic_hash & (all->room - 1)]; *at != m;) at = &(*at)->next_in_topic;
    *at = m->next_in_topic;
    free(m);
    all->count--;
}

/* Takes a process from a member, and the member away when it was the last. */
static void drop(wsn_members *all, wsn_member *m, unsigned process)
{
    m->has[process / 64] &= ~((uint64_t)1 << process % 64);
    if (there(m)) return;
    changed(all, m);
    if (!m->is_news) forget(all, m);
}

bool wsn_members_take_news(wsn_members *all, wsn_news *news)
{
    for (wsn_member *m; (m = all->news);) {
        all->news = m->next_news;
        m->is_news = false;
        bool is_there = there(m), differs = m->told != is_there;
        m->told = is_there;
        if (differs) {
            *news = (wsn_news){.joined = is_there, .topic_size = m->topic_size, .size = m->size};
            memcpy(news->topic, m->bytes, m->topic_size);
            memcpy(news->member, m->bytes + m->topic_size, m->size);
        }
        if (!is_there) forget(all, m);
        if (differs) return true;
    }
    return false;
}

bool wsn_member_leaves(wsn_members *all, unsigned process, const void *topic, size_t topic_size, const void *member,
                       size_t size)
{
    if (!all->room) return false;
    wsn_member *m = *place(all, hash_of(wsn_hash(topic, topic_size), member, size), topic, topic_size, member, size);
    if (!m || !has(m, process)) return false;
    if (process || !--m->own) drop(all, m, process);
    return true;
}

bool wsn_member_here(const wsn_members *all, const void *topic, size_t topic_size, const void *member, size_t size)
{
    if (!all->room) return false;
    const wsn_member *m =
        *place(all, hash_of(wsn_hash(topic, topic_size), member, size), topic, topic_size, member, size);
    return m && has(m, 0);
}

void wsn_members_anew(wsn_members *all, unsigned process)
{
    for (size_t i = 0; i < all->room; i++)
        for (wsn_member *m = all->buckets[i]; m; m = m->next) m->seen[process / 64] &= ~((uint64_t)1 << process % 64);
}

void wsn_members_anew_end(wsn_members *all, unsigned process)
{
    for (size_t i = 0; i < all->room; i++)
        for (wsn_member *m = all->buckets[i], *next; m; m = next) {
            next = m->next;
            if (has(m, process) && !(m->seen[process / 64] >> process % 64 & 1)) drop(all, m, process);
        }
}

size_t wsn_members_of(const wsn_members *all, const void *topic, size_t topic_size, unsigned char *buffer,
                      size_t capacity, size_t *size)
{
    size_t count = 0;
    uint64_t hash = wsn_hash(topic, topic_size);
    *size = 0;
    for (const wsn_member *m = all->room ? all->topics[hash & (all->room - 1)] : NULL; m; m = m->next_in_topic) {
        if (m->topic_hash != hash || m->topic_size != topic_size || memcmp(m->bytes, topic, topic_size) != 0 || !there(m))
            continue;
        count++;
        if (*size + 3 + m->size <= capacity) {
            unsigned char *at = buffer + *size;
            at[0] = 0;
            at[1] = m->size;
            memcpy(at + 2, m->bytes + topic_size, m->size);
            at[2 + m->size] = 0;
        }
        *size += 3u + m->size;
    }
    return count;
}

const wsn_member *wsn_members_own(const wsn_members *all, size_t *at, const wsn_member *last)
{
    const wsn_member *m = last ? last->next : NULL;
    for (;;) {
        for (; m; m = m->next)
            if (has(m, 0)) return m;
        if (*at == all->room) return NULL;
        m = all->buckets[(*at)++];
    }
}

void wsn_members_free(wsn_members *all)
{
    for (size_t i = 0; i < all->room; i++)
        for (wsn_member *m = all->buckets[i], *next; m; m = next) {
            next = m->next;
            free(m);
        }
    free(all->buckets);
    free(all->topics);
    *all = (wsn_members){0};
}
