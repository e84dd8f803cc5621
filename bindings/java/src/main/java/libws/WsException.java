// SPDX-License-Identifier: Apache-2.0
package libws;

/** A call that failed, or an attempt that did: {@link #getMessage()} says what was tried, with what, and why. */
public final class WsException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;
    private final int stage;
    private final int status;
    private final int osError;

    WsException(int code, int stage, int status, int osError, String text) {
        super(text.isEmpty() ? Library.backend().text(Library.backend().ws_strerror(code)) : text);
        this.code = code;
        this.stage = stage;
        this.status = status;
        this.osError = osError;
    }

    /** The reason of the call of this thread that has just failed. */
    static WsException ofCall(Backend b, int code) {
        return new WsException(code, 0, 0, 0, b.text(b.ws_last_error()));
    }

    /** A call that makes something gives no status, only a text, which begins with the option that it is about. */
    static WsException ofCreation(Backend b) {
        String text = b.text(b.ws_last_error());
        return new WsException(text.startsWith("options.") ? Ws.WS_ERR_PARAMETER : Ws.WS_ERR_UNKNOWN, 0, 0, 0, text);
    }

    static void check(Backend b, int status) {
        if (status != Ws.WS_OK) {
            throw ofCall(b, status);
        }
    }

    /** WS_ERR_, such as {@link Ws#WS_ERR_FULL}. */
    public int code() {
        return code;
    }

    /** "WS_ERR_FULL". */
    public String name() {
        Backend b = Library.backend();
        return b.text(b.ws_error_name(code));
    }

    /** WS_STAGE_: where an attempt failed; 0 for a call. */
    public int stage() {
        return stage;
    }

    /** "WS_STAGE_TLS". */
    public String stageName() {
        Backend b = Library.backend();
        return b.text(b.ws_stage_name(stage));
    }

    /** The HTTP status of a server that refused, else 0. */
    public int status() {
        return status;
    }

    /** errno of the system call that failed, else 0. */
    public int osError() {
        return osError;
    }

    @Override
    public String toString() {
        return "libws.WsException: " + name() + ": " + getMessage();
    }
}
