// SPDX-License-Identifier: Apache-2.0
package libws;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ends the handles of objects that nobody has any more; Java 8 has no Cleaner. */
final class Forgotten extends PhantomReference<Object> {
    private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<Object>();
    private static final Set<Forgotten> WATCHED = Collections.newSetFromMap(new ConcurrentHashMap<Forgotten, Boolean>());
    private final Runnable ends;

    static {
        Thread thread = new Thread(Forgotten::collect, "libws-forgotten");
        thread.setDaemon(true);
        thread.start();
    }

    private Forgotten(Object watched, Runnable ends) {
        super(watched, QUEUE);
        this.ends = ends;
    }

    /** ends must not refer to the object. */
    static Forgotten watch(Object object, Runnable ends) {
        Forgotten reference = new Forgotten(object, ends);
        WATCHED.add(reference);
        return reference;
    }

    /** The object has been closed. */
    void unwatch() {
        WATCHED.remove(this);
        clear();
    }

    private static void collect() {
        for (;;) {
            try {
                Forgotten found = (Forgotten) QUEUE.remove();
                if (WATCHED.remove(found)) {
                    found.ends.run();
                }
            } catch (InterruptedException e) {
                // nobody has a reason to
            } catch (Throwable t) {
                Thread.currentThread().getUncaughtExceptionHandler().uncaughtException(Thread.currentThread(), t);
            }
        }
    }
}
