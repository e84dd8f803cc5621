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

# A round that has failed is left out, and a server of which all have.
results = json.loads((sources / "docs/benchmarks/results.json").read_text())
found = results["figures"]["echo"]["found"]["64x64x1"]
found["libws"].append(None)
found["coder"] = [None]
drawn = picture.readme(results)
if ">libws<" not in drawn or drawn.count("coder (Go)") >= made.count("coder (Go)"):
    sys.exit("FAILED: a failed round is not left out")
