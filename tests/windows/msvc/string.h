/* SPDX-License-Identifier: Apache-2.0 */
/* What the header wants of Visual C++'s library, which is not here to install. */
#pragma once
#include <stddef.h>
void *memset(void *to, int value, size_t size);
