// SPDX-License-Identifier: Apache-2.0

/** What the JVM does with signals: faults that are null checks, stacks that overflow, stops for the collector. */
public class Beside {
    /** Calls the library. */
    static native void call();

    static int length(String s) {
        try {
            return s.length();
        } catch (NullPointerException e) {
            return 1;
        }
    }

    static int deep(int n) {
        return deep(n + 1) + 1;
    }

    /** Returns 1000 when all went as it should. */
    public static int work() {
        int sum = 0;
        for (int i = 0; i < 1000; i++) {
            sum += length(i % 20 == 0 ? null : "x");
        }
        try {
            deep(0);
        } catch (StackOverflowError e) {
            // as it should be
        }
        byte[][] garbage = new byte[16][];
        for (int i = 0; i < 400; i++) {
            garbage[i % 16] = new byte[8000];
            if (i % 100 == 0) {
                call();
            }
        }
        return sum;
    }

    /** Threads of Java that call the library while it calls back into Java. */
    public static int threads(int rounds) throws InterruptedException {
        Thread[] threads = new Thread[2];
        int[] good = new int[threads.length];
        for (int t = 0; t < threads.length; t++) {
            int mine = t;
            threads[t] = new Thread(() -> {
                for (int i = 0; i < rounds; i++) {
                    good[mine] += work() == 1000 ? 1 : 0;
                }
            });
            threads[t].start();
        }
        int sum = 0;
        for (int t = 0; t < threads.length; t++) {
            threads[t].join();
            sum += good[t];
        }
        return sum;
    }
}
