/* SPDX-License-Identifier: Apache-2.0 */
/*
 * soak.h - traffic for as long as it takes, over a proxy that cuts, resets and delays.
 *
 *   main.c     time, a line per ten seconds, the verdict on what is left
 *   traffic.c  clients and servers; every message has a number and a checksum
 *   proxy.c    TCP relays that end some connections before their time
 */
#ifndef SOAK_H
#define SOAK_H

#include "figures.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef struct soak_counts {
    atomic_long messages, bytes, opens, clean, broken, refused, cuts, resets, delays;
} soak_counts;
extern soak_counts soak;

/* splitmix64 */
static inline uint64_t soak_random(_Atomic uint64_t *state)
{
    uint64_t z = atomic_fetch_add(state, 0x9e3779b97f4a7c15u) + 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A relay to the port. Returns the port to connect to. */
int proxy_start(uint64_t seed, int to);
void proxy_stop(void);
long proxy_relays(void); /* that are open */

void traffic_start(uint64_t seed);
int traffic_port(void);        /* of the server, without a proxy */
void traffic_run(int port);    /* clients connect there, until traffic_rest */
void traffic_watch(void);      /* fails when a connection does not go on */
void traffic_rest(void);       /* returns when no client is left */
void traffic_end(void);

#endif
