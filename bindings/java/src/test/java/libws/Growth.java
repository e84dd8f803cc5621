// SPDX-License-Identifier: Apache-2.0
package libws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.concurrent.CompletableFuture;

/**
 * Growth CLIENTS MESSAGES: what stays of so many clients that connect, send and close, and of so many messages. Prints
 * heap and RSS; status 1 when the heap has grown by more than 2 MiB, or handles or objects are left.
 */
final class Growth {
    private Growth() {
    }

    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(20);
            Runtime r = Runtime.getRuntime();
            least = Math.min(least, r.totalMemory() - r.freeMemory());
        }
        return least;
    }

    private static double rss() throws IOException {
        for (String line : Files.readAllLines(Paths.get("/proc/self/status"), StandardCharsets.UTF_8)) {
            if (line.startsWith("VmRSS:")) {
                return Integer.parseInt(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        return 0;
    }

    private static void clients(Context context, Server server, int count) {
        for (int i = 0; i < count; i++) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            try (Client client = new Client(context, null)) {
                client.onMessage(e -> answer.complete(e.message()));
                Kit.await(client.connect(Kit.url(server)));
                client.send("x");
                Kit.await(answer);
            }
        }
    }

    private static void messages(Context context, Server server, int count) {
        final int window = 256;
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Client client = new Client(context, null)) {
            int[] n = {0};
            client.onMessage(e -> {
                e.message();
                n[0]++;
                if (n[0] == count) {
                    over.complete(null);
                } else if (n[0] + window <= count) {
                    e.connection().send("a message of some length");
                }
            });
            Kit.await(client.connect(Kit.url(server)));
            for (int i = 0; i < Math.min(window, count); i++) {
                client.send("a message of some length");
            }
            Kit.await(over);
        }
    }

    public static void main(String[] arguments) throws Exception {
        int clients = Integer.parseInt(arguments[0]);
        int messages = Integer.parseInt(arguments[1]);
        try (Context context = new Context(); Server server = Kit.echo(context)) {
            clients(context, server, clients / 10); // what is made once
            messages(context, server, messages / 10);
            long heap = heap();
            double rss = rss();
            clients(context, server, clients);
            double afterClients = rss();
            messages(context, server, messages);
            long grown = heap() - heap;
            System.out.printf("%s: %d clients and %d messages: the heap grew by %.2f MiB, RSS by %.1f MiB (clients %.1f) to %.0f MiB%n",
                    Library.backendName(), clients, messages, grown / 1048576.0, rss() - rss, afterClients - rss, rss());
            if (grown > 2 << 20 || context.loop.size() != 1) {
                System.out.println(context.loop.size() + " receivers and completions are left");
                System.exit(1);
            }
        }
    }
}
