# SPDX-License-Identifier: Apache-2.0
"""Every member and flag of the option structs is a keyword argument, or is said why not, and goes where it belongs.

    options.py DIRECTORY_OF_declared.py DIRECTORY_OF_generate.py
"""
import inspect
import sys
import unittest

from libws import _options, serve
from libws._client import connect
from libws._fill import Filled
from libws._native import ffi

sys.dont_write_bytecode = True
sys.path[:0] = sys.argv[1:3]
from declared import Declared  # noqa: E402
import generate  # noqa: E402

DECLARED = Declared()


class Options(unittest.TestCase):
    def test_none_is_forgotten(self):
        count = 0
        for name, structs, _ in generate.CLASSES:
            words = getattr(_options, name).__annotations__
            for struct in structs:
                for member in DECLARED.members(struct):
                    key = generate.keyword(member)
                    with self.subTest(struct=struct, member=member.name):
                        said = member.name in generate.LEFT_OUT or key in generate.ARGUMENTS.get(name, ())
                        self.assertNotEqual(key in words, said)
                    count += 1
        covered = {struct for _, structs, _ in generate.CLASSES for struct in structs}
        self.assertEqual(covered, set(DECLARED.options()))
        self.assertGreater(count, 200)
        print(f"{count} members and flags of {len(covered)} structs")

    def test_each_keyword_writes_its_member_and_no_other(self):
        for struct in DECLARED.options():
            size = ffi.sizeof(struct)
            plain = bytes(ffi.buffer(Filled(struct, {}).at, size))
            seen = {}
            for key, member in _options.TABLE[struct].items():
                value = {"integer": 3, "unsigned": 3, "descriptor": 3, "milliseconds": 0.25, "flag": True, "text": "x", "path": "/x",
                         "bytes": b"xyz", "headers": {"a": "b"}, "ints": [7], "struct": True, "structs": [{}]}[member.kind]
                filled = Filled(struct, {key: value})
                at = filled.at
                with self.subTest(struct=struct, key=key):
                    changed = frozenset(i for i, (a, b) in enumerate(zip(plain, bytes(ffi.buffer(at, size)))) if a != b)
                    self.assertTrue(changed)
                    if member.kind != "flag":
                        self.assertTrue(all(not (changed & other) or member.kind == "descriptor" for other in seen.values()))
                        seen[key] = changed
                    written = getattr(at, member.name)
                    if member.kind in ("text", "path"):
                        self.assertEqual(ffi.string(written), value.encode())
                    elif member.kind == "bytes":
                        self.assertEqual(bytes(ffi.buffer(written, getattr(at, member.size))), b"xyz")
                    elif member.kind == "headers":
                        header = ffi.cast("ws_header *", written)
                        self.assertEqual((ffi.string(header.name), ffi.string(header.value)), (b"a", b"b"))
                    elif member.kind in ("struct", "structs"):
                        self.assertEqual(written.struct_size, ffi.sizeof(member.struct))
                    else:
                        self.assertEqual(written[0] if member.kind == "ints" else written,
                                         {"flag": member.value, "milliseconds": 250, "ints": 7}.get(member.kind, 3))

    def test_none_means_off_and_a_short_time_stays_one(self):
        at = Filled("ws_connect_options", {"ping_interval": None, "connect_timeout": 0.0001, "tls_timeout": 0}).at
        self.assertEqual((at.ping_interval_ms, at.connect_timeout_ms, at.tls_timeout_ms), (-1, 1, 0))
        self.assertEqual(Filled("ws_create_options", {"max_message_size": None}).at.max_message_size, -1)
        self.assertEqual(Filled("ws_connect_options", {"origin": None}).at.origin, ffi.NULL)

    def test_0_is_a_descriptor_that_is_given(self):
        at = Filled("ws_connect_options", {"connected_descriptor": 0}).at
        self.assertEqual(at.flags, DECLARED.constants["WS_CONNECTED_DESCRIPTOR"])

    def test_the_hooks_are_documented(self):
        for call in connect, serve:
            for name in inspect.signature(call.__init__).parameters:
                if name not in ("self", "url", "options"):
                    self.assertIn(name, inspect.getdoc(call))


unittest.main(argv=sys.argv[:1])
