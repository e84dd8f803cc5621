// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_connection_stats: figures of one moment; what each means stands beside it in the C headers. */
public final class ConnectionStats {
    static final int SIZE = 160;
    private final int reconnects;
    private final long messagesReceived;
    private final long messagesSent;
    private final long bytesReceived;
    private final long bytesSent;
    private final long framesReceived;
    private final long framesSent;
    private final long pingsReceived;
    private final long pingsSent;
    private final long pongsReceived;
    private final long bufferedPeak;
    private final long roundTripUs;
    private final long connectedAtMs;
    private final long messagesDropped;
    private final long resolveUs;
    private final long connectUs;
    private final long tlsUs;
    private final long upgradeUs;
    private final long messagesSkipped;
    private final long messagesReplaced;

    ConnectionStats(Backend b, long at) {
        reconnects = b.getInt(at + 4);
        messagesReceived = b.getLong(at + 8);
        messagesSent = b.getLong(at + 16);
        bytesReceived = b.getLong(at + 24);
        bytesSent = b.getLong(at + 32);
        framesReceived = b.getLong(at + 40);
        framesSent = b.getLong(at + 48);
        pingsReceived = b.getLong(at + 56);
        pingsSent = b.getLong(at + 64);
        pongsReceived = b.getLong(at + 72);
        bufferedPeak = b.getLong(at + 80);
        roundTripUs = b.getLong(at + 88);
        connectedAtMs = b.getLong(at + 96);
        messagesDropped = b.getLong(at + 104);
        resolveUs = b.getLong(at + 112);
        connectUs = b.getLong(at + 120);
        tlsUs = b.getLong(at + 128);
        upgradeUs = b.getLong(at + 136);
        messagesSkipped = b.getLong(at + 144);
        messagesReplaced = b.getLong(at + 152);
    }

    public int reconnects() {
        return reconnects;
    }

    public long messagesReceived() {
        return messagesReceived;
    }

    public long messagesSent() {
        return messagesSent;
    }

    public long bytesReceived() {
        return bytesReceived;
    }

    public long bytesSent() {
        return bytesSent;
    }

    public long framesReceived() {
        return framesReceived;
    }

    public long framesSent() {
        return framesSent;
    }

    public long pingsReceived() {
        return pingsReceived;
    }

    public long pingsSent() {
        return pingsSent;
    }

    public long pongsReceived() {
        return pongsReceived;
    }

    public long bufferedPeak() {
        return bufferedPeak;
    }

    public long roundTripUs() {
        return roundTripUs;
    }

    public long connectedAtMs() {
        return connectedAtMs;
    }

    public long messagesDropped() {
        return messagesDropped;
    }

    public long resolveUs() {
        return resolveUs;
    }

    public long connectUs() {
        return connectUs;
    }

    public long tlsUs() {
        return tlsUs;
    }

    public long upgradeUs() {
        return upgradeUs;
    }

    public long messagesSkipped() {
        return messagesSkipped;
    }

    public long messagesReplaced() {
        return messagesReplaced;
    }

    @Override
    public String toString() {
        return "ConnectionStats{"
                + "reconnects=" + reconnects
                + ", messagesReceived=" + messagesReceived
                + ", messagesSent=" + messagesSent
                + ", bytesReceived=" + bytesReceived
                + ", bytesSent=" + bytesSent
                + ", framesReceived=" + framesReceived
                + ", framesSent=" + framesSent
                + ", pingsReceived=" + pingsReceived
                + ", pingsSent=" + pingsSent
                + ", pongsReceived=" + pongsReceived
                + ", bufferedPeak=" + bufferedPeak
                + ", roundTripUs=" + roundTripUs
                + ", connectedAtMs=" + connectedAtMs
                + ", messagesDropped=" + messagesDropped
                + ", resolveUs=" + resolveUs
                + ", connectUs=" + connectUs
                + ", tlsUs=" + tlsUs
                + ", upgradeUs=" + upgradeUs
                + ", messagesSkipped=" + messagesSkipped
                + ", messagesReplaced=" + messagesReplaced
                + "}";
    }
}
