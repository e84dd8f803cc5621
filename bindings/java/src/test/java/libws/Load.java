// SPDX-License-Identifier: Apache-2.0
package libws;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Load MESSAGES [wait]: traffic of eight clients over two contexts, while the JVM uses its own signals: null checks that
 * fault, stacks that overflow, stops for the collector. Prints what came back. With wait it then prints "ready" and
 * waits for a signal, with a hook that prints "hook".
 */
final class Load {
    private static final int CLIENTS = 8;
    private static volatile Object garbage;

    private Load() {
    }

    private static int length(String s) {
        try {
            return s.length();
        } catch (NullPointerException e) { // compiled, it is a fault
            return 1;
        }
    }

    private static int deep(int n) {
        return deep(n + 1) + 1;
    }

    /** 10 when all went as it should. */
    private static int work(int n) {
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += length((n + i) % 7 == 0 ? null : "x");
        }
        if (n % 500 == 0) {
            try {
                deep(0);
            } catch (StackOverflowError e) {
                // as it should be
            }
        }
        garbage = new byte[4000];
        return sum;
    }

    public static void main(String[] arguments) throws Exception {
        int messages = Integer.parseInt(arguments[0]);
        boolean waits = arguments.length > 1;
        AtomicInteger good = new AtomicInteger();
        AtomicInteger thrown = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(CLIENTS);
        Context one = new Context().uncaught((thread, t) -> thrown.incrementAndGet());
        Context two = new Context().uncaught((thread, t) -> thrown.incrementAndGet());
        Server server = Kit.echo(one);
        Client[] clients = new Client[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            int[] n = {0};
            clients[i] = new Client(i % 2 == 0 ? one : two, null);
            clients[i].onMessage(e -> {
                if (work(n[0]) == 10 && e.message().equals("message " + n[0])) {
                    good.incrementAndGet();
                }
                if (++n[0] < messages) {
                    e.connection().send("message " + n[0]);
                } else {
                    over.countDown();
                }
                if (n[0] % 100 == 0) {
                    String nothing = null;
                    nothing.length(); // leaves the listener
                }
            });
            Kit.await(clients[i].connect(Kit.url(server)));
            clients[i].send("message 0");
        }
        for (int n = 1; !over.await(20, TimeUnit.MILLISECONDS); n++) {
            work(n * 500);
            if (n % 10 == 0) {
                System.gc();
            }
        }
        if (waits) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
            System.out.println("ready");
            for (int n = 0;; n++) { // the library goes on being used
                clients[n % CLIENTS].ping(new byte[0]);
                Thread.sleep(1);
            }
        }
        for (Client client : clients) {
            client.close();
        }
        server.close();
        one.close();
        two.close();
        if (!Library.shutdown(TimeUnit.SECONDS.toMillis(Kit.DEADLINE))) {
            System.out.println("the shutdown was not over in time");
            System.exit(1);
        }
        System.out.println(good + " messages, " + thrown + " exceptions, by " + Library.backendName());
        System.exit(good.get() == CLIENTS * messages && thrown.get() == CLIENTS * (messages / 100) ? 0 : 1);
    }
}
