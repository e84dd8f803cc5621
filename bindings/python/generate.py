#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the parts of the package that repeat declarations: constants, keyword arguments, C for cffi.

    generate.py            writes them, from tests/ffi/declarations.json
    generate.py --check    status 1 when they are stale
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests" / "ffi"))
from declared import Declared, write_or_check  # noqa: E402

HEAD = '''# SPDX-License-Identifier: Apache-2.0
# Generated from tests/ffi/declarations.json by bindings/python/generate.py; do not edit.
'''

# Class of constants, their prefix, and what it says.
FAMILIES = [
    ("ErrorCode", "WS_ERR_", "Ids of errors, Error.code. Positive ones are those of OpenHarmony's module."),
    ("Stage", "WS_STAGE_", "Where an error happened, Error.stage."),
    ("State", "WS_STATE_", "The life of a connection, Connection.state."),
    ("EventType", "WS_EVENT_", "Event.type."),
    ("PartOf", "WS_PART_", "Part.part, of a message that is received in pieces."),
    ("Text", "WS_TEXT_", "What Connection.text gives."),
    ("Proxy", "WS_PROXY_", "Keyword proxy of connect."),
    ("Tls", "WS_TLS_", "Keywords min_support_tls_protocol and max_support_tls_protocol."),
    ("Full", "WS_FULL_", "Keyword full_policy: what happens when max_buffered is reached."),
    ("Family", "WS_FAMILY_", "Keyword address_family of connect."),
    ("ClientAddress", "WS_ADDRESS_", "Keyword client_address of serve."),
    ("Engine", "WS_ENGINE_", "Keyword engine of init."),
    ("LogLevel", "WS_LOG_", "Keyword log_level of init."),
]

# What no keyword gives, and why.
LEFT_OUT = {
    "queue": "each event loop, and each thread that waits, has a queue of its own",
    "user_data": "handles are looked up by their number",
    "log": "it would be called on threads of the library; WS_LOG=debug in the environment prints",
    "log_user_data": "goes with log",
    "server_ip": "the argument host",
    "server_port": "the argument port",
    "WS_PING_EVENTS": "always set: ping() waits for a pong",
    "WS_UPGRADE_EVENTS": "set when on_upgrade is given",
    "WS_REQUEST_EVENTS": "set when on_request is given",
    "WS_TOPIC_EVENTS": "set when on_event is given",
    "WS_VERIFY_EVENTS": "set when verify is given",
    "WS_ASK_BEFORE_RECONNECT": "set when before_reconnect is given",
}

# Members that are arguments of their own in the call of that class.
ARGUMENTS = {"CloseOptions": ("code", "reason"), "ResponseOptions": ("status", "body"), "AdoptOptions": ("descriptor",)}

# TypedDict, the structs whose members it has, and what it says. Each option struct is in one of them.
CLASSES = [
    ("CompressionOptions", ["ws_compression"], "Keyword compression; True is {}."),
    ("ReconnectOptions", ["ws_reconnect_options"], "Keyword reconnect; True is {}."),
    ("ConnectOptions", ["ws_create_options", "ws_connect_options"], "Keyword arguments of connect."),
    ("ReconnectChanges", ["ws_reconnect_changes"], "What before_reconnect gives back: what is different from now on."),
    ("CertificateOptions", ["ws_certificate"], "An element of certificates."),
    ("ListenerOptions", ["ws_listener"], "An element of listeners: one more place where a server listens."),
    ("ServeOptions", ["ws_server_options", "ws_server_config"], "Keyword arguments of serve."),
    ("AcceptOptions", ["ws_accept_options"], "What Upgrade.accept may change for one connection."),
    ("AdoptOptions", ["ws_adopt_options"], "Keyword arguments of Server.adopt."),
    ("ResponseOptions", ["ws_response"], "An answer to a request."),
    ("CloseOptions", ["ws_close_options"], "Keyword arguments of close."),
    ("SendOptions", ["ws_send_options"], "Keyword arguments of send, send_nowait, publish and broadcast."),
    ("InitOptions", ["ws_init_options"], "Keyword arguments of init."),
    ("QueueOptions", ["ws_queue_options"], "Not given by programs: each loop makes its own queue."),
]

TYPES = {"text": "str | None", "path": "str | os.PathLike[str] | None", "bytes": "bytes | str | None",
         "headers": "Headers", "ints": "Sequence[int]", "milliseconds": "float | None", "integer": "int | None", "unsigned": "int | None",
         "descriptor": "int", "flag": "bool"}


def keyword(member):
    """Times are seconds in Python, so _ms goes; flags are lower case."""
    if member.kind == "flag":
        return re.sub("^WS_(LISTEN_|ADOPT_)?", "", member.name).lower()
    return member.name.removesuffix("_ms") if member.kind == "milliseconds" else member.name


