// SPDX-License-Identifier: Apache-2.0
package libws;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the tests share: a server that echoes, and waits with a deadline. */
final class Kit {
    static final long DEADLINE = 120; // seconds: only a test that hangs meets it

    private Kit() {
    }

    static Server echo(Context context) {
        Server server = new Server(context, new ServerOptions().flags(Ws.WS_PING_EVENTS));
        server.onMessageReceive(e -> {
            if (e.isText()) {
                e.connection().send(e.message());
            } else {
                e.connection().send(e.data());
            }
        });
        return await(server.start(new ServerConfig().serverIp("127.0.0.1")));
    }

    static String url(Server server) {
        return "ws://127.0.0.1:" + server.port() + "/";
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(DEADLINE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException ? (RuntimeException) e.getCause() : new CompletionException(e.getCause());
        } catch (Exception e) {
            throw new AssertionError("not in time", e);
        }
    }

    /** For what no event tells, as a collection. step is done between two looks. */
    static void until(BooleanSupplier reached, Runnable step) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE);
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time");
            }
            step.run();
            Thread.sleep(5);
        }
    }
}
