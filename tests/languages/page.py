#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The programs in a page are those that the tests run.

    page.py PAGE LANGUAGE PROGRAM...    blocks of the language, in their order, are the programs

but for the comment of the licence, and for what stands above the first line of a program in its file."""
import re
import sys
from pathlib import Path


def main(page, language, *programs):
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", Path(page).read_text(), re.S | re.M)
    for number, program in enumerate(programs):
        text = re.sub(r"\A\S+ SPDX-License-Identifier: Apache-2.0\n\n?", "", Path(program).read_text())
        if number >= len(blocks) or blocks[number] != text:
            sys.exit(f"FAILED: block {number + 1} of {language} in {page} is not {program}, which is:\n\n```{language}\n{text}```")
    print(f"ok, {len(programs)} programs")


main(*sys.argv[1:])
