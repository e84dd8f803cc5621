# SPDX-License-Identifier: Apache-2.0
"""facts.py - what the pages say about the library is so.

    facts.py SOURCE BUILD

- The guide names every function, option, flag and event of the C headers.
- Links lead to files and headings that are there, and docs/README.md has every page.
- The guide uses the words of the field.
- Names that begin with ws_ or WS_ are in the headers, and what is quoted as a name with an underscore is one of ours. Pages
  about the inside, and those of languages, may name what is in any file of ours.
- Defaults are those of the headers: "`member` (default 16 MiB)", and tables with the columns
  "option" and "default".
- Orders of build.sh and programs of the build that a page names are there.
- docs/errors.md has every error id with its number, with a cause and a cure, every stage, and close codes by
  their names.
"""
import glob
import os
import re
import subprocess
import sys

import blocks
from header import Header, amounts, read

source, build = sys.argv[1:]
header = Header(f"{source}/include")
for file in glob.glob(f"{source}/examples_loops/*.h*"):  # adapters to copy are as public
    header.names |= set(re.findall(r"\b(?:ws|WS)_\w+", read(file)))
# Pages about how it is made, which name what no host sees.
INSIDE = {"docs/architecture.md", "docs/conformance.md", "docs/benchmarks.md", "docs/platforms.md", "docs/dependencies.md",
          "docs/openharmony.md", "docs/openharmony-build.md", "docs/tool.md", "CONTRIBUTING.md"}
faults = []


def ours():
    """Every word with an underscore in our files, and the name of each file."""
    tree = subprocess.run(["sh", "-c", 'git -C "$0" ls-files -z', source], capture_output=True, text=True)
    names = tree.stdout.split("\0")[:-1]
    if tree.returncode:  # an archive, without git
        for directory, below, files in os.walk(source):
            below[:] = [name for name in below if not re.match(r"build|\.|node_modules$|target$", name)]
            names += [os.path.relpath(os.path.join(directory, name), source) for name in files]
    words = set()
    for name in names:
        words.add(os.path.splitext(os.path.basename(name))[0])
        if re.search(r"\.(c|h|hpp|cpp|go|cmake|sh|py|mjs|json)$|CMakeLists\.txt$", name) and not name.startswith(("tests/docs", "tests/abi/v0_1")):
            try:
                words.update(re.findall(r"\w*_\w*", read(f"{source}/{name}")))
            except (UnicodeDecodeError, FileNotFoundError):
                pass
    return words


