# SPDX-License-Identifier: Apache-2.0
"""Calls about the whole library."""
from __future__ import annotations

from typing import TYPE_CHECKING

from ._connection import figures
from ._constants import ErrorCode, LogLevel
from ._errors import check
from ._events import text_of
from ._fill import Filled, known
from ._native import ffi, lib
from ._options import InitOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


def init(**options: Unpack[InitOptions]) -> None:
    """Starts the library with InitOptions, once, before anything else; else it starts by itself."""
    known("init()", options, InitOptions)
    check(lib.ws_init(Filled("ws_init_options", options).at))


def library_version() -> str:
    """Of the native library."""
    return text_of(lib.ws_version_string())


def has_feature(name: str) -> bool:
    """Whether the native library has what ws_has_feature lists."""
    return bool(lib.ws_has_feature(name.encode()))


def network_changed() -> None:
    """Clients that wait to connect again try at once, and open ones look whether their peer is still there."""
    check(lib.ws_network_changed())


def set_log_level(level: LogLevel | int) -> None:
    """While the library runs. The log goes to stderr when WS_LOG is in the environment, and nowhere else."""
    check(lib.ws_set_log_level(level))


def stats() -> dict[str, int]:
    """The members of ws_stats."""
    return figures("ws_stats", lib.ws_stats_get)


def metrics() -> str:
    """The figures of the library in the text format of Prometheus."""
    size, capacity = ffi.new("size_t *"), 16384
    while True:
        buffer = ffi.new("char[]", capacity)
        status = lib.ws_metrics(0, buffer, capacity, size)
        if status != ErrorCode.BUFFER:
            check(status)
            return text_of(buffer)
        capacity = size[0] + 4096
