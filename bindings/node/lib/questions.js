// SPDX-License-Identifier: Apache-2.0
// What a TLS handshake asks (WS_VERIFY_EVENTS, WS_SIGN_EVENTS), of clients and servers alike. The
// answer may be a promise; an exception is one that says no, and goes to uncaughtException.
'use strict';
const { native } = require('./hub');
const errors = require('./errors');
const { bytes } = require('./options');

/** verify({chain, ocsp, name, error}): true takes the certificate; error is what libws has against it. */
async function verify(handle, answer, token, chain, ocsp, failure) {
    let good = false;
    try {
        good = (await answer({ chain, ocsp, name: failure.name, error: failure.error ? errors.ofFailure(failure, 'call') : undefined })) === true;
    } catch (thrown) {
        native.raise(thrown);
    }
    native.verifyAnswer(handle, token, good); // that it was asked no longer is nobody's fault
}

/** sign({data, scheme, subject}): the signature, or nothing to end the handshake. */
async function sign(handle, answer, token, data, scheme, subject) {
    let signature;
    try {
        signature = bytes(await answer({ data, scheme, subject }), 'signature');
    } catch (thrown) {
        native.raise(thrown);
    }
    native.signAnswer(handle, token, signature);
}

module.exports = { verify, sign };
