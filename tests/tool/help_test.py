# SPDX-License-Identifier: Apache-2.0
"""libws-cat --help, the completion of shells and the man page: all are made of the table of options."""
import asyncio
import os
import re
import shutil

from kit import cat, run

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SHARE = os.path.join(ROOT, "tools", "cat", "share")


async def test_what_is_kept_is_fresh(_):
    for form, name in (("bash", "libws-cat.bash"), ("zsh", "libws-cat.zsh"), ("fish", "libws-cat.fish"), ("man", "libws-cat.1")):
        with open(os.path.join(SHARE, name), "rb") as f:
            kept = f.read()
        assert (await cat("help", form)).out == kept, f"stale: libws-cat help {form} > tools/cat/share/{name}"


async def test_each_command_teaches_with_examples_that_parse(_):
    for command in ("connect", "listen", "bench", "check"):
        text = (await cat(command, "--help")).out.decode()
        assert "Examples:" in text and "Usage: libws-cat" in text, text
        assert all(len(line) <= 125 for line in text.splitlines()), max(text.splitlines(), key=len)
        known = set(re.findall(r"--[a-z0-9-]+", text.split("Examples:")[0]))
        for option in re.findall(r"(?<!\S)--[a-z0-9-]+", text.split("Examples:")[1]):
            assert option in known, (command, option)
    text = (await cat("--help")).out.decode()
    assert "listen 8080 --echo" in text and "Status:" in text, text
    assert re.fullmatch(r"libws-cat \d+\.\d+\.\d+\n", (await cat("--version")).out.decode())


async def test_man_takes_the_page(_):
    for tool, *command in (("mandoc", "mandoc", "-T", "lint", "-W", "error", "libws-cat.1"), ("groff", "groff", "-man", "-ww", "-z", "libws-cat.1")):
        if not shutil.which(tool):
            continue
        process = await asyncio.create_subprocess_exec(*command, cwd=SHARE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        out, _err = await process.communicate()
        assert process.returncode == 0 and not out, (command, out.decode())


async def test_it_stands_on_the_public_header_only(_):
    folder = os.path.join(ROOT, "tools", "cat")
    for name in os.listdir(folder):
        if name.endswith((".c", ".h")):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                lines = f.read().splitlines()
            assert len(lines) <= 400, f"{name} has {len(lines)} lines"
            for include in re.findall(r'#include ["<](.*?)[">]', "\n".join(lines)):
                assert include.startswith("libws/ws.h") or "/" not in include or include.startswith("sys/"), (name, include)


run(globals())
