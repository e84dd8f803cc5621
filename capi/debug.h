/* SPDX-License-Identifier: Apache-2.0 */
/*
 * debug.h - a build with WS_DEBUG_INVARIANTS checks what tests/model/slot.pml asserts, and can
 * replay a trace of it. In all others nothing of this is there.
 *
 * Beside each block lies who its owner is, which no code may look at but these checks: it is the
 * truth that handles and generations must keep to.
 */
#ifndef WSX_DEBUG_H
#define WSX_DEBUG_H

#include "shared.h"

#ifdef WS_DEBUG_INVARIANTS

WSX_HIDDEN_BEGINS

/* A step of the model begins; waits for its turn when there is a schedule (debug_schedule.c). */
void wsx_point(const char *name);
/* Tells what does not hold, and ends the process. */
_Noreturn void wsx_broken(const char *what, const char *where);
/* A slot has a new owner, whose handle is in the block; it has none any more. wsx_mutex held. */
void wsx_debug_taken(const wsx_block *block);
void wsx_debug_given(const wsx_block *block);
/* The handle of the owner; of whom the stream of the slot is. */
uint64_t wsx_debug_owner(const wsx_block *block);
void wsx_debug_joined(const wsx_block *block);
void wsx_debug_check_stream(const wsx_block *block);
/* An event of the owner is delivered, or nobody may get it: delivers is false. */
void wsx_debug_tells(const wsx_block *block, const wsx_record *record, bool delivers);

WSX_HIDDEN_ENDS

#define WSX_POINT(name) wsx_point(name)
#define WSX_TEXT_OF_(x) #x
#define WSX_TEXT_OF(x) WSX_TEXT_OF_(x)
#define WSX_INVARIANT(condition) ((condition) ? (void)0 : wsx_broken(#condition, __FILE__ ":" WSX_TEXT_OF(__LINE__)))
#define WSX_DEBUG(statement) statement

#else

#define WSX_POINT(name) ((void)0)
#define WSX_INVARIANT(condition) ((void)0)
#define WSX_DEBUG(statement)

#endif

#endif
