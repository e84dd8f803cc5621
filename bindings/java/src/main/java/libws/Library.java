// SPDX-License-Identifier: Apache-2.0
package libws;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The library as a whole. It is loaded at its first use: the file that the system property libws.library names,
 * else the one in this jar, else libws.so of the system. The property libws.backend says "jna" or "ffm".
 */
public final class Library {
    private Library() {
    }

    /** Loaded once, by the first who asks. */
    private static final class Loaded {
        static final Backend BACKEND = load();

        private static Backend load() {
            String wanted = System.getProperty("libws.backend", "");
            String named = System.getProperty("libws.library", "");
            if (!named.isEmpty()) {
                return checked(Backends.open(new java.io.File(named).getAbsolutePath(), wanted));
            }
            String arch = System.getProperty("os.arch", "");
            String inside = "/libws/native/linux-" + (arch.equals("amd64") ? "x86-64" : arch) + "/libws.so";
            try (InputStream in = Library.class.getResourceAsStream(inside)) {
                if (in == null) {
                    return checked(Backends.open("ws", wanted));
                }
                Path copy = Files.createTempFile("libws", ".so");
                try {
                    Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                    return checked(Backends.open(copy.toString(), wanted));
                } finally {
                    Files.deleteIfExists(copy); // what is mapped stays
                }
            } catch (IOException e) {
                throw new IllegalStateException("the library cannot be taken out of the jar; name a file by libws.library", e);
            }
        }

        private static Backend checked(Backend b) {
            if (b.ws_abi_version() != Ws.WS_ABI_VERSION) {
                throw new IllegalStateException("this jar is for ABI " + Ws.WS_ABI_VERSION + " of libws, the library has "
                        + b.ws_abi_version());
            }
            return b;
        }
    }

    static Backend backend() {
        return Loaded.BACKEND;
    }

    /** How the library is called: "ffm" or "jna". */
    public static String backendName() {
        return backend().name();
    }

    /** Starts the library with options; optional, once, before the first client or server. */
    public static void init(InitOptions options) {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            WsException.check(b, b.ws_init(Options.write(memory, options)));
        }
    }

    /**
     * Ends every connection and server of the process, and the threads of all contexts. Nothing can be made afterwards.
     * A program that just ends needs no shutdown. True when all was over in time.
     */
    public static boolean shutdown(long timeoutMs) {
        Backend b = backend();
        int status = b.ws_shutdown_wait(timeoutMs);
        if (status == Ws.WS_ERR_TIMEOUT) {
            return false;
        }
        WsException.check(b, status);
        return true;
    }

    public static String version() {
        return backend().text(backend().ws_version_string());
    }

    /** (major &lt;&lt; 16) | (minor &lt;&lt; 8) | patch. */
    public static int versionNumber() {
        return backend().ws_version_number();
    }

    public static boolean hasFeature(String name) {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            return b.ws_has_feature(memory.text("name", name)) != 0;
        }
    }

    /** "WS_EVENT_OPEN". */
    public static String eventName(int type) {
        return backend().text(backend().ws_event_name(type));
    }

    /** "Going Away". */
    public static String closeCodeName(int code) {
        return backend().text(backend().ws_close_code_name(code));
    }

    public static void logLevel(int level) {
        WsException.check(backend(), backend().ws_set_log_level(level));
    }

    /** The network has changed: clients that wait to connect again try at once. */
    public static void networkChanged() {
        WsException.check(backend(), backend().ws_network_changed());
    }

    public static Stats stats() {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(Stats.SIZE);
            b.putInt(at, Stats.SIZE);
            WsException.check(b, b.ws_stats_get(at));
            return new Stats(b, at);
        }
    }

    /** Figures in the format of Prometheus. */
    public static String metrics() {
        return metrics(0);
    }

    static String metrics(long server) {
        Backend b = backend();
        return Texts.grown(b, (buffer, capacity, size) -> b.ws_metrics(server, buffer, capacity, size));
    }
}
