/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAT_MANUAL_H
#define CAT_MANUAL_H

void print_manual(void); /* the man page, in the macros of man(7) */

#endif
