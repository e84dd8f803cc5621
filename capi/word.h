/* SPDX-License-Identifier: Apache-2.0 */
/* word.h - threads that wait at a word of memory until another one changes it, by what the system has for it. */
#ifndef WSX_WORD_H
#define WSX_WORD_H

#include <stdatomic.h>
#include <stdint.h>

#include "hidden.h"

WSX_HIDDEN_BEGINS

/* Waits until the word is no longer as it was seen, or the time is over, -1: for ever, or for no reason.
 * Nothing is locked meanwhile. */
void wsx_word_await(_Atomic uint32_t *word, uint32_t seen, int64_t ns);
/* Wakes all that wait. One call of the system, which a signal handler may make; a word that is gone
 * harms nobody (but in word_other.c). */
void wsx_word_wake(_Atomic uint32_t *word);

/* Waits until the word is another than from; gives it another value. */
static inline void wsx_await_change(_Atomic uint32_t *word, uint32_t from)
{
    while (atomic_load(word) == from) wsx_word_await(word, from, -1);
}

static inline void wsx_change(_Atomic uint32_t *word, uint32_t to)
{
    atomic_store(word, to);
    wsx_word_wake(word);
}

WSX_HIDDEN_ENDS

#endif
