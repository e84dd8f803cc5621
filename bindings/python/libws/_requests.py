# SPDX-License-Identifier: Apache-2.0
"""Requests that a program answers: upgrades, and any other HTTP request."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, Union

from ._constants import ErrorCode, EventType
from ._errors import check
from ._events import body_of, data_of, headers_of, text_of
from ._fill import Filled, known
from ._native import ffi, lib
from ._options import AcceptOptions, ResponseOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._questions import Question

    Answer = Union["Response", AcceptOptions, None]


class Response:
    """An HTTP answer. Date, Content-Length and Connection come by themselves."""

    def __init__(self, status: int = 200, body: bytes | str = b"", **options: Unpack[ResponseOptions]) -> None:
        known("Response()", options, ResponseOptions)
        self.options: dict[str, Any] = {**options, "status": status, "body": body}


class Request:
    """What a client asks for. is_upgrade: for a WebSocket; protocols: the subprotocols that it offers."""

    def __init__(self, e: Any) -> None:
        self.handle: int = e.handle
        self.is_upgrade: bool = e.type == EventType.UPGRADE
        self.method = text_of(e.method)
        self.target = text_of(e.target)
        self.protocols = [each.strip() for each in text_of(e.protocol).split(",") if each.strip()]
        self.headers = headers_of(data_of(e))
        self.body = body_of(e)

    def header(self, name: str, default: str = "") -> str:
        """The first field of that name."""
        return next((value for field, value in self.headers if field.lower() == name.lower()), default)

    def answer(self, said: Answer) -> None:
        """None and a dictionary of AcceptOptions accept an upgrade; a Response is what it says."""
        if isinstance(said, Response):
            status = lib.ws_respond(self.handle, Filled("ws_response", said.options).at)
        elif not self.is_upgrade:
            raise TypeError(f"on_request has to give a Response, not {said!r}")
        elif said is None:
            status = lib.ws_accept(self.handle, ffi.NULL)
        elif isinstance(said, Mapping):
            known("on_upgrade: AcceptOptions", said, AcceptOptions)
            status = lib.ws_accept(self.handle, Filled("ws_accept_options", said).at)
        else:
            raise TypeError(f"on_upgrade has to give None, a dictionary or a Response, not {said!r}")
        if status != ErrorCode.NO_CONNECTION:  # the client has gone, or the time was over
            check(status)

    def question(self, hook: Callable[[Request], Any]) -> Question:
        return (lambda: hook(self), self.answer, self.failed,
                f"{'on_upgrade' if self.is_upgrade else 'on_request'} failed; the answer is 500")

    def failed(self) -> None:
        """The program could not say what to do."""
        lib.ws_respond(self.handle, Filled("ws_response", {"status": 500}).at)
