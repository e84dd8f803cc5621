/* SPDX-License-Identifier: Apache-2.0 */
/* hidden.h - what stands between these is the library's own: calls and data need no look at the linker's tables. */
#ifndef WSX_HIDDEN_H
#define WSX_HIDDEN_H

#if defined(__GNUC__) && !defined(_WIN32)
#define WSX_HIDDEN_BEGINS _Pragma("GCC visibility push(hidden)")
#define WSX_HIDDEN_ENDS _Pragma("GCC visibility pop")
#else
#define WSX_HIDDEN_BEGINS
#define WSX_HIDDEN_ENDS
#endif

#endif
