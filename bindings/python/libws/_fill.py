# SPDX-License-Identifier: Apache-2.0
"""Keyword arguments become structs of options."""
from __future__ import annotations

import difflib
import os
from typing import Any, Callable, Iterable, Mapping

from ._native import ffi
from ._options import TABLE, Member


def known(call: str, given: Mapping[str, Any], kind: type) -> None:
    """Raises TypeError for a keyword that is none."""
    words = kind.__annotations__
    for name in given:
        if name not in words:
            near = difflib.get_close_matches(name, words, 1)
            raise TypeError(f"{call} got an unexpected keyword argument {name!r}"
                            + (f"; did you mean {near[0]!r}?" if near else ""))


def _text(value: Any) -> bytes:
    text = os.fspath(value)
    data = text if isinstance(text, bytes) else str(text).encode()
    if b"\0" in data:
        raise ValueError("has a NUL inside")
    return data


class Filled:
    """A struct of options: at is a pointer to it, and keeps all that the struct points to."""

    def __init__(self, struct: str, given: Mapping[str, Any], queue: int = 0, **also: Any) -> None:
        kept: list[Any] = []
        self._kept = kept
        # The pointer may outlive this object, as in f(Filled(...).at), and what it points to has to, too.
        self.at = ffi.gc(self._struct(struct, {**given, **also}), lambda _: kept.clear())
        if queue:
            self.at.queue = queue

    def _new(self, kind: str, value: Any) -> Any:
        made = ffi.new(kind, value)
        self._kept.append(made)
        return made

    def _struct(self, struct: str, given: Mapping[str, Any]) -> Any:
        made = self._new(f"{struct} *", None)
        self._fill(made, struct, given)
        return made

    def _fill(self, made: Any, struct: str, given: Mapping[str, Any]) -> None:
        made.struct_size = ffi.sizeof(struct)
        for name, member in TABLE[struct].items():
            if name in given:
                self._write(made, member, name, given[name])

    def _write(self, made: Any, member: Member, name: str, value: Any) -> None:
        try:
            WRITE[member.kind](self, made, member, value)
        except (TypeError, ValueError, OverflowError, AttributeError) as failure:
            wrong = TypeError if isinstance(failure, (TypeError, AttributeError)) else ValueError
            raise wrong(f"{name}: {failure}") from None

    def write(self, struct: str, name: str, value: Any) -> None:
        self._write(self.at, TABLE[struct][name], name, value)

    def _integer(self, made: Any, member: Member, value: Any) -> None:
        setattr(made, member.name, -1 if value is None else value)

    def _unsigned(self, made: Any, member: Member, value: Any) -> None:
        setattr(made, member.name, 0 if value is None else value)

    def _descriptor(self, made: Any, member: Member, value: Any) -> None:
        setattr(made, member.name, value)
        made.flags |= member.value  # that it is given, because 0 is a descriptor, too

    def _milliseconds(self, made: Any, member: Member, value: Any) -> None:
        # What is above 0 stays above 0, which would mean the default.
        wanted = -1 if value is None else round(value * 1000)
        setattr(made, member.name, wanted or (1 if value else 0))

    def _flag(self, made: Any, member: Member, value: Any) -> None:
        if value:
            made.flags |= member.value

    def _string(self, made: Any, member: Member, value: Any) -> None:
        if value is not None:
            setattr(made, member.name, self._new("char[]", _text(value)))

    def _bytes(self, made: Any, member: Member, value: Any) -> None:
        if value is not None:
            data = value.encode() if isinstance(value, str) else bytes(value)
            setattr(made, member.name, self._new("char[]", data))
            setattr(made, member.size, len(data))

    def _headers(self, made: Any, member: Member, value: Any) -> None:
        pairs: Iterable[tuple[str, str]] = value.items() if isinstance(value, Mapping) else value
        fields = [(self._new("char[]", _text(n)), self._new("char[]", _text(v))) for n, v in pairs]
        array = self._new("ws_header[]", len(fields))
        for place, (field, content) in zip(array, fields):
            place.name, place.value = field, content
        setattr(made, member.name, array)
        setattr(made, member.size, len(fields))

    def _ints(self, made: Any, member: Member, value: Any) -> None:
        setattr(made, member.name, self._new("int32_t[]", list(value)))
        setattr(made, member.size, len(value))

    def _inner(self, made: Any, member: Member, value: Any) -> None:
        if value is not None and value is not False:
            setattr(made, member.name, self._struct(member.struct, {} if value is True else _checked(member, value)))

    def _structs(self, made: Any, member: Member, value: Any) -> None:
        array = self._new(f"{member.struct}[]", len(value))
        for i, each in enumerate(value):
            self._fill(ffi.addressof(array, i), member.struct, _checked(member, each))
        setattr(made, member.name, array)
        setattr(made, member.size, len(value))


def _checked(member: Member, value: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in value:
        if name not in TABLE[member.struct]:
            raise TypeError(f"{name!r} is none of {', '.join(TABLE[member.struct])}")
    return value


WRITE: dict[str, Callable[[Filled, Any, Member, Any], None]] = {
    "integer": Filled._integer, "unsigned": Filled._unsigned, "descriptor": Filled._descriptor,
    "milliseconds": Filled._milliseconds, "flag": Filled._flag, "text": Filled._string, "path": Filled._string, "bytes": Filled._bytes,
    "headers": Filled._headers, "ints": Filled._ints, "struct": Filled._inner, "structs": Filled._structs}
