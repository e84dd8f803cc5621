# SPDX-License-Identifier: Apache-2.0
"""mypy --strict over the package as it was installed, and over programs that are right and wrong.

    typing_strict.py SITE CACHE
"""
import re
import subprocess
import sys
from pathlib import Path

here = Path(__file__).parent
site, cache = sys.argv[1:]
done = subprocess.run(
    [sys.executable, "-m", "mypy", "--strict", "--cache-dir", cache, "--no-error-summary", str(Path(site, "libws")),
     str(here / "typed_right.py"), str(here / "typed_wrong.py")],
    env={"MYPYPATH": site, "PATH": ""}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
refused = {int(m[1]) for m in re.finditer(r"typed_wrong\.py:(\d+): error", done.stdout)}
wrong = {n for n, line in enumerate((here / "typed_wrong.py").read_text().splitlines(), 1) if line.endswith("# wrong")}
others = [line for line in done.stdout.splitlines() if "error" in line and "typed_wrong.py" not in line]
assert not others, "\n".join(others)
assert refused == wrong, f"lines of typed_wrong.py that are taken: {wrong - refused}; refused: {refused - wrong}\n{done.stdout}"
print(f"{len(wrong)} lines refused, nothing else")
