// SPDX-License-Identifier: Apache-2.0
package libws;

/**
 * Gets events. It is called on the thread of its {@link Context}, one at a time; what it throws goes to the
 * handler of uncaught exceptions of that thread, and the next listener is called.
 */
@FunctionalInterface
public interface Listener {
    void on(Event event) throws Exception;
}
