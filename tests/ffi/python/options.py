# SPDX-License-Identifier: Apache-2.0
"""options.py LIBRARY [SEED [SECONDS]]: option structs full of random values.

Nothing crashes or hangs, and whatever is refused says which member it was. The seed is
printed; the same seed makes the same structs. It runs in a directory of its own, because
some members name files that are made.
"""
import ctypes
import os
import random
import re
import sys
import tempfile
import time

import ws

NUMBERS = [1, 2, 3, -1, -2, 7, 100, 1000, 1023, 1024, 65535, 65536, 3600000, 3600001, 2**31 - 1, -2**31, 2**24, 2**46, 2**46 + 1,
           2**62, -2**63, 2**63 - 1]
WORDS = [b"", b"x", b"chat, superchat", b"127.0.0.1", b"::1", b"0.0.0.0", b"999.1.1.1", b"localhost", b"/proc/none", b"/dev/null", b"/", b"/tmp",
         b"*", b"https://example.com", b"https://a, *, null", b"\xff\xfe", b"a b", b"a\r\nb: c", b"10.0.0.0/8, ::1", b"unix", b"@abstract",
         b"Authorization", b"Host", b"Sec-WebSocket-Key", b"TLS_AES_128_GCM_SHA256", b"example.com,.local", b"%s%n", b",", b",,a", b"l" * 70000]
PEM = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
# What a member counts is its own affair: "options.headers[3].name: ..."
NAMED = re.compile(r"^(?:options|config|response|url|completion)\b(?:\.(\w+))?")


class Maker:
    """Random structs. What they point to lives as long as the maker."""

    def __init__(self, seed):
        self.random, self.alive = random.Random(seed), []

    def number(self, kind):
        bits = ctypes.sizeof(kind) * 8
        n = self.random.choice(NUMBERS) if self.random.random() < 0.8 else self.random.getrandbits(bits)
        return kind(n).value  # cut to its size

    def text(self):
        text = ctypes.create_string_buffer(self.random.choice(WORDS))
        self.alive.append(text)
        return ctypes.addressof(text)

    def bytes(self):
        data = self.random.choice([PEM, self.random.randbytes(self.random.randrange(300)), b""])
        data = ctypes.create_string_buffer(data, max(1, len(data)))
        self.alive.append(data)
        return ctypes.addressof(data), ctypes.sizeof(data)

    def array(self, name):
        n = self.random.choice([1, 1, 2, 3])
        many = (ws.STRUCTS[name] * n)()
        for i in range(n):
            many[i] = self.struct(name, self.random.random() * 0.5)
        self.alive.append(many)
        return ctypes.addressof(many), n

    def struct(self, name, odd):
        """odd is the part of the members that are not zero."""
        made = ws.make(name)
        members = ws.DECLARED["structs"][name]
        counts = {}
        for member, kind in members.items():
            field = dict(made._fields_)[member]
            if member in counts:
                setattr(made, member, counts[member] if self.random.random() < 0.9 else self.random.randrange(counts[member] + 1))
                continue
            if member == "struct_size" or self.random.random() > odd:
                continue
            if kind == "const char *":
                setattr(made, member, ctypes.cast(self.text(), ctypes.c_char_p))
            elif kind == "const void *":
                at, counts[f"{member}_size"] = self.bytes()
                setattr(made, member, at)
            elif kind.startswith("const ws_"):
                at, counts[f"{member.removesuffix('s')}_count"] = self.array(kind.split()[1])
                setattr(made, member, at)
            elif kind == "const int32_t *":
                many = (ctypes.c_int32 * 3)(*(self.number(ctypes.c_int32) for _ in range(3)))
                self.alive.append(many)
                setattr(made, member, ctypes.addressof(many))
                counts[f"{member.removesuffix('s')}_count"] = 3
            elif kind in ("ws_callback", "ws_log_callback"):
                pass  # an address that is none of a function cannot be told from one that is
            elif kind == "void *":
                setattr(made, member, self.random.getrandbits(63))
            elif kind.endswith("*"):
                raise AssertionError(f"{name}.{member}: what is behind a {kind}?")
            else:
                setattr(made, member, self.number(field))
        if "struct_size" in members and self.random.random() < 0.1 * odd:
            made.struct_size = self.random.choice([0, 1, 4, 8, made.struct_size - 1, made.struct_size - 8])
        self.alive.append(made)
        return made


def main():
    path, seed, seconds = sys.argv[1], int((sys.argv[2:] + ["1"])[0]), float((sys.argv[3:] + ["3"])[0])
    print(f"seed {seed}", flush=True)
    lib = ws.load(path)
    refused, accepted = 0, 0

    def judge(call, name, status):
        """A refusal names a member of the struct, or the struct or another argument."""
        nonlocal refused, accepted
        if status == ws.OK:
            accepted += 1
            return
        refused += 1
        text = lib.last_error().decode(errors="replace")
        assert text, f"{call}: {status} and no text"
        if status == ws.ERR_PARAMETER:
            named = NAMED.match(text)
            assert named, f"{call}: {text!r} names no argument"
            member = named.group(1)
            assert not member or member in ws.DECLARED["structs"][name], f"{call}: {text!r}: {name} has no {member}"

    def created(call, name, handle):
        judge(call, name, ws.OK if handle else ws.ERR_PARAMETER)
        return handle

    end, round = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        make = Maker(seed * 1_000_003 + round)
        round += 1
        client = created("ws_create", "ws_create_options", lib.create(make.struct("ws_create_options", make.random.random())))
        if not client:
            client = lib.create(None)
        judge("ws_connect", "ws_connect_options",
              lib.connect(client, make.random.choice([b"ws://127.0.0.1:1/", b"wss://127.0.0.1:1/", b"ws+unix:///proc/none"]),
                          make.struct("ws_connect_options", make.random.random() * 0.5), None, None))
        judge("ws_close", "ws_close_options", lib.close(client, make.struct("ws_close_options", make.random.random()), None, None))
        assert lib.destroy(client) == ws.OK
        server = created("ws_server_create", "ws_server_options",
                         lib.server_create(make.struct("ws_server_options", make.random.random())))
        if not server:
            server = lib.server_create(None)
        config = make.struct("ws_server_config", make.random.random() * 0.4)
        if make.random.random() < 0.7:
            config.server_port = 0  # else most rounds end there
        if make.random.random() < 0.9:
            config.server_ip = b"127.0.0.1"
        judge("ws_server_start", "ws_server_config", lib.server_start(server, config, None, None))
        judge("ws_server_stop", "ws_close_options",
              lib.server_stop(server, make.struct("ws_close_options", make.random.random()), None, None))
        assert lib.server_destroy(server) == ws.OK
        queue = created("ws_queue_create", "ws_queue_options", lib.queue_create(make.struct("ws_queue_options", make.random.random())))
        if queue:
            assert lib.queue_destroy(queue) == ws.OK
    assert lib.shutdown_wait(20000) == ws.OK, lib.last_error()
    print(f"{round} rounds: {accepted} calls accepted, {refused} refused")
    assert accepted > 20 and refused > 20, "all alike"


with tempfile.TemporaryDirectory() as own:
    sys.argv[1] = os.path.abspath(sys.argv[1])
    os.chdir(own)
    try:
        main()
    finally:
        os.chdir("/")
