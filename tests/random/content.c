/* SPDX-License-Identifier: Apache-2.0 */
/* content.c - messages that tell whether they are whole: "Ws", size, filling, checksum. */
#include "random.h"

enum { LEAST = 18 };

atomic_bool r_garbled;

static uint32_t sum(const char *p, size_t size)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < size; i++) h = (h ^ (unsigned char)p[i]) * 16777619u;
    return h;
}

static void put(char *out, uint32_t n)
{
    for (int i = 0; i < 8; i++) out[i] = "0123456789abcdef"[n >> (28 - 4 * i) & 15];
}

void r_content_make(r_rng *rng, char *out, size_t size)
{
    if (size < LEAST) {
        memset(out, 'x', size);
        return;
    }
    memcpy(out, "Ws", 2);
    put(out + 2, (uint32_t)size);
    uint64_t x = r_next(rng);
    for (size_t i = 10; i < size - 8; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        out[i] = (char)(' ' + (x >> 40) % 95);
    }
    put(out + size - 8, sum(out, size - 8));
}

void r_content_check(const void *data, size_t size, bool trusted, ws_handle handle)
{
    const char *p = data;
    R_CHECK(p[size] == 0, "no NUL byte follows a message of %zu bytes", size);
    if (!trusted && r_garbled) return;
    if (size < LEAST) {
        for (size_t i = 0; trusted && i < size; i++)
            R_CHECK(p[i] == 'x', "byte %zu of a message of %zu bytes to %#llx is %#x", i, size,
                    (unsigned long long)handle, p[i]);
        return;
    }
    if (memcmp(p, "Ws", 2)) {
        R_CHECK(!trusted, "a message of %zu bytes to %#llx is not what was sent", size, (unsigned long long)handle);
        return;
    }
    char want[8];
    put(want, (uint32_t)size);
    R_CHECK(!memcmp(p + 2, want, 8), "a message of %zu bytes says it has %.8s", size, p + 2);
    put(want, sum(p, size - 8));
    R_CHECK(!memcmp(p + size - 8, want, 8), "the checksum of a message of %zu bytes to %#llx is wrong", size,
            (unsigned long long)handle);
}
