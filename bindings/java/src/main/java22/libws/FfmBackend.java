// SPDX-License-Identifier: Apache-2.0
package libws;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The library by java.lang.foreign. */
final class FfmBackend extends FfmFunctions {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE); // memory by its address
    private static final MethodHandle MALLOC = Ffm.find("malloc", long.class, long.class);
    private static final MethodHandle FREE = Ffm.find("free", void.class, long.class);

    @Override
    String name() {
        return "ffm";
    }

    @Override
    long malloc(long size) {
        try {
            return (long) MALLOC.invokeExact(size);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int getInt(long address) {
        return ALL.get(ValueLayout.JAVA_INT, address);
    }

    @Override
    long getLong(long address) {
        return ALL.get(ValueLayout.JAVA_LONG, address);
    }

    @Override
    void putInt(long address, int value) {
        ALL.set(ValueLayout.JAVA_INT, address, value);
    }

    @Override
    void putLong(long address, long value) {
        ALL.set(ValueLayout.JAVA_LONG, address, value);
    }

    @Override
    void read(long address, byte[] into, int offset, int length) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, into, offset, length);
    }

    @Override
    void write(long address, byte[] from, int offset, int length) {
        MemorySegment.copy(from, offset, ALL, ValueLayout.JAVA_BYTE, address, length);
    }

    @Override
    ByteBuffer view(long address, int length) {
        return ALL.asSlice(address, length).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    long address(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address();
    }

    @Override
    String text(long address) {
        return address == 0 ? "" : ALL.getString(address);
    }
}
