// SPDX-License-Identifier: Apache-2.0
package libws;

/** Which backend there is: this class is of Java 8; the one for Java 22 in this jar may choose java.lang.foreign. */
final class Backends {
    private Backends() {
    }

    static Backend open(String path, String wanted) {
        if (!wanted.isEmpty() && !wanted.equals("jna")) {
            throw new IllegalStateException("libws.backend is " + wanted + ", but this Java has jna only");
        }
        return new JnaBackend(path);
    }
}
