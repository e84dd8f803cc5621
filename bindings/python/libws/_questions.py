# SPDX-License-Identifier: Apache-2.0
"""What a TLS handshake asks the program: each a question, what becomes of the answer, and what if there is none."""
from __future__ import annotations

from typing import Any, Callable, NamedTuple, Tuple

from ._errors import Error
from ._events import body_of, data_of, error_of, text_of
from ._native import ffi, lib

Question = Tuple[Callable[[], Any], Callable[[Any], object], Callable[[], object], str]


class Verification(NamedTuple):
    """Whether the peer's certificate is good. refused is why the library would not take it, or None."""

    chain: bytes
    """PEM, the peer's own certificate first."""
    ocsp: bytes
    """The OCSP response that a server has stapled, DER."""
    name: str
    """What the certificate of a server has to be for."""
    refused: Error | None


class Signature(NamedTuple):
    """A signature that is wanted, by the scheme of RFC 8446 4.2.3."""

    data: bytes
    """The hash, or for Ed25519 (0x0807) all that is to be signed."""
    scheme: int
    subject: str
    """Of our certificate."""


def verification(hook: Callable[[Verification], Any], e: Any) -> Question:
    handle, token = e.handle, e.token
    asked = Verification(data_of(e), body_of(e), text_of(e.target), error_of(e))
    return (lambda: hook(asked), lambda good: lib.ws_verify_answer(handle, token, 1 if good else 0),
            lambda: lib.ws_verify_answer(handle, token, 0), "verify failed; the certificate is refused")


def signature(hook: Callable[[Signature], Any], e: Any) -> Question:
    handle, token = e.handle, e.token
    wanted = Signature(data_of(e), e.scheme, text_of(e.target))
    return (lambda: hook(wanted), lambda signed: lib.ws_sign_answer(handle, token, bytes(signed), len(signed)),
            lambda: lib.ws_sign_answer(handle, token, ffi.NULL, 0), "sign failed; the handshake ends")
