# SPDX-License-Identifier: Apache-2.0
"""A program in a terminal: what it shows, what is typed, how it ends."""
import asyncio
import os
import pty
import subprocess

from kit import DEADLINE, ENVIRONMENT, PROGRAM


class Terminal:
    """libws-cat, or another program, in a terminal of its own; what it shows is kept in text."""

    def __init__(self, *arguments, program=PROGRAM, **environment):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen([program, *arguments], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                        env=ENVIRONMENT | {"TERM": "xterm"} | environment)
        os.close(slave)
        os.set_blocking(self.master, False)
        self.text = ""

    async def shows(self, wanted):
        """Waits until it has shown this, behind what was waited for before."""
        end = asyncio.get_running_loop().time() + DEADLINE
        while wanted not in self.text:
            try:
                self.text += os.read(self.master, 65536).decode(errors="replace")
            except BlockingIOError:
                await asyncio.sleep(0.01)
            except OSError:
                break
            if asyncio.get_running_loop().time() > end:
                break
        assert wanted in self.text, f"{wanted!r} is not in {self.text!r}"
        before, self.text = self.text.split(wanted, 1)
        return before

    def types(self, keys):
        os.write(self.master, keys.encode())

    async def ends(self, status):
        end = asyncio.get_running_loop().time() + DEADLINE
        while self.process.poll() is None and asyncio.get_running_loop().time() < end:
            try:
                self.text += os.read(self.master, 65536).decode(errors="replace")
            except (BlockingIOError, OSError):
                await asyncio.sleep(0.01)
        if self.process.poll() is None:
            self.process.kill()
        os.close(self.master)
        assert self.process.wait() == status, (self.process.returncode, self.text)
