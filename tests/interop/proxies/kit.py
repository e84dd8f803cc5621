# SPDX-License-Identifier: Apache-2.0
"""What the scripts of this directory share: foreign daemons on free ports, the
programs of examples_c, a link that misbehaves, and an end that leaves nothing behind.

Every script gets the path of echo_server; the other examples lie beside it.
"""
import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import struct
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from listening import listens  # noqa: E402

DEADLINE = 60 * max(1, min(10, os.getloadavg()[0] / os.cpu_count()))  # seconds for a whole script
CERTS = os.environ["WS_TEST_CERTS"]
CA = f"{CERTS}/ca.pem"
EXAMPLES = os.path.dirname(sys.argv[1])

# Exit statuses of client_options: 10 + WS_STAGE_.
CONNECT, PROXY, TLS, UPGRADE, TIMEOUT = 12, 13, 14, 15, 17

# An address of this host that is not excluded from the proxies of the environment.
THIS_HOST = "0.0.0.0"

# Where daemons are, which the PATH of others than root may lack.
os.environ["PATH"] += ":/usr/sbin:/usr/local/sbin"

# The proxies of whoever runs the tests are none of ours.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}


def free_ports(count):
    """So many ports that are free now, each another one; somebody else may take them."""
    with contextlib.ExitStack() as stack:
        return [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(count)]


refusing = []  # sockets that keep their ports and do not listen


def refusing_port():
    """A port that refuses connections, for as long as the test runs: nobody else can get it."""
    refusing.append(socket.socket())
    refusing[-1].bind(("127.0.0.1", 0))
    return refusing[-1].getsockname()[1]


