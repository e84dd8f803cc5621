// SPDX-License-Identifier: Apache-2.0

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/** What a peer does; ../../compiled/README.md says it for all peers. */
final class Talk {
    /** A library. packing: "plain", "deflate" without takeover, "history" with it. */
    interface Library {
        Session dial(String url, SSLContext tls, String packing) throws Exception;

        /** Listens, calls serve in a thread of each connection, and gives the port. */
        Listening serve(SSLContext tls, String packing, Serve serve) throws Exception;

        /** What it cannot send: "parts", "badText", "noCode". */
        default List<String> cannot() {
            return List.of();
        }
    }

    interface Serve {
        void connection(Session session);
    }

    record Listening(int port, AutoCloseable ends) {
    }

    private final Library library;
    private final Consumer<String> says;

    Talk(Library library, Consumer<String> says) {
        this.library = library;
        this.says = says;
    }

    static byte[] bytes(int size) {
        byte[] made = new byte[size];
        for (int i = 0; i < size; i++) {
            made[i] = (byte) (i * 31 >> 3);
        }
        return made;
    }

    private static List<Object> messages() {
        List<Object> list = new ArrayList<>(List.of("Hello", "Gr\u00fc\u00dfe, \u4e16\u754c \ud83c\udf0d", new byte[] {0, 1, 2, -1, -2}, "", new byte[0]));
        for (int size : new int[] {125, 126, 65535, 65536, 1 << 20}) {
            list.add("abcdefghijklmnopqrstuvwxyz".repeat(size / 26 + 1).substring(0, size));
            list.add(bytes(size));
        }
        return list;
    }

    private static boolean same(Object a, Object b) {
        return a instanceof byte[] x && b instanceof byte[] y ? Arrays.equals(x, y) : a.equals(b);
    }

    private static String brief(Object o) {
        String text = o instanceof byte[] b ? b.length + " bytes" : String.valueOf(o);
        return text.length() <= 100 ? text : text.substring(0, 100) + "... (" + text.length() + " characters)";
    }

    private static void expect(Session session, Object wanted) throws Exception {
        Object got = session.receive();
        if (!same(wanted, got)) {
            throw new Exception(brief(got) + " instead of " + brief(wanted));
        }
    }

    private static void echo(Session session, Object message) throws Exception {
        session.send(message);
        expect(session, message);
    }

    void client(String url, SSLContext tls, String packing) throws Exception {
        Session session = library.dial(url, tls, packing);
        for (Object message : messages()) {
            echo(session, message);
        }
        if (!library.cannot().contains("parts")) {
            session.sendParts("one ", "Gr\u00fc\u00dfe ", "", "three");
            expect(session, "one Gr\u00fc\u00dfe three");
            session.sendParts(new byte[] {1, 2}, new byte[0], new byte[] {3});
            expect(session, new byte[] {1, 2, 3});
        }
        for (int n = 0; n < 100; n++) { // many on their way at once
            session.send("message " + n);
        }
        for (int n = 0; n < 100; n++) {
            expect(session, "message " + n);
        }
        closes(session, 3001, "interop is over");
        closes(library.dial(url, tls, packing), 1000, "");
        closes(library.dial(url, tls, packing), 4999, "reason".repeat(21).substring(0, 123));
        if (!library.cannot().contains("noCode")) {
            closes(library.dial(url, tls, packing), 0, "");
        }
        if (!library.cannot().contains("badText")) {
            session = library.dial(url, tls, packing);
            session.sendBadText();
            int code = session.end().code();
            if (code != 1007) {
                throw new Exception("text that is no UTF-8 was closed with " + code);
            }
        }
        session = library.dial(url, tls, packing);
        echo(session, "still here");
        says.accept("waiting");
        expect(session, new Session.End(1001, "server is going away"));
    }

    /** The server answers a close with the same one. */
    private static void closes(Session session, int code, String reason) throws Exception {
        echo(session, "still here");
        Session.End answer = session.close(code, reason);
        if (!answer.equals(new Session.End(code == 0 ? 1005 : code, reason))) {
            throw new Exception("the answer to a close with " + code + " was " + answer);
        }
    }

    /** One connection of a server; says how it ended. */
    void serve(Session session) {
        try {
            for (;;) {
                Object message = session.receive();
                if (message instanceof Session.End end) {
                    says.accept("closed " + end);
                    return;
                }
                if (message instanceof String text && text.startsWith("close ")) {
                    String[] parts = text.split(" ", 3);
                    int code = Integer.parseInt(parts[1]);
                    Session.End answer = session.close(code, parts.length > 2 ? parts[2] : "");
                    says.accept(answer.code() == code ? "ended" : "answered with " + answer);
                    return;
                }
                if ("fragments".equals(message)) {
                    session.sendParts("one ", "two ", "three");
                } else {
                    session.send(message);
                }
            }
        } catch (Exception e) {
            says.accept("failed: " + e);
        }
    }
}
