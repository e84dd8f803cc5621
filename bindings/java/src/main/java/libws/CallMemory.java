// SPDX-License-Identifier: Apache-2.0
package libws;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Memory of C that lives as long as one call: what options point to, and what a call fills in. */
final class CallMemory implements AutoCloseable {
    final Backend backend;
    private final List<Long> blocks = new ArrayList<Long>();

    CallMemory(Backend backend) {
        this.backend = backend;
    }

    long block(long size) {
        long at = backend.malloc(Math.max(size, 1));
        if (at == 0) {
            throw new OutOfMemoryError("libws: malloc of " + size + " bytes");
        }
        blocks.add(at);
        return at;
    }

    long zeroed(int size) {
        long at = block(size);
        backend.write(at, new byte[size], 0, size);
        return at;
    }

    /** A text with its NUL; 0 for null. A NUL inside would cut it, so it is refused. */
    long text(String name, String text) {
        if (text == null) {
            return 0;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + " has a NUL character in it");
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        long at = block(utf8.length + 1L);
        backend.write(at, utf8, 0, utf8.length);
        backend.write(at + utf8.length, new byte[1], 0, 1);
        return at;
    }

    /** 0 for null; an empty array has an address, because NULL may mean something else. */
    long bytes(byte[] bytes) {
        if (bytes == null) {
            return 0;
        }
        long at = block(bytes.length);
        backend.write(at, bytes, 0, bytes.length);
        return at;
    }

    long ints(int[] values) {
        if (values.length == 0) {
            return 0;
        }
        long at = block(4L * values.length);
        for (int i = 0; i < values.length; i++) {
            backend.putInt(at + 4L * i, values[i]);
        }
        return at;
    }

    long structs(int size, Options[] options) {
        if (options.length == 0) {
            return 0;
        }
        long at = zeroed(size * options.length);
        for (int i = 0; i < options.length; i++) {
            options[i].fill(this, at + (long) size * i);
        }
        return at;
    }

    @Override
    public void close() {
        for (long at : blocks) {
            backend.free(at);
        }
        blocks.clear();
    }
}
