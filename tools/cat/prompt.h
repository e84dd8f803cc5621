/* SPDX-License-Identifier: Apache-2.0 */
/* prompt.h - lines that a person types, with editing and history when libedit or readline is installed. */
#ifndef CAT_PROMPT_H
#define CAT_PROMPT_H

void prompt_open(void);
char *prompt_line(void);  /* the next line, allocated; NULL at Ctrl-D. One thread calls it */
void prompt_close(void);  /* the terminal is as it was; any thread. prompt_line may still be waiting */

#endif
