// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_stats: figures of one moment; what each means stands beside it in the C headers. */
public final class Stats {
    static final int SIZE = 144;
    private final int loops;
    private final long connections;
    private final long connectionsPeak;
    private final long connectionLimit;
    private final long accepted;
    private final long refused;
    private final long unheard;
    private final long relieved;
    private final long memoryBudget;
    private final long memoryUsed;
    private final long dropped;
    private final long uptimeUs;
    private final long loopCpuUs;
    private final long queuedEvents;
    private final long queuedBytes;
    private final long logSuppressed;
    private final long defects;
    private final long replaced;

    Stats(Backend b, long at) {
        loops = b.getInt(at + 4);
        connections = b.getLong(at + 8);
        connectionsPeak = b.getLong(at + 16);
        connectionLimit = b.getLong(at + 24);
        accepted = b.getLong(at + 32);
        refused = b.getLong(at + 40);
        unheard = b.getLong(at + 48);
        relieved = b.getLong(at + 56);
        memoryBudget = b.getLong(at + 64);
        memoryUsed = b.getLong(at + 72);
        dropped = b.getLong(at + 80);
        uptimeUs = b.getLong(at + 88);
        loopCpuUs = b.getLong(at + 96);
        queuedEvents = b.getLong(at + 104);
        queuedBytes = b.getLong(at + 112);
        logSuppressed = b.getLong(at + 120);
        defects = b.getLong(at + 128);
        replaced = b.getLong(at + 136);
    }

    public int loops() {
        return loops;
    }

    public long connections() {
        return connections;
    }

    public long connectionsPeak() {
        return connectionsPeak;
    }

    public long connectionLimit() {
        return connectionLimit;
    }

    public long accepted() {
        return accepted;
    }

    public long refused() {
        return refused;
    }

    public long unheard() {
        return unheard;
    }

    public long relieved() {
        return relieved;
    }

    public long memoryBudget() {
        return memoryBudget;
    }

    public long memoryUsed() {
        return memoryUsed;
    }

    public long dropped() {
        return dropped;
    }

    public long uptimeUs() {
        return uptimeUs;
    }

    public long loopCpuUs() {
        return loopCpuUs;
    }

    public long queuedEvents() {
        return queuedEvents;
    }

    public long queuedBytes() {
        return queuedBytes;
    }

    public long logSuppressed() {
        return logSuppressed;
    }

    public long defects() {
        return defects;
    }

    public long replaced() {
        return replaced;
    }

    @Override
    public String toString() {
        return "Stats{"
                + "loops=" + loops
                + ", connections=" + connections
                + ", connectionsPeak=" + connectionsPeak
                + ", connectionLimit=" + connectionLimit
                + ", accepted=" + accepted
                + ", refused=" + refused
                + ", unheard=" + unheard
                + ", relieved=" + relieved
                + ", memoryBudget=" + memoryBudget
                + ", memoryUsed=" + memoryUsed
                + ", dropped=" + dropped
                + ", uptimeUs=" + uptimeUs
                + ", loopCpuUs=" + loopCpuUs
                + ", queuedEvents=" + queuedEvents
                + ", queuedBytes=" + queuedBytes
                + ", logSuppressed=" + logSuppressed
                + ", defects=" + defects
                + ", replaced=" + replaced
                + "}";
    }
}
