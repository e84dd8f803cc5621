# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, as exceptions."""
from __future__ import annotations

from typing import Any, NoReturn

from ._constants import ErrorCode, Stage
from ._native import ffi, lib


def _text(of: Any) -> str:
    return bytes(ffi.string(of)).decode("utf-8", "replace")


class Error(Exception):
    """Something that libws refused, or that failed.

    code: ErrorCode, or its number if this package does not know it; name: "WS_ERR_TIMEOUT"; stage: where
    it happened, Stage; text: what was tried, with what, and why it failed; os_error: errno, or 0;
    status: the HTTP status of a server that has refused, or 0; headers and body: of that answer.
    """

    def __init__(self, code: int, text: str = "", stage: int = 0, os_error: int = 0, status: int = 0) -> None:
        super().__init__(text or _text(lib.ws_strerror(code)))
        self.code = ErrorCode(code) if code in set(ErrorCode) else code
        self.name = _text(lib.ws_error_name(code))
        self.stage = Stage(stage) if stage in set(Stage) else stage
        self.text = str(self.args[0])
        self.os_error = os_error
        self.status = status
        self.headers: list[tuple[str, str]] = []
        self.body = b""

    def __str__(self) -> str:
        at = f", stage {Stage(self.stage).name.lower()}" if isinstance(self.stage, Stage) and self.stage else ""
        return f"{self.text} ({self.name}{at})"


class ArgumentError(Error, ValueError):
    """An argument, a URL or an option is wrong; the text names it."""


class ConnectError(Error, ConnectionError):
    """No connection could be made."""


class TimedOut(Error, TimeoutError):
    """A deadline of libws passed."""


class ConnectionClosed(Error, ConnectionError):
    """The connection is over, or closing.

    close_code: what the peer's Close frame said, RFC 6455 7.1.5 (1005: nothing, 1006: there was none);
    None while the closing handshake is under way. reason: its text. clean: whether Close frames went
    both ways. code and stage say why it was lost, when it was. handle: of which connection.
    """

    def __init__(self, code: int = ErrorCode.STATE, text: str = "", stage: int = 0, os_error: int = 0, status: int = 0,
                 close_code: int | None = None, reason: str = "", clean: bool = False, handle: int = 0) -> None:
        if close_code is None:
            said = text or "the connection is closing"
        else:
            said = f"closed with {close_code} {_text(lib.ws_close_code_name(close_code))}".rstrip()
            said += f": {reason}" if reason else ""
            said += f"; {text}" if text else ""
        super().__init__(code, said, stage, os_error, status)
        self.close_code = close_code
        self.reason = reason
        self.clean = clean
        self.handle = handle

    def __str__(self) -> str:
        return self.text


_KINDS: dict[int, type[Error]] = {
    ErrorCode.PARAMETER: ArgumentError, ErrorCode.URL: ArgumentError, ErrorCode.CERT_FILE: ArgumentError,
    ErrorCode.LISTEN_IP: ArgumentError, ErrorCode.LISTEN_PORT: ArgumentError,
    ErrorCode.CONNECT_FAILED: ConnectError, ErrorCode.TIMEOUT: TimedOut}


def make_error(code: int, text: str = "", stage: int = 0, os_error: int = 0, status: int = 0) -> Error:
    """The exception of the class that fits."""
    return _KINDS.get(code, Error)(code, text, stage, os_error, status)


def fail(code: int) -> NoReturn:
    """Raises what the last call of this thread gave."""
    raise make_error(code, _text(lib.ws_last_error()))


def check(code: int) -> None:
    if code:
        fail(code)


def created(handle: int) -> int:
    """The handle of a create call, which gives 0 and no id when it fails."""
    if handle:
        return handle
    text = _text(lib.ws_last_error())
    if lib.ws_queue_wake(1) == ErrorCode.FORKED:  # as every call that takes a handle says it
        raise make_error(ErrorCode.FORKED, text)
    raise make_error(ErrorCode.PARAMETER if text.startswith("options") else ErrorCode.UNKNOWN, text)
