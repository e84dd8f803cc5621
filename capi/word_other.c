/* SPDX-License-Identifier: Apache-2.0 */
//go:build !linux && !windows
/*
 * word_other.c - words where the system has nothing of the kind that is public: some locks, and conditions.
 * ws_queue_wake is nothing for a handler of signals there (docs/platforms.md).
 */
#include <pthread.h>

#include "clock.h"
#include "word.h"

enum { PLACES = 64 };

typedef struct place {
    pthread_mutex_t mutex; /* innermost; guards nothing but the wait */
    pthread_cond_t changed;
} place;

static place places[PLACES] = {[0 ... PLACES - 1] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER}};

static place *place_of(_Atomic uint32_t *word)
{
    return &places[(uintptr_t)word / 64 % PLACES];
}

static void give(void *mutex) { pthread_mutex_unlock(mutex); }

void wsx_word_await(_Atomic uint32_t *word, uint32_t seen, int64_t ns)
{
    place *p = place_of(word);
    struct timespec end; /* of the clock that somebody may set: a wait may end early or late, and is asked again */
    clock_gettime(CLOCK_REALTIME, &end);
    if (ns < 0) ns = 1000000000;
    end.tv_sec += (time_t)(ns / 1000000000);
    end.tv_nsec += (long)(ns % 1000000000);
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&p->mutex);
    pthread_cleanup_push(give, &p->mutex);
    if (atomic_load(word) == seen) pthread_cond_timedwait(&p->changed, &p->mutex, &end);
    pthread_cleanup_pop(1);
}

void wsx_word_wake(_Atomic uint32_t *word)
{
    place *p = place_of(word);
    pthread_mutex_lock(&p->mutex); /* who has seen the old value waits by now */
    pthread_mutex_unlock(&p->mutex);
    pthread_cond_broadcast(&p->changed);
}
