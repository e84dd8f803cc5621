// SPDX-License-Identifier: Apache-2.0

import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * java.net.http.WebSocket as a client of the interop tests:
 *
 * <pre>java Peer.java client URL [FILE_WITH_AUTHORITIES]</pre>
 *
 * What a peer does and prints is told in ../compiled/README.md. Exit status 0 when
 * everything was as it should be.
 */
final class Peer {
    private static final int DEADLINE = 600; // seconds for each wait; the script that runs a peer waits for less

    /** What came in, one after the other. */
    private sealed interface Event {}
    private record Text(String data) implements Event {}
    private record Binary(ByteBuffer data) implements Event {} // equal when the bytes are
    private record Pong(ByteBuffer data) implements Event {}
    private record End(int code, String reason) implements Event {}
    private record Failure(Throwable error) implements Event {}

    /** Puts messages together: the library hands them out in parts. */
    private static final class Inbox implements WebSocket.Listener {
        final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                events.add(new Text(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
            if (last) {
                events.add(new Binary(ByteBuffer.wrap(bytes.toByteArray())));
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            events.add(new Pong(ByteBuffer.allocate(data.remaining()).put(data).flip()));
            socket.request(1);
            return null;
        }

        /** The library answers with the same code when this returns. */
        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            events.add(new End(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            events.add(new Failure(error));
        }
    }

    private final WebSocket socket;
    private final Inbox inbox = new Inbox();

    private Peer(HttpClient client, URI url) throws Exception {
        socket = client.newWebSocketBuilder().buildAsync(url, inbox).get(DEADLINE, TimeUnit.SECONDS);
    }

    public static void main(String[] arguments) {
        if (arguments.length < 2 || arguments.length > 3 || !arguments[0].equals("client")) {
            System.err.println("usage: java Peer.java client URL [FILE_WITH_AUTHORITIES]");
            System.exit(2);
        }
        try {
            run(URI.create(arguments[1]), arguments.length == 3 ? arguments[2] : null);
        } catch (Throwable error) {
            System.err.println("Peer.java: " + error);
            System.exit(1);
        }
        System.exit(0); // the client's threads would stay for a while
    }

    private static void run(URI url, String authorities) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (authorities != null) {
            builder.sslContext(trusting(authorities));
        }
        HttpClient client = builder.build();
        new Peer(client, url).talk();
        new Peer(client, url).closes(1000, "");
        new Peer(client, url).closes(4999, "reason".repeat(21).substring(0, 123));
        new Peer(client, url).waitsForTheStop();
    }

    /** A context that trusts the authorities of a PEM file, and no others. */
    private static SSLContext trusting(String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream pem = new FileInputStream(file)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("authority " + store.size(), certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void talk() throws Exception {
        echo("Hello");
        echo("Gr\u00fc\u00dfe, \u4e16\u754c \ud83c\udf0d");
        echo(new byte[] {0, 1, 2, -1, -2});
        echo("");
        echo(new byte[0]);
        for (int size : new int[] {125, 126, 65535, 65536, 1 << 20}) {
            echo("abcdefghijklmnopqrstuvwxyz".repeat(size / 26 + 1).substring(0, size));
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (i * 31 >> 3);
            }
            echo(bytes);
        }

        send(socket.sendText("one ", false));
        ping();
        send(socket.sendText("Gr\u00fc\u00dfe ", false));
        send(socket.sendText("", false));
        send(socket.sendText("three", true));
        expect(new Text("one Gr\u00fc\u00dfe three"));

        send(socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), false));
        ping();
        send(socket.sendBinary(ByteBuffer.wrap(new byte[] {3}), true));
        expect(new Binary(ByteBuffer.wrap(new byte[] {1, 2, 3})));

        for (int n = 0; n < 100; n++) { // many on their way at once
            send(socket.sendText("message " + n, true));
        }
        for (int n = 0; n < 100; n++) {
            expect(new Text("message " + n));
        }
        closes(3001, "interop is over");
    }

    private void echo(String text) throws Exception {
        send(socket.sendText(text, true));
        expect(new Text(text));
    }

    private void echo(byte[] bytes) throws Exception {
        send(socket.sendBinary(ByteBuffer.wrap(bytes), true));
        expect(new Binary(ByteBuffer.wrap(bytes)));
    }

    private void ping() throws Exception {
        ByteBuffer data = ByteBuffer.wrap("between".getBytes(StandardCharsets.UTF_8));
        send(socket.sendPing(data.duplicate()));
        expect(new Pong(data));
    }

    /** The server answers a close with the same one. */
    private void closes(int code, String reason) throws Exception {
        echo("still here");
        send(socket.sendClose(code, reason));
        expect(new End(code, reason));
    }

    /** Tells who runs this program that it is time to stop the server. */
    private void waitsForTheStop() throws Exception {
        echo("still here");
        System.out.println("waiting");
        expect(new End(1001, "server is going away"));
    }

    private static void send(java.util.concurrent.CompletableFuture<?> sent) throws Exception {
        sent.get(DEADLINE, TimeUnit.SECONDS);
    }

    private void expect(Event wanted) throws Exception {
        Event event = inbox.events.poll(DEADLINE, TimeUnit.SECONDS);
        if (!wanted.equals(event)) {
            throw new Exception(brief(event) + " instead of " + brief(wanted));
        }
    }

    private static String brief(Event event) {
        String text = String.valueOf(event);
        return text.length() <= 200 ? text : text.substring(0, 200) + "... (" + text.length() + " characters)";
    }
}