def group(pgid):
    """The processes of a process group that have not ended."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as f:
            state, _, its = f.read().rpartition(")")[2].split()[:3]
            if int(its) == pgid and state != "Z":
                found.append(int(pid))
    return found


class Daemon:
    """A foreign program that listens; it runs in a process group of its own."""

    def __init__(self, process, ports, log):
        self.process, self.ports, self.port, self.log = process, ports, ports[0], log

    def said(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    async def end(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        for hard in (False, True):
            with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
                await asyncio.wait_for(self._gone(), 5)
                return
            assert not hard, "a daemon does not end"
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    async def _gone(self):
        await self.process.wait()
        while group(self.process.pid):
            await asyncio.sleep(0.01)


class Talk:
    """A program that is talked with by lines."""

    def __init__(self, process):
        self.process = process

    def say(self, line):
        self.process.stdin.write(line.encode() + b"\n")

    async def hear(self, pattern):
        """Reads up to a line that matches; returns all lines that were read."""
        lines = []
        while True:
            line = (await self.process.stdout.readline()).decode()
            lines.append(line)
            assert line, f"no line {pattern!r} before the end of {lines}"
            if re.search(pattern, line):
                return "".join(lines)

    async def end(self):
        """Ends its input; returns its status and what it still said."""
        said, _ = await self.process.communicate(b"")  # None would leave its input open
        return self.process.returncode, said.decode()


class Link:
    """A TCP proxy in front of a port, which does harm when it is told to."""

    def __init__(self, port):
        self.to = port
        self.delay, self.piece = 0, 65536  # of what is forwarded
        self.frozen = False  # nothing is forwarded or ended, as if the cable were cut
        self.refuses = False  # new connections are reset
        self.limit = None  # bytes from the client, then the connection is reset
        self.count = 0  # connections so far
        self.pairs, self.tasks = set(), set()

    async def start(self, path=None):
        """Listens on a free port, or on a Unix socket."""
        if path:
            self.server = await asyncio.start_unix_server(self._accepted, path)
            return self
        self.server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def _accepted(self, reader, writer):
        self.count += 1
        if self.refuses:
            return reset(writer)
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        pair = (writer, back)
        self.pairs.add(pair)
        for task in (self._forward(reader, back, pair, True), self._forward(there, writer, pair, False)):
            task = asyncio.create_task(task)
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _forward(self, reader, writer, pair, up):
        seen = 0
        with contextlib.suppress(OSError):
            while data := await reader.read(self.piece):
                seen += len(data)
                if up and self.limit is not None and seen > self.limit:
                    return self.cut(hard=True)
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.frozen or pair not in self.pairs:
                    continue
                writer.write(data)
                await writer.drain()
            if not self.frozen:
                writer.write_eof()

    def cut(self, hard=False):
        """Ends all connections: by end of stream, or by a reset."""
        while self.pairs:
            client, server = self.pairs.pop()
            reset(client) if hard else client.close()
            server.close()

    def forget(self):
        """What is open now is dead for ever, but neither end hears of it."""
        self.pairs.clear()

    async def end(self):
        self.server.close()
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Kit:
    def __init__(self, stack, directory):
        self.stack, self.directory = stack, directory
        self.certs = f"{directory}/certs"  # a path without blanks, which not every configuration takes
        os.symlink(CERTS, self.certs)

    def write(self, name, text):
        path = f"{self.directory}/{name}"
        with open(path, "w") as f:
            f.write(text)
        return path

    def path(self, name):
        return f"{self.directory}/{name}"

    async def _start(self, *command, **options):
        process = await asyncio.create_subprocess_exec(*command, start_new_session=True, **options)

        async def end():
            if process.returncode is None:
                process.kill()
            await process.wait()
        self.stack.push_async_callback(end)
        return process

    async def echo_server(self, cert=None):
        """The port of a new echo_server, which also answers to THIS_HOST; cert makes it one of wss."""
        return await self.server("echo_server", "--hosts", THIS_HOST, *(("--cert", f"{CERTS}/{cert}-cert.pem", "--key", f"{CERTS}/{cert}-key.pem") if cert else ()))

    async def server(self, program, *options):
        """The port of a new server of examples_c. Its input stays open: the end of it ends some."""
        server = await self._start(f"{EXAMPLES}/{program}", "--port", "0", *options, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        return int(re.search(r":(\d+)/?$", (await server.stdout.readline()).decode())[1])

    async def daemon(self, make_command, ports=1):
        """Starts what make_command(port...) says; again on other ports when one was taken meanwhile."""
        for attempt in range(5):
            chosen = free_ports(ports)
            log = self.path(f"log-{chosen[0]}")
            with open(log, "w") as output:
                process = await asyncio.create_subprocess_exec(
                    *make_command(*chosen), stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
                    start_new_session=True, cwd=self.directory, env=ENVIRONMENT)
            daemon = Daemon(process, chosen, log)
            self.stack.push_async_callback(daemon.end)
            while process.returncode is None:
                if all(listens(group(process.pid), port) for port in chosen):
                    return daemon
                await asyncio.sleep(0.02)
        raise AssertionError(f"the daemon does not start: {daemon.said()}")

    async def run(self, program, *arguments, env=None):
        """Runs a program to its end; returns status and output."""
        process = await self._start(
            program if "/" in program else f"{EXAMPLES}/{program}", *arguments, env={**ENVIRONMENT, **(env or {})},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        said, _ = await process.communicate()
        return process.returncode, said.decode(errors="replace")

    async def talk(self, program, *arguments):
        return Talk(await self._start(
            f"{EXAMPLES}/{program}", *arguments, env=ENVIRONMENT, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT))

    async def expect(self, case, status, says, *arguments, program="client_options", env=None):
        """One case: a program that has to end with a status, and to say something."""
        got, said = await self.run(program, *arguments, env=env)
        assert got == status, f"{case}: status {got}, not {status}: {said}"
        assert re.search(says, said), f"{case}: does not say {says!r}: {said}"
        print(f"{case}: as it should be", flush=True)

    async def until(self, case, condition):
        """Waits for what somebody else does, such as writing its log; the deadline is the script's."""
        while not condition():
            await asyncio.sleep(0.02)
        print(f"{case}: as it should be", flush=True)

    async def link(self, port, path=None):
        link = await Link(port).start(path)
        self.stack.push_async_callback(link.end)
        return link


async def _main(script):
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asyncio.current_task().cancel)
    directory = tempfile.mkdtemp(prefix="libws-")
    os.chmod(directory, 0o755)  # for daemons that give up root
    try:
        async with contextlib.AsyncExitStack() as stack:
            await script(Kit(stack, directory))
    finally:
        shutil.rmtree(directory)


def main(script):
    asyncio.run(asyncio.wait_for(_main(script), DEADLINE))


def proxy_url(port, who="", scheme="http"):
    return f"{scheme}://{who and who + '@'}127.0.0.1:{port}"
