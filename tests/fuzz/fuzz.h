/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h - a grammar of calls: bytes are the choices of tests/random, and of peers that do
 * what the script says.
 *
 *   script.c   runs one script, and checks that nothing is left of it
 *   peer.c     the peers
 *   target.c   for libFuzzer, which looks for new scripts
 *   replay.c   plays scripts that are kept
 *
 * A script is a byte that chooses how to receive, then up to F_LANES lanes with F_NEXT between
 * them. The first one runs alone, then the others do, each on a thread of its own. Of a lane
 * each byte is a choice; what a callback does depends on a seed that its handle got from the
 * lane that made it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "../random/random.h"

enum { F_LANES = 4, F_LONGEST = 4096 };
#define F_NEXT "\xf5\xf6" /* nothing else means these two */

/* Runs a script. ends: by ws_shutdown_wait while the threads go on, the last script of the process. */
void f_run(const uint8_t *data, size_t size, bool ends);

/* The peers of a lane do something; all of them end. */
void f_peer_act(r_rng *rng, unsigned lane);
void f_peers_end(void);

#endif
