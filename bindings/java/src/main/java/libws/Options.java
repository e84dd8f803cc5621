// SPDX-License-Identifier: Apache-2.0
package libws;

/** What all classes of options have in common: each call writes them anew into memory of C. */
abstract class Options {
    abstract int size();

    abstract void fill(CallMemory memory, long at);

    final long write(CallMemory memory) {
        long at = memory.zeroed(size());
        fill(memory, at);
        return at;
    }

    static long write(CallMemory memory, Options options) {
        return options == null ? 0 : options.write(memory);
    }
}
