/* SPDX-License-Identifier: Apache-2.0 */
/* target.c - for libFuzzer, which looks for new scripts. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    setenv("WS_RANDOM_ABORT", "1", 1); /* it keeps the script then */
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    f_run(data, size < F_LONGEST ? size : F_LONGEST, false);
    return 0;
}
