// SPDX-License-Identifier: Apache-2.0
package libws;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A message on its way to C: in a block that is used again and again, a large one in a block of its own. */
final class Payload implements AutoCloseable {
    private static final int SIZE = 32 * 1024;
    private static final ConcurrentLinkedQueue<Payload> FREE = new ConcurrentLinkedQueue<Payload>();
    private final Backend backend;
    private final ByteBuffer view; // null: a block of its own
    final long at;

    private Payload(Backend backend, int size, boolean kept) {
        this.backend = backend;
        at = backend.malloc(Math.max(size, 1));
        if (at == 0) {
            throw new OutOfMemoryError("libws: malloc of " + size + " bytes");
        }
        view = kept ? backend.view(at, size) : null;
    }

    static Payload of(Backend b, byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException("offset " + offset + " and length " + length + " of " + bytes.length + " bytes");
        }
        if (length > SIZE) {
            Payload own = new Payload(b, length, false);
            b.write(own.at, bytes, offset, length);
            return own;
        }
        Payload kept = FREE.poll();
        if (kept == null) {
            kept = new Payload(b, SIZE, true);
        }
        ((java.nio.Buffer) kept.view).clear(); // Java 8's class file would not find ByteBuffer.clear() of Java 9
        kept.view.put(bytes, offset, length);
        return kept;
    }

    @Override
    public void close() {
        if (view != null) {
            FREE.offer(this);
        } else {
            backend.free(at);
        }
    }
}
