/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.c - times in nanoseconds: 1024 steps for each power of two above 1024. */
#include "load.h"

#include <string.h>

void histogram_clear(struct histogram *h) { memset(h, 0, sizeof *h); }

void histogram_add(struct histogram *h, double seconds)
{
    uint64_t value = seconds < 0 ? 0 : (uint64_t)(seconds * 1e9);
    int power = 0;
    while (value >> power >= 2 * HISTOGRAM_STEPS && power < HISTOGRAM_POWERS - 2) power++;
    h->counts[(value < HISTOGRAM_STEPS ? 0 : power + 1) * HISTOGRAM_STEPS + (int)((value >> power) % HISTOGRAM_STEPS)]++;
    h->total++;
}

double histogram_quantile(const struct histogram *h, double share)
{
    uint64_t seen = 0;
    for (int i = 0; i < HISTOGRAM_POWERS * HISTOGRAM_STEPS; i++) {
        seen += h->counts[i];
        if (seen && (double)seen >= share * (double)h->total) {
            int power = i / HISTOGRAM_STEPS;
            double value = power ? (double)((uint64_t)(HISTOGRAM_STEPS + i % HISTOGRAM_STEPS) << (power - 1)) : i;
            return value / 1000;
        }
    }
    return 0;
}
