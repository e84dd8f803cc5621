/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_redis.h - the topics of a libws server over Redis' publish and subscribe: the smallest relay that is good for
 * something.
 *
 * It is here to be read and to be changed: one file over hiredis, without credentials, TLS, parts, events or
 * confirmations. bridges/nats has them. At most once; what one process publishes to one topic comes in its order.
 * While Redis is away local delivery goes on, what is published is lost for others and counted, and it is tried again
 * once a second.
 */
#ifndef LIBWS_REDIS_H
#define LIBWS_REDIS_H

#include <libws/ws.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A server that has joined. Since 0.1. */
typedef struct ws_redis ws_redis;

/*
 * Gives a server a relay over a Redis server. Redis may come later.
 *
 * host, port: of Redis, 1..65535. prefix: what its channels begin with, 1..64 bytes. Both strings are copied.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_MEMORY; what ws_server_set_relay returns.
 * Threads: any. Since: 0.1
 */
WS_API int32_t WS_CALL ws_redis_join(ws_handle server, const char *host, int32_t port, const char *prefix,
                                     ws_redis **relay);

/*
 * Takes the relay off, waits until what was published before has left, and frees it. Also when the server has
 * stopped: it is the only call that frees.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER: relay is NULL.
 * Threads: any, but not inside callbacks of the server. Since: 0.1
 */
WS_API int32_t WS_CALL ws_redis_leave_wait(ws_redis *relay);

/* How many messages of this process could not be given to Redis. Threads: any. Since: 0.1 */
WS_API uint64_t WS_CALL ws_redis_lost(ws_redis *relay);

#ifdef __cplusplus
}
#endif

#endif
