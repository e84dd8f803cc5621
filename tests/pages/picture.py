#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks/readme.svg, the picture of README.md, is what results.json says.

    picture.py SOURCES            compares
    picture.py SOURCES --write    writes it anew
"""
import json
import sys
from pathlib import Path

sources = Path(sys.argv[1])
sys.path.insert(0, str(sources / "tests/bench"))
from harness import picture  # noqa: E402

kept = sources / "docs/benchmarks/readme.svg"
made = picture.readme(json.loads((sources / "docs/benchmarks/results.json").read_text()))
if "--write" in sys.argv:
    kept.write_text(made)
elif kept.read_text() != made:
    sys.exit("docs/benchmarks/readme.svg is not what results.json says; tests/pages/picture.py . --write makes it anew")