def slug(heading):
    """The anchor that GitHub gives a heading."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(prose):
    found, seen = set(), {}
    for heading in re.findall(r"^#{1,6} +(.*?) *#*$", prose, re.M):
        s = slug(heading)
        seen[s] = seen.get(s, -1) + 1
        found.add(f"{s}-{seen[s]}" if seen[s] else s)
    return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', prose))


def links(page, prose):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(source, os.path.dirname(page), name)) if name else f"{source}/{page}"
        if not os.path.exists(path):
            faults.append(f"{page}: the link {target} leads to no file")
        elif anchor and anchor not in anchors(blocks.split(path, read(path))[1]):
            faults.append(f"{page}: {target}: there is no such heading")


def names(page, text, words):
    inside = page in INSIDE or page.startswith("docs/languages/")
    known = words | header.names if inside else header.names | CMAKE
    for name in sorted(set(re.findall(r"(?<![\w/.-])(?:ws_|WS_[A-Z])\w*", text))):
        if name not in known and not (name.endswith("_") and any(k.startswith(name) for k in known)):
            # A test, an example or a file is quoted by its name.
            if name not in words or f"`{name}`" not in text and not re.search(rf"{name}\.\w+|\w+/{name}", text):
                faults.append(f"{page}: there is no {name}")
    if inside:
        return  # other projects have names, too
    for name in sorted(set(re.findall(r"`(?:ws_\w+\.|\.)?([a-z]+_[a-z0-9_]*[a-z0-9])`", text))):
        if name not in words and name not in header.names:
            faults.append(f"{page}: nothing of ours is called {name}")


def idioms(page, text):
    if page not in {"docs/conformance.md", "docs/benchmarks.md", "docs/architecture.md"}:
        for idiom in sorted(set(re.findall(r"\b(?:told|hears|heard)\b", text))):
            faults.append(f"{page}: {idiom!r}: say delivered, notified or received")


def check_default(page, option, said):
    struct, _, member = option.rpartition(".")
    known = header.defaults(member, struct or None)
    numbers = amounts(said)
    if not numbers:
        return 0
    if not known:
        faults.append(f"{page}: the headers name no default of {option}")
    elif not any(numbers[0] in amounts(k)[:1] for k in known):
        faults.append(f"{page}: the default of {option} is {' or '.join(known)}, not {said}")
    return 1


def defaults(page, prose):
    count = 0
    for option, said in re.findall(r"`((?:ws_\w+\.)?[a-z]\w+)` \(default ([^)]*)\)", prose):
        count += check_default(page, option, said)
    for table in re.findall(r"(?:^\|.*\|$\n?)+", prose, re.M):
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))] for row in table.strip().split("\n")]
        if not {"option", "default"} <= set(rows[0]):
            continue
        for row in rows[2:]:
            options = re.findall(r"`((?:ws_\w+\.)?[a-z]\w+)`", row[rows[0].index("option")])
            if options:
                count += check_default(page, options[0], row[rows[0].index("default")])
    return count


def errors(page):
    text = read(f"{source}/{page}")
    sections = {}
    for section in re.split(r"^### ", text, flags=re.M)[1:]:
        title = re.match(r"`?(WS_\w+)`? \((-?\d+)\)", section)
        if title:
            sections[title[1]] = int(title[2]), section
    want = {name: value for name, value in header.constants.items() if name.startswith("WS_ERR_")}
    for name, value in want.items():
        if name not in sections:
            faults.append(f"{page}: nothing about {name} ({value})")
        elif sections[name][0] != value:
            faults.append(f"{page}: {name} is {value}")
        elif not all(re.search(rf"\*\*{word}\.\*\* \S", sections[name][1]) for word in ("Cause", "Cure")):
            faults.append(f"{page}: {name} has no cause or no cure")
    for name in sections.keys() - want.keys():
        faults.append(f"{page}: {name} is no error id")
    for name, value in header.constants.items():
        if name.startswith("WS_STAGE_") and not re.search(rf"^\| `{name}` \| {value} \| \S.*\| \S.*\|$", text, re.M):
            faults.append(f"{page}: no row about {name} ({value})")
    assert len(want) > 20, "the ids are not found in the headers"
    called = dict(re.findall(r'case (\d{4}): return "([^"]+)"', read(f"{source}/capi/front_names.c")))
    rows = dict(re.findall(r"^\| (1\d{3}) \| ([^|]+) \|", text, re.M))
    assert len(called) > 10 and len(rows) > 10, "the close codes are not found"
    for code, name in rows.items():
        if called.get(code) != name:
            faults.append(f"{page}: {code} is called {called.get(code)}")


def commands(page, text):
    """Orders of build.sh, and programs of the build, that are there."""
    for order in sorted(set(re.findall(r"\./build\.sh ([a-z][a-z0-9-]*)", text))):
        if not re.search(rf"^\./build\.sh {order}(?: |$)", BUILD_SH, re.M):
            faults.append(f"{page}: build.sh has no {order}")
    for example in sorted(set(re.findall(r"\b(examples_(?:c|cpp)/\w+)(?![\w.*])", text))):
        if not glob.glob(f"{source}/{example}.c*"):
            faults.append(f"{page}: there is no {example}")


def complete(pages):
    """Every function, option and flag is in a page of the guide, and every event in that about events."""
    guide = "".join(read(f"{source}/{page}") for page in pages if page.startswith("docs/") and page.count("/") == 1 and page not in INSIDE)
    listed = {struct for struct, _ in header.members if re.search(r"_options$|_config$|_compression$|_certificate$|_listener$|_changes$|_response$", struct)}
    wanted = header.functions | {name for name in header.constants if not name.startswith(("WS_VERSION", "WS_ABI", "WS_ENGINE", "WS_MODULE"))}
    wanted |= {member for struct, member in header.members if struct in listed and not re.search("^(reserved|struct_size|flags)|_(size|count|user_data)$", member)}
    for name in sorted(wanted):
        if not re.search(rf"(?<!\w){name}(?!\w)", guide):
            faults.append(f"docs: no page of the guide names {name}")
    for name in header.constants:
        if name.startswith("WS_EVENT_") and name not in read(f"{source}/docs/events.md"):
            faults.append(f"docs/events.md does not name {name}")
    assert len(wanted) > 300, "the header is not read"


def index(pages):
    text = read(f"{source}/docs/README.md")
    for page in pages:
        name = os.path.relpath(f"{source}/{page}", f"{source}/docs")
        if page.startswith("docs/") and page.count("/") == 1 and page != "docs/README.md" and f"]({name})" not in text:
            faults.append(f"docs/README.md does not name {name}")


BUILD_SH = read(f"{source}/build.sh")
words = ours()
for file in glob.glob(f"{build}/**/CTestTestfile.cmake", recursive=True):
    words.update(re.findall(r"^add_test\(\[*=*\[?([\w.]+)", read(file), re.M))
CMAKE = set(re.findall(r"\bWS_\w+", "".join(read(f) for f in [f"{source}/CMakeLists.txt", *glob.glob(f"{source}/cmake/*.cmake")])))
pages = sorted(os.path.relpath(p, source) for p in [f"{source}/README.md", f"{source}/CONTRIBUTING.md", f"{source}/SECURITY.md",
               *glob.glob(f"{source}/docs/*.md"), *glob.glob(f"{source}/docs/languages/*.md")])
compared = 0
for page in pages:
    text = read(f"{source}/{page}")
    _, prose = blocks.split(page, text)
    links(page, prose)
    names(page, text, words)
    idioms(page, text)
    commands(page, text)
    compared += defaults(page, prose)
errors("docs/errors.md")
index(pages)
complete(pages)
print(f"{len(pages)} pages, {compared} defaults, {len(words)} words of ours")
print("".join(f"FAILED: {fault}\n" for fault in faults), end="", file=sys.stderr)
sys.exit(bool(faults))
