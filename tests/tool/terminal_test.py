# SPDX-License-Identifier: Apache-2.0
"""libws-cat on a terminal: the prompt, colors, commands, history, and what a hostile server may not do."""
import asyncio
import os
import signal

from kit import echo, foreign, run
from terminal import Terminal


async def talk(url, **environment):
    terminal = Terminal(url, **environment)
    await terminal.shows("connected to ws://")
    await terminal.shows("> ")
    terminal.types("hello\r")
    await terminal.shows("< hello")
    return terminal


async def test_a_prompt_and_marked_messages_and_the_end_by_ctrl_d(_):
    async with foreign(echo) as url:
        for plain in ("", "1"):  # with the library that edits lines, if there is one, and without
            terminal = await talk(url, WS_CAT_PLAIN=plain)
            await terminal.shows("> ")
            terminal.types("\x04")
            await terminal.ends(0)


async def test_ctrl_c_ends_it_politely(_):
    codes = []

    async def note(ws):
        await echo(ws)
        codes.append(ws.close_code)
    async with foreign(note) as url:
        terminal = await talk(url)
        os.kill(terminal.process.pid, signal.SIGINT)
        await terminal.ends(0)
        for _ in range(100):
            if codes:
                break
            await asyncio.sleep(0.02)
    assert codes == [1000], codes


async def test_colors_unless_nobody_wants_them(_):
    async with foreign(echo) as url:
        terminal = Terminal(url)
        await terminal.shows("> ")
        terminal.types("hello\r")
        await terminal.shows("\x1b[36m< hello")
        terminal.types("\x04")
        await terminal.ends(0)
        terminal = Terminal(url, NO_COLOR="1")
        await terminal.shows("> ")
        terminal.types("hello\r")
        assert "\x1b[36m" not in await terminal.shows("< hello")
        terminal.types("\x04")
        await terminal.ends(0)


async def test_a_server_cannot_command_the_terminal(_):
    async def evil(ws):
        await ws.recv()
        await ws.send("a\x1b]0;title\x07b\x9b31mc\rd")
        await ws.close(4000, "bye\x1b[2J")
    async with foreign(evil) as url:
        terminal = Terminal(url)
        await terminal.shows("> ")
        terminal.types("x\r")
        await terminal.shows("a\\x1b]0;title\\x07b\\x9b31mc\\x0dd")
        await terminal.shows("4000 bye\\x1b[2J")
        await terminal.ends(4)


async def test_commands_at_the_prompt(_):
    async with foreign(echo) as url:
        terminal = await talk(url)
        terminal.types("/ping now\r")
        await terminal.shows("pong after ")
        terminal.types("/binary 00 ff41\r")
        await terminal.shows("(3 bytes) 00ff41")
        terminal.types("//slash\r")
        await terminal.shows("< /slash")
        terminal.types("/nonsense\r")
        await terminal.shows("no such command")
        terminal.types("/stats\r")
        await terminal.shows("3 messages sent")
        terminal.types("/close 3000 done\r")
        await terminal.shows("closed with 3000")
        await terminal.ends(0)


async def test_history_is_kept_where_only_its_owner_reads_it(directory):
    path = os.path.join(directory, "history")
    async with foreign(echo) as url:
        terminal = await talk(url, WS_CAT_HISTORY=path)
        terminal.types("\x04")
        await terminal.ends(0)
        if not os.path.exists(path):
            print("neither libedit nor readline is here: no history")
            return
        assert os.stat(path).st_mode & 0o777 == 0o600
        terminal = Terminal(url, WS_CAT_HISTORY=path)
        await terminal.shows("> ")
        terminal.types("\x1b[A")  # the line before
        await terminal.shows("hello")
        terminal.types("\r")
        await terminal.shows("< hello")
        terminal.types("\x04")
        await terminal.ends(0)


run(globals())
