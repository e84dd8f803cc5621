// SPDX-License-Identifier: Apache-2.0

import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A connection of some library, as the script of a peer uses it. A message is a String or a byte array. */
abstract class Session {
    static final int DEADLINE = 600; // seconds for each wait; the script that runs a peer waits for less

    /** What the other side has said in its Close frame. */
    record End(int code, String reason) {
        @Override
        public String toString() {
            return (code + " " + reason).trim();
        }
    }

    private final LinkedBlockingQueue<Object> inbox = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> pongs = new LinkedBlockingQueue<>();

    /** Puts what came in: a String, a byte array, an End or a Throwable. */
    void put(Object item) {
        inbox.add(item);
    }

    void pong(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        pongs.add(new String(bytes));
    }

    /** A message, or the End. */
    Object receive() throws Exception {
        Object item = inbox.poll(DEADLINE, TimeUnit.SECONDS);
        if (item == null) {
            throw new Exception("nothing came");
        }
        if (item instanceof Throwable t) {
            throw new Exception(t);
        }
        return item;
    }

    /** The end, past whatever comes before it. */
    End end() throws Exception {
        for (;;) {
            if (receive() instanceof End end) {
                return end;
            }
        }
    }

    void awaitPong(String wanted) throws Exception {
        String got = pongs.poll(DEADLINE, TimeUnit.SECONDS);
        if (!wanted.equals(got)) {
            throw new Exception("pong " + got + " instead of " + wanted);
        }
    }

    abstract void send(Object message) throws Exception;

    /** A fragment of a message, text or binary as the first one is. */
    abstract void sendPart(Object part, boolean first, boolean last) throws Exception;

    abstract void ping(String data) throws Exception;

    /** Begins the closing handshake; code 0: without one. */
    abstract void sendClose(int code, String reason) throws Exception;

    void sendBadText() throws Exception {
        throw new UnsupportedOperationException();
    }

    /** A ping behind the first part, and the rest only after the pong. */
    void sendParts(Object... parts) throws Exception {
        for (int i = 0; i < parts.length; i++) {
            sendPart(parts[i], i == 0, i == parts.length - 1);
            if (i == 0) {
                ping("between");
                awaitPong("between");
            }
        }
    }

    End close(int code, String reason) throws Exception {
        sendClose(code, reason);
        return end();
    }
}
