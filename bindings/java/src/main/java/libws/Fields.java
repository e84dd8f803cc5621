// SPDX-License-Identifier: Apache-2.0
package libws;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Fields of a request or answer, in their order: an array of ws_header. */
final class Fields {
    private static final int SIZE = 16;
    private final List<String> texts = new ArrayList<String>();

    void add(String name, String value) {
        texts.add(Objects.requireNonNull(name, "name"));
        texts.add(Objects.requireNonNull(value, "value"));
    }

    int count() {
        return texts.size() / 2;
    }

    long write(CallMemory memory) {
        if (texts.isEmpty()) {
            return 0;
        }
        long at = memory.zeroed(SIZE * count());
        for (int i = 0; i < texts.size(); i++) {
            memory.backend.putLong(at + 8L * i, memory.text("header", texts.get(i)));
        }
        return at;
    }
}
