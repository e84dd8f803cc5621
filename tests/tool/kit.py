# SPDX-License-Identifier: Apache-2.0
"""What the tests of libws-cat share: the program, a foreign server (websockets), and our own."""
import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile

import websockets

PROGRAM = sys.argv[1]
BUSY = max(1, min(10, os.getloadavg()[0] / os.cpu_count()))
DEADLINE = 30 * BUSY  # seconds for each program
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")} | {"WS_CAT_HISTORY": ""}


class Ended:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def __repr__(self):
        return f"status {self.status}, stdout {self.out!r}, stderr {self.err!r}"

    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]


async def cat(*arguments, given=b"", status=0):
    """Runs the program to its end, which has to be this one."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(PROGRAM, *arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=ENVIRONMENT)
    try:
        out, err = await asyncio.wait_for(process.communicate(given), DEADLINE)
    except asyncio.TimeoutError:
        process.kill()
        raise AssertionError(f"{arguments} does not end; it said {await process.communicate()}") from None
    ended = Ended(process.returncode, out, err.decode(errors="replace"))
    assert ended.status == status, f"{arguments}: {ended}, not status {status}"
    return ended


@contextlib.asynccontextmanager
async def running(*arguments):
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(PROGRAM, *arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=ENVIRONMENT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), DEADLINE)
        except asyncio.TimeoutError:
            process.kill()
            raise AssertionError(f"{arguments} does not end after SIGTERM") from None


@contextlib.asynccontextmanager
async def listening(*arguments):
    """Our own server at a free port of loopback: the process, and its URL."""
    async with running("listen", "0", *arguments) as process:
        line = (await asyncio.wait_for(process.stdout.readline(), DEADLINE)).decode()
        assert line.startswith("listening on "), (line, await process.stderr.read() if not line else "")
        yield process, line.removeprefix("listening on ").strip()


async def echo(ws):
    async for message in ws:
        await ws.send(message)


@contextlib.asynccontextmanager
async def foreign(handler, **options):
    """A server of Python's websockets: its URL. Handlers have the connection only."""
    async def served(ws, *_):
        with contextlib.suppress(websockets.ConnectionClosed):
            await handler(ws)
    async with websockets.serve(served, "127.0.0.1", 0, max_size=None, **options) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def certs(name):
    return os.path.join(os.environ["WS_TEST_CERTS"], name)


def run(namespace):
    """Runs every coroutine whose name begins with test_, side by side; says which failed."""
    async def one(name, test, turn):
        began = asyncio.get_running_loop().time()
        async with turn:
            try:
                with tempfile.TemporaryDirectory() as directory:
                    await asyncio.wait_for(test(directory), DEADLINE * 3)
            except Exception as failure:  # pylint: disable=broad-except
                return f"{name}: {type(failure).__name__}: {failure}"
        if "WS_TOOL_TIMES" in os.environ:
            print(f"{asyncio.get_running_loop().time() - began:.2f} {name}")
        return None

    async def every():
        turn = asyncio.Semaphore(4)
        tests = [one(name, test, turn) for name, test in namespace.items() if name.startswith("test_")]
        assert tests
        failures = [f for f in await asyncio.gather(*tests) if f]
        print("\n".join(failures) or f"{len(tests)} tests, all good")
        return 1 if failures else 0
    sys.exit(asyncio.run(every()))
