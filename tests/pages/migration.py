#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Programs in docs/migration compile without a warning, those that connect talk to echo_server, and names of
this library in pages are in its headers.

    migration.py SOURCES LIBRARY_DIR CC CXX ECHO_SERVER
"""
import concurrent.futures
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sources, libraries, cc, cxx, echo_server = sys.argv[1:]
sources = Path(sources)
URL = "ws://127.0.0.1:8080/"
PATIENCE = 120  # seconds; for what hangs


def programs():
    """Page, number, language and text of each block of code of ours."""
    for page in sorted((sources / "docs/migration").glob("*.md")):
        for number, (language, text) in enumerate(re.findall(r"^```(c|cpp)\n(.*?)^```$", page.read_text(), re.M | re.S)):
            yield page.stem, number, language, text


def compiled(work, page, number, language, text):
    source, program = work / f"{page}.{number}.{language}", work / f"{page}.{number}"
    source.write_text(text)
    compiler = [cc, "-std=gnu11"] if language == "c" else [cxx, "-std=c++17", "-Wold-style-cast"]
    libs = ["-lnet_websocket"] if "net_websocket.h" in text else []
    subprocess.run([*compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I", sources / "include", source, "-L", libraries, *libs, "-lws",
                    f"-Wl,-rpath,{libraries}", "-pthread", "-o", program], check=True)
    return program


def one(work, url, page, number, language, text):
    """What is wrong, or None."""
    name = f"docs/migration/{page}.md, program {number + 1}"
    try:
        program = compiled(work, page, number, language, text.replace(URL, url))
    except subprocess.CalledProcessError:
        return f"{name} does not compile"
    if URL not in text:
        return None if "server_port" in text else f"{name} neither connects nor serves"
    done = subprocess.run([program], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    if (done.returncode, done.stdout) != (0, "hello\n"):
        return f"{name} ends with {done.returncode}, and prints {done.stdout!r} and {done.stderr!r}"
    return None


def run_all(work):
    server = subprocess.Popen([echo_server, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().split()[-1] + "/"
        every = list(programs())
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            faults = [fault for fault in pool.map(lambda p: one(work, url, *p), every) if fault]
    finally:
        server.kill()
        server.wait()
    pages = {page for page, *_ in every}
    faults += [f"docs/migration/{page.name} has no program" for page in (sources / "docs/migration").glob("*.md")
               if page.stem != "README" and page.stem not in pages]
    return faults


def names_are_in_the_headers():
    """ws_ and WS_ names of the pages here; each page has ten calls side by side."""
    known = "\n".join(header.read_text() for header in (sources / "include").rglob("*.h*"))
    known += (sources / "CMakeLists.txt").read_text() + (sources / "cmake/Size.cmake").read_text()
    words = set(re.findall(r"\w+", known))
    for page in [sources / "README.md", sources / "docs/faq.md", sources / "docs/troubleshooting.md", *(sources / "docs/migration").glob("*.md")]:
        for name in set(re.findall(r"(?<![/\w])(?:ws_|WS_|OH_|WEBSOCKET_)\w+(?![\w.])", page.read_text())):
            if name not in words and name not in ("WS_LOG", "WS_BUILD_TESTS") and not name.endswith("_"):
                yield f"{page.relative_to(sources)} names {name}, which no header has"
        rows = re.findall(r"^\| [^|]+ \| libws \| what differs \|\n\|---\|---\|---\|\n((?:\|.*\n)+)", page.read_text(), re.M)
        if page.parent.name == "migration" and page.stem != "README" and (len(rows) != 1 or rows[0].count("\n") != 10):
            yield f"{page.relative_to(sources)} has not ten calls side by side"


with tempfile.TemporaryDirectory() as directory:
    faults = [*names_are_in_the_headers(), *run_all(Path(directory))]
sys.exit("\n".join(faults) or 0)
