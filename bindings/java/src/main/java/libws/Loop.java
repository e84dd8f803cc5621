// SPDX-License-Identifier: Apache-2.0
package libws;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The thread of a context: it takes events out of the queue in batches and tells them. */
final class Loop implements Runnable {
    private static final int CAPACITY = 64;

    /** What waits for a completion. */
    interface Completion {
        void on(Event event);
    }

    final Backend backend;
    final long queue;
    final Thread thread;
    private final Map<Long, Receiver> receivers = new ConcurrentHashMap<Long, Receiver>();
    private final Map<Long, Completion> completions = new ConcurrentHashMap<Long, Completion>();
    private final AtomicLong tickets = new AtomicLong();
    private volatile boolean ending;
    volatile Thread.UncaughtExceptionHandler handler;

    Loop(QueueOptions options, String name) {
        backend = Library.backend();
        try (CallMemory memory = new CallMemory(backend)) {
            long at = (options == null ? new QueueOptions() : options).write(memory);
            int flags = backend.getInt(at + 4);
            if ((flags & Ws.WS_QUEUE_THREAD) != 0) {
                throw new IllegalArgumentException("a context has a thread of its own: leave WS_QUEUE_THREAD out");
            }
            backend.putInt(at + 4, flags | Ws.WS_QUEUE_GATHER);
            queue = backend.ws_queue_create(at);
            if (queue == 0) {
                throw WsException.ofCreation(backend);
            }
        }
        thread = new Thread(this, name);
        thread.setDaemon(true);
        thread.start();
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    void enter(Receiver receiver) {
        receivers.put(receiver.handle, receiver);
    }

    /** A number that the completion of a call carries; call it before the call. */
    long ticket(Completion completion) {
        long ticket = tickets.incrementAndGet();
        completions.put(ticket, completion);
        return ticket;
    }

    void cancel(long ticket) {
        completions.remove(ticket);
    }

    /** A call that completes: begin gets the ticket and returns a status. The future gets value. */
    <T> CompletableFuture<T> completes(T value, java.util.function.LongToIntFunction begin) {
        LoopFuture<T> future = new LoopFuture<T>(this);
        long ticket = ticket(event -> {
            WsException failure = event.failure();
            if (failure == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(failure);
            }
        });
        int status;
        try {
            status = begin.applyAsInt(ticket);
        } catch (RuntimeException | Error e) { // an option that cannot be written
            cancel(ticket);
            throw e;
        }
        if (status != Ws.WS_OK) {
            future.completeExceptionally(WsException.ofCall(backend, status));
            cancel(ticket);
        }
        return future;
    }

    /** What a listener has thrown belongs to nobody: it is told as what a thread throws. It never gets into C. */
    void uncaught(Throwable thrown) {
        Thread.UncaughtExceptionHandler to = handler;
        try {
            (to != null ? to : thread.getUncaughtExceptionHandler()).uncaughtException(thread, thrown);
        } catch (Throwable again) {
            // as the JVM does: what a handler throws is ignored
        }
    }

    @Override
    public void run() {
        long events = backend.malloc((long) CAPACITY * Event.SIZE);
        long count = backend.malloc(8);
        ByteBuffer batch = backend.view(events, CAPACITY * Event.SIZE);
        while (!over()) {
            batch.putInt(0, Event.SIZE);
            int status = backend.ws_queue_poll(queue, events, CAPACITY, -1, count);
            if (status == Ws.WS_ERR_MEMORY) { // the system has none just now
                Thread.yield();
                continue;
            }
            if (status != Ws.WS_OK) { // the library was shut down
                break;
            }
            int n = (int) backend.getLong(count);
            for (int i = 0; i < n; i++) {
                Event event = new Event(this, batch, i * Event.SIZE);
                try {
                    deliver(event);
                } catch (Throwable t) {
                    uncaught(t);
                }
                event.end();
            }
        }
        backend.free(events);
        backend.free(count);
        for (Receiver left : receivers.values()) {
            left.destroyed.complete(null);
        }
    }

    private boolean over() {
        return ending && receivers.isEmpty() && backend.ws_queue_destroy(queue) != Ws.WS_ERR_BUSY;
    }

    private void deliver(Event event) {
        int type = event.type();
        if (type == Ws.WS_EVENT_COMPLETION) {
            Completion waits = completions.remove(event.int64(Event.AT_USER_DATA));
            if (waits != null) {
                waits.on(event);
            }
            return;
        }
        long handle = event.int64(Event.AT_HANDLE);
        long of = event.int64(Event.AT_SERVER);
        if (of == 0) {
            Receiver receiver = receivers.get(handle);
            if (receiver != null) {
                ownEvent(receiver, type, event);
            }
        } else {
            acceptedEvent(of, handle, type, event);
        }
    }

    /** Of a client, or of a server itself. */
    private void ownEvent(Receiver receiver, int type, Event event) {
        Endpoint endpoint = receiver.endpoint();
        if (endpoint != null) { // else it was collected, and ends
            if (receiver.isServer) {
                event.server = (Server) endpoint;
            } else {
                event.connection = (Connection) endpoint;
            }
        }
        switch (type) {
            case Ws.WS_EVENT_OPEN:
            case Ws.WS_EVENT_RECONNECTING:
                receiver.active(true);
                break;
            case Ws.WS_EVENT_CLOSE:
                receiver.active(event.willReconnect() != 0);
                break;
            case Ws.WS_EVENT_ERROR:
                if (event.stage() == Ws.WS_STAGE_RECONNECT) {
                    receiver.active(false);
                }
                break;
            default:
                break;
        }
        if (endpoint != null) {
            receiver.tell(type, event);
        }
        if (type == Ws.WS_EVENT_DESTROYED) {
            receivers.remove(receiver.handle);
            receiver.active(false);
            receiver.destroyed.complete(null);
        }
    }

    /** Of a connection of a server: its listeners come first, then those of the server. */
    private void acceptedEvent(long of, long handle, int type, Event event) {
        Receiver server = receivers.get(of);
        Receiver receiver = receivers.get(handle);
        if (receiver == null) { // before connect, as in an upgrade, nobody remembers the object
            receiver = new Receiver(this, handle, false, server == null ? 0 : server.flags);
            Connection made = new Connection(receiver);
            receiver.is(made);
            receiver.keepAlways(made);
            if (type == Ws.WS_EVENT_CONNECT) {
                receivers.put(handle, receiver);
            }
        }
        Endpoint serves = server == null ? null : server.endpoint();
        event.server = (Server) serves;
        event.connection = handle == of ? null : (Connection) receiver.endpoint();
        receiver.tell(type == Ws.WS_EVENT_MESSAGE_RECEIVE ? Ws.WS_EVENT_MESSAGE : type, event);
        if (serves != null && type != Ws.WS_EVENT_DESTROYED) {
            server.tell(type, event);
        }
        if (type == Ws.WS_EVENT_DESTROYED || type == Ws.WS_EVENT_CLOSE) {
            receivers.remove(handle);
            receiver.destroyed.complete(null);
        }
    }

    /** The objects of handles that a call fills in. */
    List<Connection> connections(Backend b, Texts.Fill call) {
        for (long capacity = 64;;) {
            try (CallMemory memory = new CallMemory(b)) {
                long count = memory.zeroed(8);
                long handles = memory.block(8 * capacity);
                int status = call.into(handles, capacity, count);
                long n = b.getLong(count);
                if (status == Ws.WS_ERR_BUFFER) {
                    capacity = n + 64; // there may be more meanwhile
                    continue;
                }
                WsException.check(b, status);
                List<Connection> found = new ArrayList<Connection>();
                for (long i = 0; i < n; i++) {
                    Receiver receiver = receivers.get(b.getLong(handles + 8 * i));
                    if (receiver != null && receiver.endpoint() != null) {
                        found.add((Connection) receiver.endpoint());
                    }
                }
                return found;
            }
        }
    }

    /** Ends when the last handle has ended. */
    void end() {
        ending = true;
        backend.ws_queue_wake(queue);
    }

    /** How many handles and completions it has: for tests. */
    int size() {
        return receivers.size() + completions.size();
    }

    /** Destroys what there is. */
    void destroyAll() {
        for (Receiver receiver : receivers.values()) {
            receiver.destroy();
        }
    }
}
