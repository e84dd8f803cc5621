/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "histogram.h"
#include "terminal.h"

enum { STEPS = 32, BAR = 50 };

/* Below 32 a bucket each; above, 32 for each doubling. */
static int bucket_of(int64_t us)
{
    int shift = 0;
    if (us < 0) us = 0;
    while (us >> shift >= 2 * STEPS) shift++;
    int bucket = us < STEPS ? (int)us : shift * STEPS + (int)(us >> shift);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

/* The largest time of a bucket. */
static int64_t end_of(int bucket)
{
    if (bucket < 2 * STEPS) return bucket;
    int shift = bucket / STEPS - 1;
    return (((int64_t)bucket - shift * STEPS + 1) << shift) - 1;
}

void histogram_add(histogram *h, int64_t us)
{
    h->counts[bucket_of(us)]++;
    h->total++;
    if (us > h->longest_us) h->longest_us = us;
}

void histogram_merge(histogram *to, const histogram *from)
{
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) to->counts[i] += from->counts[i];
    to->total += from->total;
    if (from->longest_us > to->longest_us) to->longest_us = from->longest_us;
}

int64_t histogram_at(const histogram *h, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)h->total), seen = 0;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->counts[i];
        if (seen > wanted || (seen == h->total && seen)) return end_of(i) < h->longest_us ? end_of(i) : h->longest_us;
    }
    return 0;
}

static void print_us(int64_t us)
{
    if (us < 1000) printf("%5lld us", (long long)us);
    else if (us < 1000000) printf("%5.1f ms", (double)us / 1e3);
    else printf("%5.1f s ", (double)us / 1e6);
}

/* A line for each doubling, from the first that has something to the last. */
void histogram_draw(const histogram *h)
{
    uint64_t rows[64] = {0}, most = 0;
    int first = -1, last = 0;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        int row = 0;
        while (end_of(i) >> row > 1) row++;
        rows[row] += h->counts[i];
        if (!h->counts[i]) continue;
        if (first < 0) first = row;
        last = row;
    }
    for (int row = first; first >= 0 && row <= last; row++) most = rows[row] > most ? rows[row] : most;
    for (int row = first; first >= 0 && row <= last; row++) {
        fputs("  up to ", stdout);
        print_us((INT64_C(2) << row) - 1);
        printf(" %s", paint("in"));
        int bar = (int)(rows[row] * BAR / most);
        for (int i = 0; i < bar; i++) fputs("#", stdout);
        printf("%s%*s %5.1f %%\n", paint(""), BAR - bar, "", 100 * (double)rows[row] / (double)h->total);
    }
}
