// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_server_stats: figures of one moment; what each means stands beside it in the C headers. */
public final class ServerStats {
    static final int SIZE = 312;
    private final long connections;
    private final long connectionsPeak;
    private final long accepted;
    private final long upgrades;
    private final long messagesReceived;
    private final long messagesSent;
    private final long bytesReceived;
    private final long bytesSent;
    private final long pingsReceived;
    private final long pingsSent;
    private final long pongsReceived;
    private final long dropped;
    private final long tlsHandshakes;
    private final long tlsFailures;
    private final long refusedDescriptors;
    private final long refusedCeiling;
    private final long refusedConnections;
    private final long refusedClients;
    private final long refusedPerClient;
    private final long refusedRate;
    private final long refusedBadRequests;
    private final long refusedOrigins;
    private final long refusedLate;
    private final long refusedSizes;
    private final long refusedUnavailable;
    private final long left;
    private final long buffered;
    private final long skipped;
    private final long replaced;
    private final long relaySent;
    private final long relayDelivered;
    private final long relayDropped;
    private final long relayRefused;
    private final long relayWaiting;
    private final long relayWaitingBytes;
    private final long relayLagMs;
    private final long relayAgeMs;
    private final long relaySubscriptions;

    ServerStats(Backend b, long at) {
        connections = b.getLong(at + 8);
        connectionsPeak = b.getLong(at + 16);
        accepted = b.getLong(at + 24);
        upgrades = b.getLong(at + 32);
        messagesReceived = b.getLong(at + 40);
        messagesSent = b.getLong(at + 48);
        bytesReceived = b.getLong(at + 56);
        bytesSent = b.getLong(at + 64);
        pingsReceived = b.getLong(at + 72);
        pingsSent = b.getLong(at + 80);
        pongsReceived = b.getLong(at + 88);
        dropped = b.getLong(at + 96);
        tlsHandshakes = b.getLong(at + 104);
        tlsFailures = b.getLong(at + 112);
        refusedDescriptors = b.getLong(at + 120);
        refusedCeiling = b.getLong(at + 128);
        refusedConnections = b.getLong(at + 136);
        refusedClients = b.getLong(at + 144);
        refusedPerClient = b.getLong(at + 152);
        refusedRate = b.getLong(at + 160);
        refusedBadRequests = b.getLong(at + 168);
        refusedOrigins = b.getLong(at + 176);
        refusedLate = b.getLong(at + 184);
        refusedSizes = b.getLong(at + 192);
        refusedUnavailable = b.getLong(at + 200);
        left = b.getLong(at + 208);
        buffered = b.getLong(at + 216);
        skipped = b.getLong(at + 224);
        replaced = b.getLong(at + 232);
        relaySent = b.getLong(at + 240);
        relayDelivered = b.getLong(at + 248);
        relayDropped = b.getLong(at + 256);
        relayRefused = b.getLong(at + 264);
        relayWaiting = b.getLong(at + 272);
        relayWaitingBytes = b.getLong(at + 280);
        relayLagMs = b.getLong(at + 288);
        relayAgeMs = b.getLong(at + 296);
        relaySubscriptions = b.getLong(at + 304);
    }

    public long connections() {
        return connections;
    }

    public long connectionsPeak() {
        return connectionsPeak;
    }

    public long accepted() {
        return accepted;
    }

    public long upgrades() {
        return upgrades;
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

    public long pingsReceived() {
        return pingsReceived;
    }

    public long pingsSent() {
        return pingsSent;
    }

    public long pongsReceived() {
        return pongsReceived;
    }

    public long dropped() {
        return dropped;
    }

    public long tlsHandshakes() {
        return tlsHandshakes;
    }

    public long tlsFailures() {
        return tlsFailures;
    }

    public long refusedDescriptors() {
        return refusedDescriptors;
    }

    public long refusedCeiling() {
        return refusedCeiling;
    }

    public long refusedConnections() {
        return refusedConnections;
    }

    public long refusedClients() {
        return refusedClients;
    }

    public long refusedPerClient() {
        return refusedPerClient;
    }

    public long refusedRate() {
        return refusedRate;
    }

    public long refusedBadRequests() {
        return refusedBadRequests;
    }

    public long refusedOrigins() {
        return refusedOrigins;
    }

    public long refusedLate() {
        return refusedLate;
    }

    public long refusedSizes() {
        return refusedSizes;
    }

    public long refusedUnavailable() {
        return refusedUnavailable;
    }

    public long left() {
        return left;
    }

    public long buffered() {
        return buffered;
    }

    public long skipped() {
        return skipped;
    }

    public long replaced() {
        return replaced;
    }

    public long relaySent() {
        return relaySent;
    }

    public long relayDelivered() {
        return relayDelivered;
    }

    public long relayDropped() {
        return relayDropped;
    }

    public long relayRefused() {
        return relayRefused;
    }

    public long relayWaiting() {
        return relayWaiting;
    }

    public long relayWaitingBytes() {
        return relayWaitingBytes;
    }

    public long relayLagMs() {
        return relayLagMs;
    }

    public long relayAgeMs() {
        return relayAgeMs;
    }

    public long relaySubscriptions() {
        return relaySubscriptions;
    }

    @Override
    public String toString() {
        return "ServerStats{"
                + "connections=" + connections
                + ", connectionsPeak=" + connectionsPeak
                + ", accepted=" + accepted
                + ", upgrades=" + upgrades
                + ", messagesReceived=" + messagesReceived
                + ", messagesSent=" + messagesSent
                + ", bytesReceived=" + bytesReceived
                + ", bytesSent=" + bytesSent
                + ", pingsReceived=" + pingsReceived
                + ", pingsSent=" + pingsSent
                + ", pongsReceived=" + pongsReceived
                + ", dropped=" + dropped
                + ", tlsHandshakes=" + tlsHandshakes
                + ", tlsFailures=" + tlsFailures
                + ", refusedDescriptors=" + refusedDescriptors
                + ", refusedCeiling=" + refusedCeiling
                + ", refusedConnections=" + refusedConnections
                + ", refusedClients=" + refusedClients
                + ", refusedPerClient=" + refusedPerClient
                + ", refusedRate=" + refusedRate
                + ", refusedBadRequests=" + refusedBadRequests
                + ", refusedOrigins=" + refusedOrigins
                + ", refusedLate=" + refusedLate
                + ", refusedSizes=" + refusedSizes
                + ", refusedUnavailable=" + refusedUnavailable
                + ", left=" + left
                + ", buffered=" + buffered
                + ", skipped=" + skipped
                + ", replaced=" + replaced
                + ", relaySent=" + relaySent
                + ", relayDelivered=" + relayDelivered
                + ", relayDropped=" + relayDropped
                + ", relayRefused=" + relayRefused
                + ", relayWaiting=" + relayWaiting
                + ", relayWaitingBytes=" + relayWaitingBytes
                + ", relayLagMs=" + relayLagMs
                + ", relayAgeMs=" + relayAgeMs
                + ", relaySubscriptions=" + relaySubscriptions
                + "}";
    }
}
