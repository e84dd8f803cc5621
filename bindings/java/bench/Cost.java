// SPDX-License-Identifier: Apache-2.0
package libws;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Pointer;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a call and an event cost in Java: cost.sh runs it. Ways take turns in one run, medians of CPU time of the whole
 * process. An event is a message of 16 bytes whose payload is copied, by a queue (what the binding does) and by a
 * callback on the thread of the loop (what it does not), beside a client that nobody listens to.
 */
final class Cost {
    private static final int BATCH = 20_000;
    private static final int ROUNDS = 15;
    private static final int CALLS = 200_000;
    private static volatile CountDownLatch over;
    private static volatile int sink;
    private static Backend b;

    /** Called by C. */
    static void on(long event, long user) {
        byte[] data = new byte[(int) b.getLong(event + 32)];
        b.read(b.getLong(event + 24), data, 0, data.length);
        sink += data.length;
        over.countDown();
    }

    public interface OnEvent extends Callback {
        void on(long event, long user);
    }

    private static final OnEvent BY_JNA = Cost::on;

    private static long callback() throws Exception {
        if (b.name().equals("jna")) {
            return Pointer.nativeValue(CallbackReference.getFunctionPointer(BY_JNA));
        }
        var target = MethodHandles.lookup().findStatic(Cost.class, "on", MethodType.methodType(void.class, long.class, long.class));
        return Linker.nativeLinker().upcallStub(target, FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
                Arena.global()).address();
    }

    private static final java.lang.invoke.MethodHandle CLOCK = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("clock_gettime").get(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    /** CPU time of the process; that of the JVM counts in hundredths of a second. */
    private static long cpu() {
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(16);
            int failed = (int) CLOCK.invokeExact(2, at); // CLOCK_PROCESS_CPUTIME_ID
            return failed == 0 ? b.getLong(at) * 1_000_000_000 + b.getLong(at + 8) : 0;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Sends a batch from the server to one client; ns of CPU for each message. */
    private static double batch(Connection to, byte[] message, Runnable waits) {
        over = new CountDownLatch(BATCH);
        long begin = cpu();
        for (int i = 0; i < BATCH; i++) {
            to.send(message);
        }
        waits.run();
        return (cpu() - begin) / (double) BATCH;
    }

    private static void received() {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] arguments) throws Exception {
        b = Library.backend();
        AtomicInteger threads = new AtomicInteger();
        double[] empty = new double[ROUNDS];
        for (int r = 0; r < ROUNDS; r++) {
            long begin = cpu();
            for (int i = 0; i < CALLS; i++) {
                sink += b.ws_version_number();
            }
            empty[r] = (cpu() - begin) / (double) CALLS;
        }
        try (Context context = new Context(); Server server = new Server(context, new ServerOptions().maxBuffered(1L << 30));
                Client queued = new Client(context, null)) {
            Connection[] accepted = new Connection[3];
            CountDownLatch[] there = {new CountDownLatch(1), new CountDownLatch(2), new CountDownLatch(3)};
            server.onConnect(e -> {
                accepted[threads.getAndIncrement()] = e.connection();
                for (CountDownLatch l : there) {
                    l.countDown();
                }
            });
            server.start(new ServerConfig().serverIp("127.0.0.1")).join();
            queued.onMessage(e -> {
                sink += e.data().length;
                over.countDown();
            });
            String url = "ws://127.0.0.1:" + server.port() + "/";
            queued.connect(url).join();
            there[0].await();
            long[] raw = new long[2];
            for (int i = 0; i < 2; i++) {
                raw[i] = b.ws_create(0);
                if (i == 0) {
                    b.ws_on(raw[i], Ws.WS_EVENT_MESSAGE, callback(), 0);
                }
                try (CallMemory memory = new CallMemory(b)) {
                    if (b.ws_connect_wait(raw[i], memory.text("url", url), 0, -1) != Ws.WS_OK) {
                        throw new IllegalStateException(b.text(b.ws_last_error()));
                    }
                }
                there[i + 1].await();
            }
            byte[] message = new byte[16];
            double[][] found = new double[3][ROUNDS];
            for (int r = -5; r < ROUNDS; r++) {
                double queue = batch(accepted[0], message, Cost::received);
                double callback = batch(accepted[1], message, Cost::received);
                long before = Library.stats().unheard();
                double nobody = batch(accepted[2], message, () -> {
                    while (Library.stats().unheard() < before + BATCH) {
                        Thread.yield();
                    }
                });
                if (r >= 0) {
                    found[0][r] = queue;
                    found[1][r] = callback;
                    found[2][r] = nobody;
                }
            }
            System.out.printf("%s on Java %s: an empty call %.0f ns; a message with its send: queue %.0f ns, callback %.0f ns, nobody listens %.0f ns%n",
                    b.name(), System.getProperty("java.specification.version"), median(empty), median(found[0]), median(found[1]), median(found[2]));
            b.ws_destroy(raw[0]);
            b.ws_destroy(raw[1]);
        }
        System.exit(0);
    }
}
