/* SPDX-License-Identifier: Apache-2.0 */
/** @section TLS
 * What a TLS handshake asks the host: whether the peer's certificate is good
 * (WS_VERIFY_EVENTS), and signatures by a key that only the host can use, in a security
 * module, a key store or another process (WS_SIGN_EVENTS). The event is one of the client,
 * or, since an accepted connection has no handle yet, of the server. The answer may be given
 * inside the event or later, from any thread, as long as the time of the handshake lasts
 * (tls_timeout_ms, handshake_timeout_ms); without one the handshake fails. Each question has
 * a token, which the answer names: a server may have many at once, and a client's next
 * attempt has others. Resumed sessions ask for a verification, too, and for no signature.
 */
#include "front.h"
#include <libws/ws.h>

/**
 * Answers WS_EVENT_VERIFY.
 *
 * handle: the client or server of the event.
 * token: that of the event.
 * accept: 1: the certificate is good, whatever the library says of it (pins of the options
 *   have to fit all the same); 0: it is not, and the handshake ends.
 *
 * Returns: WS_OK; WS_ERR_STATE: no such question waits for an answer; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_verify_answer(ws_handle handle, uint64_t token, int32_t accept)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CLIENT | WSX_SERVER, "handle", &status)) return status;
    if (accept != 0 && accept != 1)
        return wsx_fail(WS_ERR_PARAMETER, "accept: %d is neither 1, the certificate is good, nor 0", accept);
    return wsgo_verify_answer(handle, token, accept, wsx_error_buffer());
}

/**
 * Answers WS_EVENT_SIGN. The signature is checked, so that the error says what is wrong with one.
 *
 * handle: the client or server of the event.
 * token: that of the event.
 * signature: by the scheme of the event: for RSA as long as the key, for ECDSA DER
 *   (RFC 3279 2.2.3), for Ed25519 64 bytes; copied. NULL with size 0: the host does not sign,
 *   and the handshake ends.
 * size: bytes of signature, at most 16384.
 *
 * Returns: WS_OK, also for a signature that is wrong; WS_ERR_STATE: no such question waits for
 *   an answer; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_sign_answer(ws_handle handle, uint64_t token, const void *signature, size_t size)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CLIENT | WSX_SERVER, "handle", &status)) return status;
    if (!signature && size) return wsx_fail(WS_ERR_PARAMETER, "signature: is NULL, size is %zu", size);
    if (signature && !size) return wsx_fail(WS_ERR_PARAMETER, "size: is 0; NULL says that the host does not sign");
    if (size > 16384) return wsx_fail(WS_ERR_PARAMETER, "size: %zu bytes are more than 16384", size);
    if (!wsx_readable(signature, size, "signature")) return WS_ERR_PARAMETER;
    return wsgo_sign_answer(handle, token, (uintptr_t)signature, size, wsx_error_buffer());
}
