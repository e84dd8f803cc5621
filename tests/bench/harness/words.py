# SPDX-License-Identifier: Apache-2.0
"""What a reader is told in place of "64x16384x16"."""
import re

LOAD = re.compile(r"(?<![\w.])(\d+)x(\d+)x(\d+)(?![\w.])")


def size(count):
    """Bytes as people write them."""
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= unit and count % unit == 0:
            return f"{count // unit} {name}"
    return f"{count} bytes"


def load(text):
    """connections x bytes x messages in flight on each"""
    connections, bytes_, flight = map(int, text.split("x"))
    many = "1 connection" if connections == 1 else f"{connections:,} connections"
    return f"{many}, {size(bytes_)}, {'one' if flight == 1 else flight} at a time"


def loads(text):
    """A text in which each load is in words."""
    return LOAD.sub(lambda found: load(found[0]), text)
