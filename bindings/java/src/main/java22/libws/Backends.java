// SPDX-License-Identifier: Apache-2.0
package libws;

/** Java 22 and newer: java.lang.foreign, or JNA when libws.backend says so. */
final class Backends {
    private Backends() {
    }

    static Backend open(String path, String wanted) {
        return switch (wanted) {
            case "", "ffm" -> {
                Ffm.load(path);
                yield new FfmBackend();
            }
            case "jna" -> new JnaBackend(path);
            default -> throw new IllegalStateException("libws.backend is " + wanted + ", which is neither ffm nor jna");
        };
    }
}
