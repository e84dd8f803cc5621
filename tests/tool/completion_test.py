# SPDX-License-Identifier: Apache-2.0
"""The completion of bash, fish and zsh, each by the shell itself."""
import asyncio
import os
import shutil

from kit import run
from terminal import Terminal

SHARE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "cat", "share")


async def completed(*words):
    """What bash would offer for the last word."""
    script = f"source {SHARE}/libws-cat.bash; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); compopt() {{ :; }}; _libws_cat; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    process = await asyncio.create_subprocess_exec("bash", "-c", script, "bash", *words, stdout=asyncio.subprocess.PIPE)
    out, _err = await process.communicate()
    return out.decode().split()


async def test_bash_completes_commands_options_choices_and_files(directory):
    assert await completed("libws-cat", "li") == ["listen"]
    assert await completed("libws-cat", "listen", "--bro") == ["--broadcast"]
    assert await completed("libws-cat", "bench", "--bro") == []
    assert await completed("libws-cat", "--color", "a") == ["auto", "always"]
    path = os.path.join(directory, "certificate.pem")
    with open(path, "w", encoding="ascii"):
        pass
    assert await completed("libws-cat", "--ca", path[:-4]) == [path]


async def test_fish_completes_commands_options_choices_and_files(directory):
    async def offers(line):
        process = await asyncio.create_subprocess_exec(
            "fish", "--no-config", "-c", f"source {SHARE}/libws-cat.fish; complete -C $argv[1]", line, cwd=directory,
            env=os.environ | {"HOME": directory, "XDG_CONFIG_HOME": directory, "XDG_DATA_HOME": directory}, stdout=asyncio.subprocess.PIPE)
        out, _err = await process.communicate()
        return sorted(offer.split("\t")[0] for offer in out.decode().splitlines())

    with open(os.path.join(directory, "list.pem"), "w", encoding="ascii"):
        pass
    assert await offers("libws-cat li") == ["listen"]  # and no file
    assert await offers("libws-cat listen --bro") == ["--broadcast"]
    assert await offers("libws-cat bench --bro") == []
    assert await offers("libws-cat --color a") == ["always", "auto"]
    assert await offers("libws-cat --ca li") == ["list.pem"]


async def test_zsh_completes_commands_options_choices_and_files(directory):
    shutil.copy(os.path.join(SHARE, "libws-cat.zsh"), os.path.join(directory, "_libws-cat"))
    with open(os.path.join(directory, "certificate.pem"), "w", encoding="ascii"):
        pass
    shell = Terminal("-f", "-i", program="zsh", TERM="dumb", HOME=directory, ZDOTDIR=directory, COLUMNS="400")
    # The quotes keep the line that is typed apart from the prompt that it makes.
    shell.types(f"cd {directory}; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d dump; unsetopt zle_bracketed_paste; PS1='rea''dy> '\r")
    await shell.shows("ready> ")
    for typed, becomes in (("lis", "libws-cat listen "), ("listen --bro", "libws-cat listen --broadcast "), ("check --lim", "libws-cat check --limits "),
                           ("bench --rat", "libws-cat bench --rate "), ("--color al", "libws-cat --color always "),
                           ("ws://host/ --exe", "libws-cat ws://host/ --execute "), ("--ca cert", "libws-cat --ca certificate.pem ")):
        shell.types(f"libws-cat {typed}\t")
        await shell.shows(becomes.removeprefix(f"libws-cat {typed}"))
        shell.types("\x15\r")  # the line is forgotten
        await shell.shows("ready> ")
    shell.types("exit\r")
    await shell.ends(0)


run(globals())
