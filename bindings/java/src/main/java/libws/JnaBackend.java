// SPDX-License-Identifier: Apache-2.0
package libws;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The library by JNA. */
final class JnaBackend extends JnaFunctions {
    private static final Pointer ALL = new Pointer(0); // memory by its address

    JnaBackend(String path) {
        Native.register(JnaCalls.class, NativeLibrary.getInstance(path));
    }

    @Override
    String name() {
        return "jna";
    }

    @Override
    long malloc(long size) {
        return Native.malloc(size);
    }

    @Override
    void free(long address) {
        Native.free(address);
    }

    @Override
    int getInt(long address) {
        return ALL.getInt(address);
    }

    @Override
    long getLong(long address) {
        return ALL.getLong(address);
    }

    @Override
    void putInt(long address, int value) {
        ALL.setInt(address, value);
    }

    @Override
    void putLong(long address, long value) {
        ALL.setLong(address, value);
    }

    @Override
    void read(long address, byte[] into, int offset, int length) {
        ALL.read(address, into, offset, length);
    }

    @Override
    void write(long address, byte[] from, int offset, int length) {
        ALL.write(address, from, offset, length);
    }

    @Override
    ByteBuffer view(long address, int length) {
        return ALL.getByteBuffer(address, length).order(ByteOrder.nativeOrder());
    }

    @Override
    long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    @Override
    String text(long address) {
        return address == 0 ? "" : ALL.getString(address, "UTF-8");
    }
}
