# SPDX-License-Identifier: Apache-2.0
"""What peer_as_client.py and peer_as_server.py share: processes that end with us."""
import asyncio
import contextlib
import os

BUSY = max(1, min(10, os.getloadavg()[0] / os.cpu_count()))
DEADLINE = float(os.environ.get("WS_PEER_DEADLINE", 60 * BUSY))  # seconds for everything


class Process:
    """A program whose output is read line by line. What it says to stderr is kept in said."""

    def __init__(self, process):
        self._process = process
        self.said = ""
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self):
        self.said = (await self._process.stderr.read()).decode(errors="replace").strip()

    async def line(self):
        """The next line of stdout; the program must say one."""
        line = (await self._process.stdout.readline()).decode()
        if not line.endswith("\n"):
            raise AssertionError(f"the end instead of a line; status {await self.status()}: {self.said}")
        return line.rstrip("\n")

    async def url(self, scheme):
        line = await self.line()
        assert line.startswith(f"listening on {scheme}://127.0.0.1:"), line
        return line.removeprefix("listening on ")

    def signal(self, number):
        self._process.send_signal(number)

    def feed(self, line):
        self._process.stdin.write(line.encode() + b"\n")

    def end_input(self):
        self._process.stdin.close()

    async def status(self):
        await self._listening
        return await self._process.wait()

    async def end(self):
        """Ends it for good, whatever it is doing."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        await self._listening


@contextlib.asynccontextmanager
async def running(*command):
    pipe = asyncio.subprocess.PIPE
    process = Process(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe))
    try:
        yield process
    finally:
        await process.end()


async def succeeds(name, process):
    status = await process.status()
    assert status == 0, f"{name} ended with status {status}: {process.said}"


def certs():
    return os.environ["WS_TEST_CERTS"]


def main(body, times=1):
    asyncio.run(asyncio.wait_for(body, DEADLINE * times))
