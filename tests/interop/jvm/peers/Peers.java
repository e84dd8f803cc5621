// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * All peers in one JVM, for ../jvm_peers.py. A line of stdin begins or ends one:
 *
 * <pre>ID start LIBRARY PACKING client URL [FILE_WITH_AUTHORITIES]
 * ID start LIBRARY PACKING server [CERTIFICATE KEY]
 * ID end</pre>
 *
 * A line of stdout is what a peer says, or how it has ended: "ID out LINE", "ID status NUMBER WHY".
 */
final class Peers {
    private static final Map<String, Talk.Library> LIBRARIES = Map.of("netty", new NettyPeer(), "okhttp", new OkHttpPeer(),
            "java-websocket", new JavaWebSocketPeer(), "jetty", new JettyPeer());
    private static final Map<String, AutoCloseable> LISTENING = new ConcurrentHashMap<>();

    private Peers() {
    }

    private static void says(String id, String what) {
        synchronized (System.out) {
            System.out.println(id + " " + what);
            System.out.flush();
        }
    }

    /** Every cause, because the certificate is often in the last one. */
    private static String why(Throwable t) {
        StringBuilder all = new StringBuilder();
        for (Throwable c = t; c != null; c = c.getCause()) {
            all.append(all.isEmpty() ? "" : ": ").append(c);
        }
        return all.toString().replace('\n', ' ');
    }

    private static void start(String id, String[] a) {
        try {
            Talk.Library library = LIBRARIES.get(a[0]);
            Talk talk = new Talk(library, line -> says(id, "out " + line));
            if (a[2].equals("client")) {
                talk.client(a[3], a.length > 4 ? Tls.trusting(a[4]) : null, a[1]);
                says(id, "status 0");
            } else {
                SSLContext tls = a.length > 4 ? Tls.with(a[3], a[4]) : null;
                Talk.Listening listening = library.serve(tls, a[1],
                        session -> new Thread(() -> talk.serve(session)).start());
                LISTENING.put(id, listening.ends());
                says(id, "out listening on " + (tls == null ? "ws" : "wss") + "://127.0.0.1:" + listening.port());
            }
        } catch (Throwable t) {
            says(id, "status 1 " + why(t));
        }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split(" ");
            if (parts[1].equals("start")) {
                new Thread(() -> start(parts[0], Arrays.copyOfRange(parts, 2, parts.length))).start();
            } else {
                new Thread(() -> {
                    try {
                        LISTENING.remove(parts[0]).close();
                        says(parts[0], "status 0");
                    } catch (Exception e) {
                        says(parts[0], "status 1 " + why(e));
                    }
                }).start();
            }
        }
        System.exit(0);
    }
}
