/* SPDX-License-Identifier: Apache-2.0 */
/* help_texts.h - the words of the help and of the man page, beside those of the options. */
#ifndef CAT_HELP_TEXTS_H
#define CAT_HELP_TEXTS_H

typedef struct help_text {
    int command; /* 0: the program */
    const char *usage, *about, *examples, *more;
} help_text;

const help_text *help_for(int command);
extern const char help_status[]; /* the table of the program's status */

#endif
