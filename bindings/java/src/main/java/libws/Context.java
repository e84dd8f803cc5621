// SPDX-License-Identifier: Apache-2.0
package libws;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A thread on which listeners run and futures complete: those of all clients and servers that were made with it,
 * one after the other. What listeners send leaves together, in one system call for each connection, when the batch
 * was told. It is a daemon, so it does not keep the JVM. It ends when it is closed, or when nobody has it and its
 * last client and server have ended.
 */
public final class Context implements AutoCloseable, Executor {
    private static final class Shared {
        static final Context CONTEXT = new Context(null, "libws");
    }

    final Loop loop;
    private final Forgotten forgotten;

    public Context() {
        this(null);
    }

    /** options: how much may wait, or null. */
    public Context(QueueOptions options) {
        this(options, "libws-context");
    }

    private Context(QueueOptions options, String name) {
        loop = new Loop(options, name);
        forgotten = Forgotten.watch(this, loop::end);
    }

    /** The one of clients and servers that were made without; it is never closed. */
    public static Context shared() {
        return Shared.CONTEXT;
    }

    /** Who gets what listeners throw, instead of the thread's handler. */
    public Context uncaught(Thread.UncaughtExceptionHandler handler) {
        loop.handler = handler;
        return this;
    }

    /** True on the thread of this context. */
    public boolean isCurrent() {
        return loop.isCurrent();
    }

    /** Runs a task on the thread of this context, in the order of the calls, never inside this call. */
    @Override
    public void execute(Runnable task) {
        java.util.Objects.requireNonNull(task, "task");
        post(0, task).exceptionally(e -> null); // told as what a thread throws
    }

    /** The same later. The future fails with WS_ERR_SHUTDOWN when the library is shut down before. */
    public CompletableFuture<Void> schedule(Runnable task, long delay, TimeUnit unit) {
        java.util.Objects.requireNonNull(task, "task");
        return post(unit.toMillis(delay), task);
    }

    private CompletableFuture<Void> post(long delayMs, Runnable task) {
        Backend b = loop.backend;
        LoopFuture<Void> future = new LoopFuture<Void>(loop);
        long ticket = loop.ticket(event -> {
            WsException failure = event.failure();
            if (failure != null) {
                future.completeExceptionally(failure);
                return;
            }
            try {
                task.run();
                future.complete(null);
            } catch (Throwable t) {
                future.completeExceptionally(t);
                loop.uncaught(t);
            }
        });
        int status = b.ws_post(loop.queue, delayMs, Ws.WS_COMPLETION_POLL, ticket, 0);
        if (status != Ws.WS_OK) {
            loop.cancel(ticket);
            throw new java.util.concurrent.RejectedExecutionException(WsException.ofCall(b, status));
        }
        return future;
    }

    /** Ends its clients and servers at once, tells what follows, and waits for the thread, unless this is that thread. */
    @Override
    public void close() {
        if (this == Shared.CONTEXT) {
            throw new IllegalStateException("the shared context stays; close its clients and servers");
        }
        forgotten.unwatch();
        loop.destroyAll();
        loop.end();
        boolean interrupted = false;
        while (!loop.isCurrent() && loop.thread.isAlive()) {
            try {
                loop.thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
