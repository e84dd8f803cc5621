/* SPDX-License-Identifier: Apache-2.0 */
/* cancel.h - threads of the host that are cancelled: when that may not be, and when it may. */
#ifndef WSX_CANCEL_H
#define WSX_CANCEL_H

#include <pthread.h>

#if defined(__ANDROID__) || defined(__OHOS__) || defined(_WIN32) /* nobody can be cancelled there */

enum { WSX_CANCEL_NEVER, WSX_CANCEL_LATER, WSX_CANCEL_AT_ONCE };
static inline int wsx_cancel_state(int state) { return state; }
static inline int wsx_cancel_type(int type) { return type; }
static inline void wsx_cancel_here(void) {}

#else

enum {
    WSX_CANCEL_NEVER = PTHREAD_CANCEL_DISABLE, /* a state */
    WSX_CANCEL_LATER = PTHREAD_CANCEL_DEFERRED, /* types */
    WSX_CANCEL_AT_ONCE = PTHREAD_CANCEL_ASYNCHRONOUS,
};

/* Change what the thread allows, and return what it was. */
static inline int wsx_cancel_state(int state)
{
    int before;
    pthread_setcancelstate(state, &before);
    return before;
}

static inline int wsx_cancel_type(int type)
{
    int before;
    pthread_setcanceltype(type, &before);
    return before;
}

/* A point of cancellation. */
static inline void wsx_cancel_here(void)
{
    pthread_testcancel();
}

#endif

/* A call during which the thread is not cancelled but where it says so: what the host has allowed,
 * which wsx_cancel_again gives back. A call that a thread does not return from gives nothing back. */
typedef struct wsx_cancellation {
    int state, type;
} wsx_cancellation;

static inline wsx_cancellation wsx_cancel_off(void)
{
    wsx_cancellation theirs;
    theirs.state = wsx_cancel_state(WSX_CANCEL_NEVER);
    theirs.type = wsx_cancel_type(WSX_CANCEL_LATER);
    return theirs;
}

/* The state first: glibc 2.36 forgets PTHREAD_CANCELED otherwise. */
static inline void wsx_cancel_again(wsx_cancellation theirs)
{
    wsx_cancel_state(theirs.state);
    wsx_cancel_type(theirs.type);
}

#endif
