/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.c - times in nanoseconds: 1024 steps for each power of two above 1024. */
#include "load.h"

#include <string.h>

enum { STEPS = 1024, POWERS = 40 };
static uint64_t counts[POWERS * STEPS], total;

void histogram_clear(void)
{
    memset(counts, 0, sizeof counts);
    total = 0;
}

void histogram_add(double seconds)
{
    uint64_t value = seconds < 0 ? 0 : (uint64_t)(seconds * 1e9);
    int power = 0;
    while (value >> power >= 2 * STEPS && power < POWERS - 2) power++;
    counts[(value < STEPS ? 0 : power + 1) * STEPS + (int)((value >> power) % STEPS)]++;
    total++;
}

double histogram_quantile(double share)
{
    uint64_t seen = 0;
    for (int i = 0; i < POWERS * STEPS; i++) {
        seen += counts[i];
        if (seen && (double)seen >= share * (double)total) {
            int power = i / STEPS;
            double value = power ? (double)((uint64_t)(STEPS + i % STEPS) << (power - 1)) : i;
            return value / 1000;
        }
    }
    return 0;
}
