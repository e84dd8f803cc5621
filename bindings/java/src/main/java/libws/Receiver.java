// SPDX-License-Identifier: Apache-2.0
package libws;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;

/**
 * What the loop has of a client, a server or an accepted connection: its listeners, not the object itself, which may
 * be collected while nobody has it and it is not active.
 */
final class Receiver {
    private static final Listener[] NONE = {};
    private static final int TYPES = 64; // of events; the highest so far is 23

    final Loop loop;
    final long handle;
    final boolean isServer;
    final int flags;
    final CompletableFuture<Void> destroyed;
    private final Listener[][] listeners = new Listener[TYPES][]; // guarded by this; the arrays never change
    private volatile boolean listened;
    private volatile WeakReference<Endpoint> object = new WeakReference<Endpoint>(null);
    private volatile Endpoint kept; // while it is active and has a listener, as nobody else may have it
    private volatile boolean active;
    private boolean ended; // guarded by this

    Receiver(Loop loop, long handle, boolean isServer, int flags) {
        this.loop = loop;
        this.handle = handle;
        this.isServer = isServer;
        this.flags = flags;
        destroyed = new LoopFuture<Void>(loop);
    }

    void is(Endpoint endpoint) {
        object = new WeakReference<Endpoint>(endpoint);
    }

    Endpoint endpoint() {
        Endpoint strong = kept;
        return strong != null ? strong : object.get();
    }

    synchronized void add(int type, Listener listener) {
        Listener[] old = listeners[type] == null ? NONE : listeners[type];
        Listener[] more = java.util.Arrays.copyOf(old, old.length + 1);
        more[old.length] = listener;
        listeners[type] = more;
        listened = true;
        keep();
    }

    synchronized void remove(Listener listener) {
        listened = false;
        for (int type = 0; type < TYPES; type++) {
            if (listeners[type] != null) {
                listeners[type] = java.util.Arrays.stream(listeners[type]).filter(l -> l != listener).toArray(Listener[]::new);
                listened |= listeners[type].length > 0;
            }
        }
        keep();
    }

    private synchronized Listener[] of(int type) {
        Listener[] found = type >= 0 && type < TYPES ? listeners[type] : null;
        return found == null ? NONE : found;
    }

    private synchronized boolean has(int type, Listener listener) {
        for (Listener l : of(type)) {
            if (l == listener) {
                return true;
            }
        }
        return false;
    }

    /** It connects, is connected or listens; or no longer. */
    void active(boolean now) {
        active = now;
        keep();
    }

    private synchronized void keep() {
        kept = active && listened ? object.get() : null;
    }

    void keepAlways(Endpoint endpoint) {
        kept = endpoint;
    }

    /** Calls the listeners of an event, but for those that one of them has removed. */
    void tell(int type, Event event) {
        Listener[] now = of(type);
        for (int i = 0; i < now.length; i++) {
            if (i > 0 && !has(type, now[i])) {
                continue;
            }
            try {
                now[i].on(event);
            } catch (Throwable t) {
                loop.uncaught(t);
            }
        }
    }

    /** Ends the handle, once; the events that follow are told. */
    void destroy() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        if (isServer) {
            loop.backend.ws_server_destroy(handle);
        } else {
            loop.backend.ws_destroy(handle);
        }
    }
}