def constants(declared):
    out = [HEAD + '"""The numbers of ws.h by family, as in ws_types.h and ws_options.h."""', "from enum import IntEnum", ""]
    own = set()
    for name, prefix, says in FAMILIES:
        values = {n: v for n, v in declared.constants.items() if n.startswith(prefix)}
        own.update(values)
        out += ["", f"class {name}(IntEnum):", f'    """{says}"""', ""]
        for constant, value in values.items():
            short = constant.removeprefix(prefix)
            out.append(f"    {'V' if short[0].isdigit() else ''}{short} = {value}")
        out.append("")
    out += ["", "# ---- the others ----------------------------------------------------------------"]
    out += [f"{n.removeprefix('WS_')} = {v}" for n, v in declared.constants.items() if n not in own]
    return "\n".join(out) + "\n"


def type_of(member, names):
    if member.kind == "struct":
        return f"bool | {names[member.struct]}"
    if member.kind == "structs":
        return f"Sequence[{names[member.struct]}]"
    return TYPES[member.kind]


def options(declared):
    names = {struct: name for name, structs, _ in CLASSES for struct in structs}
    missing = set(declared.options()) ^ set(names)
    if missing:
        sys.exit(f"generate.py: CLASSES differs from the structs of options: {missing}")
    out = [HEAD + '''"""Keyword arguments, which are the members and flags of the structs of options in ws_options.h and
ws_server_options.h: what each does, its range and its default stand beside the member of the same
name there. Times (members in _ms) are seconds here, and lose the _ms; flags are bool, without WS_;
None is what -1 is there: off, or no limit; of key 0: none. What is not given has the library's default.
"""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Mapping, NamedTuple, Sequence, Tuple, TypedDict, Union

if TYPE_CHECKING:
    Headers = Union[Mapping[str, str], Sequence[Tuple[str, str]]]
''']
    for name, structs, says in CLASSES:
        out += ["", f"class {name}(TypedDict, total=False):", f'    """{says}"""', ""]
        seen = {}
        for struct in structs:
            out.append(f"    # {struct}")
            for member in declared.members(struct):
                key = keyword(member)
                if member.kind == "flag" and key in declared.structs[struct]:
                    continue  # set when the descriptor is given
                if key in ARGUMENTS.get(name, ()):
                    out.append(f"    # without {key}: an argument of its own")
                elif member.name in LEFT_OUT:
                    out.append(f"    # without {key}: {LEFT_OUT[member.name]}")
                elif key in seen:  # the same word for both
                    if seen[key] != member.kind:
                        sys.exit(f"generate.py: {key} is {seen[key]} and {member.kind}")
                else:
                    seen[key] = member.kind
                    out.append(f"    {key}: {type_of(member, names)}")
        out.append("")
    out += ["", "class Member(NamedTuple):", '    """Where a keyword goes: member of a struct, how it is written, and what goes with it."""', "",
            "    name: str", "    kind: str", "    size: str", "    struct: str", "    value: int", "",
            "", "# struct: keyword: where it goes", "TABLE: dict[str, dict[str, Member]] = {"]
    for struct in declared.options():
        out.append(f'    "{struct}": {{')
        members = list(declared.members(struct))
        given = {keyword(m): m.value for m in members if m.kind == "flag"}
        for member in members:
            if member.kind in ("handle", "pointer", "callback"):
                continue
            if member.kind == "flag" and keyword(member) in declared.structs[struct]:
                continue
            if member.kind == "descriptor":
                member = member._replace(value=given.get(member.name, 0))
            name = "flags" if member.kind == "flag" else member.name
            out.append(f'        "{keyword(member)}": Member("{name}", "{member.kind}", "{member.size}", "{member.struct}", {member.value}),')
        out.append("    },")
    return "\n".join(out + ["}", ""])


def left_out_is_used(declared):
    known = {m.name for s in declared.options() for m in declared.members(s)}
    return [name for name in LEFT_OUT if name not in known]


def main(check=""):
    declared = Declared()
    unused = left_out_is_used(declared)
    if unused:
        sys.exit(f"generate.py: LEFT_OUT has what is no option: {unused}")
    head = "/* SPDX-License-Identifier: Apache-2.0 */\n/* Generated by bindings/python/generate.py; do not edit. */\n"
    write_or_check({"_constants.py": constants(declared), "_options.py": options(declared),
                    "_declarations.h": head + declared.c_text()}, HERE / "libws", check, "bindings/python/generate.py")


if __name__ == "__main__":
    main(*sys.argv[1:])
