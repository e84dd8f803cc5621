// SPDX-License-Identifier: Apache-2.0
package libws;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What happened. It is valid inside the listener, on its thread; afterwards its methods throw IllegalStateException.
 * What they return may be kept.
 */
public final class Event extends EventMembers {
    private final Loop loop;
    private final ByteBuffer batch;
    private final int at;
    private boolean over;
    Connection connection;
    Server server;

    Event(Loop loop, ByteBuffer batch, int at) {
        this.loop = loop;
        this.batch = batch;
        this.at = at;
    }

    void end() {
        over = true;
    }

    private void mustBeValid() {
        if (over || !loop.isCurrent()) {
            throw new IllegalStateException("the event is over: take out of it what you need inside the listener, on its thread");
        }
    }

    @Override
    int int32(int offset) {
        mustBeValid();
        return batch.getInt(at + offset);
    }

    @Override
    long int64(int offset) {
        mustBeValid();
        return batch.getLong(at + offset);
    }

    @Override
    String text(int offset) {
        long address = int64(offset);
        return address == 0 ? "" : loop.backend.text(address);
    }

    @Override
    byte[] bytes(int offset, int size) {
        byte[] copy = new byte[(int) int64(size)];
        if (copy.length > 0) {
            loop.backend.read(int64(offset), copy, 0, copy.length);
        }
        return copy;
    }

    /** The payload as text. */
    public String message() {
        return new String(data(), StandardCharsets.UTF_8);
    }

    /** True for a message of text. */
    public boolean isText() {
        return messageType() == Ws.WS_TEXT;
    }

    /** The client or accepted connection it is about; null for an event of a server itself. */
    public Connection connection() {
        mustBeValid();
        return connection;
    }

    /** The server of an accepted connection, or of the event; else null. */
    public Server server() {
        mustBeValid();
        return server;
    }

    /** The header that WS_EVENT_HEADER_RECEIVE, _UPGRADE, _REQUEST and the _ERROR of a server that refused bring. */
    public List<Map.Entry<String, String>> fields() {
        List<Map.Entry<String, String>> found = new ArrayList<Map.Entry<String, String>>();
        String[] texts = message().split("\0", -1); // names and values in turn, a NUL behind each
        for (int i = 0; i + 1 < texts.length; i += 2) {
            found.add(new AbstractMap.SimpleImmutableEntry<String, String>(texts[i], texts[i + 1].trim()));
        }
        return found;
    }

    /** An error, or a completion that failed, as an exception; null when error() is WS_OK. */
    public WsException failure() {
        return error() == Ws.WS_OK ? null : new WsException(error(), stage(), status(), osError(), text());
    }
}
