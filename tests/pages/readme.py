#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""README.md and docs/examples.md name every example, and links of both and of the pages here lead somewhere.

    readme.py SOURCES
"""
import re
import sys
from pathlib import Path

sources = Path(sys.argv[1])
faults = []


def fault(text):
    faults.append(text)


def examples():
    """Files of examples that somebody reads."""
    for place in ("examples_c", "examples_cpp", "examples_loops"):
        for file in sorted((sources / place).iterdir()):
            if file.name != "CMakeLists.txt" and file.suffix not in (".sh", ".cmake") and file.is_file():
                yield file.relative_to(sources)
    for file in sorted((sources / "bindings").rglob("*.*")):
        path = file.relative_to(sources)
        made = {"node_modules", "target", "build", "__pycache__"} & set(path.parts)
        if file.is_file() and not made and (path.parts[-2] == "examples" or re.fullmatch(r"hello\w*\.\w+", file.name)):
            yield path


def every_example_is_named():
    readme, index = ((sources / page).read_text() for page in ("README.md", "docs/examples.md"))
    found = list(examples())
    if len(found) < 30:
        fault(f"{len(found)} examples were found: is the search broken?")
    for file in found:
        if f"`{file.name}`" not in readme:
            fault(f"README.md does not name {file}")
        if f"`{file}`" not in index:
            fault(f"docs/examples.md does not name {file}")
    for binding in sorted((sources / "bindings").iterdir()):
        if binding.is_dir() and binding.name != "__pycache__" and f"`bindings/{binding.name}`" not in readme:
            fault(f"README.md does not name bindings/{binding.name}")


def anchors(page):
    """Those that headings make, as GitHub makes them."""
    for heading in re.findall(r"^#+ (.*)$", page.read_text(), re.M):
        yield re.sub(r"[^\w\- ]", "", re.sub(r"`|\[|\]\([^)]*\)", "", heading).lower()).replace(" ", "-")


def links_lead_somewhere():
    pages = [sources / "README.md", sources / "docs/examples.md", sources / "docs/faq.md", sources / "docs/troubleshooting.md",
             *(sources / "docs/migration").glob("*.md")]
    count = 0
    for page in pages:
        text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            path, _, anchor = target.partition("#")
            file = page.parent / path if path else page
            if not file.exists():
                fault(f"{page.relative_to(sources)} leads to {target}, which is not there")
            elif anchor and anchor not in anchors(file / "README.md" if file.is_dir() else file):
                fault(f"{page.relative_to(sources)} leads to {target}: there is no such heading")
    if count < 30:
        fault(f"{count} links were found: is the search broken?")


def facts_are_those_of_the_code():
    readme = (sources / "README.md").read_text()
    header = (sources / "include/libws/ws_types.h").read_text()
    version = ".".join(re.search(rf"#define WS_VERSION_{part} (\d+)", header)[1] for part in ("MAJOR", "MINOR", "PATCH"))
    go = ".".join(re.search(r"^go (\d+)\.(\d+)", (sources / "go.mod").read_text(), re.M).groups())
    for text in (f"{version}, not released", f"Go {go} or newer"):
        if text not in " ".join(readme.split()):
            fault(f"README.md does not say '{text}'")


every_example_is_named()
links_lead_somewhere()
facts_are_those_of_the_code()
sys.exit("\n".join(faults) or 0)
