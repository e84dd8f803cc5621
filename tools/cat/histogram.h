/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.h - counts times in buckets that are 1/32 wide, from 1 us to hours. Not for two threads at once. */
#ifndef CAT_HISTOGRAM_H
#define CAT_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 32 * 32 };

typedef struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
    int64_t longest_us;
} histogram;

void histogram_add(histogram *h, int64_t us);
void histogram_merge(histogram *to, const histogram *from);
int64_t histogram_at(const histogram *h, double share); /* the time that so many did not exceed; 0 of nothing */
void histogram_draw(const histogram *h);                /* to stdout */

#endif
