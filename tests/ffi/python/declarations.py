#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What ctypes makes of declarations.json is what the compiler makes of the header.

    declarations.py PROGRAM    PROGRAM prints what the header declares (header.py)

Ends with status 1 and a list when they differ.
"""
import sys

import ws

found = ws.differences(sys.argv[1])
print("\n".join(found) or "no difference")
sys.exit(1 if found else 0)
