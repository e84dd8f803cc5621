# SPDX-License-Identifier: Apache-2.0
"""The programs in docs/languages/python.md are those of examples, or run as they stand.

    pages.py PAGE
"""
import re
import subprocess
import sys
from pathlib import Path

page = Path(sys.argv[1]).read_text()
examples = Path(__file__).resolve().parent.parent / "examples"
whole, threads = re.findall(r"```python\n(.*?)```", page, re.S)
assert (examples / "hello.py").read_text().endswith(whole), "the first program is not examples/hello.py"
transcript = re.search(r"```\n\n((?:    .*\n)+)", page)[1].replace("    ", "")


def run(program):
    return subprocess.run([sys.executable, "-B", "-W", "error", "-c", program], stdout=subprocess.PIPE, check=True,
                          timeout=600, text=True).stdout


# Which end prints first is chance.
assert sorted(run(whole).splitlines()) == sorted(transcript.splitlines()), "the transcript is another one"
assert run(threads) == "bye\n"
print("2 programs")
