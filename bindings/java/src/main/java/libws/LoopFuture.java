// SPDX-License-Identifier: Apache-2.0
package libws;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future that its context's thread completes, and on which that thread therefore cannot wait. */
class LoopFuture<T> extends CompletableFuture<T> {
    private final Loop loop;

    LoopFuture(Loop loop) {
        this.loop = loop;
    }

    private void mayWait() {
        if (!isDone() && loop.isCurrent()) {
            throw new IllegalStateException("a listener would wait for itself: go on in thenAccept, or wait on another thread");
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        mayWait();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        mayWait();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        mayWait();
        return super.join();
    }

    /** Of what thenApply and the like return, from Java 9 on. */
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new LoopFuture<U>(loop);
    }
}
