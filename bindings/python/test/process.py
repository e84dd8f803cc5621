# SPDX-License-Identifier: Apache-2.0
"""The process around it: fork, multiprocessing, Ctrl-C, an exit with open sockets, threads, other loops."""
import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import unittest

import libws
import libws.sync
from kit import DEADLINE, echo, until, within

PROGRAM = """
import asyncio, libws, libws.sync, os, sys, threading
async def echo(ws):
    async for message in ws:
        await ws.send(message)
"""


def run(program, *, signals=(), loop=""):
    """Status and output of a program; each signal is sent when it has printed a line."""
    child = subprocess.Popen([sys.executable, "-B", "-W", "always", "-c", PROGRAM + textwrap.dedent(program)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        first = ""
        for each in signals:
            first += child.stdout.readline()
            child.send_signal(each)
        out, err = child.communicate(timeout=DEADLINE)
    finally:
        child.kill()
    return child.returncode, first + out, err


async def talk(url, message):
    async with libws.connect(url) as ws:
        await ws.send(message)
        return await within(ws.recv())


def worker(url, answers):
    answers.put(asyncio.run(talk(url, f"from process {os.getpid()}")))


class Process(unittest.TestCase):
    def test_a_forked_child_is_told_so_and_leaves_the_parent_alone(self):
        async def main():
            async with libws.serve(echo, "127.0.0.1", 0) as server:
                url = f"ws://127.0.0.1:{server.port}/"
                async with libws.connect(url) as ws:
                    reader, writer = os.pipe()
                    child = os.fork()
                    if child == 0:
                        said = []
                        for call in (lambda: ws.send_nowait("x"), lambda: libws.sync.connect(url),
                                     lambda: libws.sync.serve(echo)):
                            try:
                                call()
                            except libws.Error as error:
                                said.append(error.name)
                        del ws
                        gc.collect()
                        os.write(writer, " ".join(said).encode())
                        os._exit(0)
                    self.assertEqual(os.waitpid(child, 0)[1], 0)
                    self.assertEqual(os.read(reader, 1000).decode(), " ".join(["WS_ERR_FORKED"] * 3))
                    os.close(reader)
                    os.close(writer)
                    await ws.send("the parent goes on")
                    self.assertEqual(await within(ws.recv()), "the parent goes on")
        asyncio.run(main())

    def test_processes_that_are_spawned(self):
        async def main():
            context = multiprocessing.get_context("spawn")
            answers = context.Queue()
            async with libws.serve(echo, "127.0.0.1", 0) as server:
                child = context.Process(target=worker, args=(f"ws://127.0.0.1:{server.port}/", answers))
                child.start()
                answer = await within(asyncio.get_running_loop().run_in_executor(None, answers.get, True, DEADLINE))
                self.assertEqual(answer, f"from process {child.pid}")
                child.join(DEADLINE)
        asyncio.run(main())

    def test_a_process_may_fork_before_it_uses_the_library(self):
        status, out, err = run("""
            child = os.fork()
            async def main():
                async with libws.serve(echo, "127.0.0.1", 0) as server:
                    async with libws.connect(f"ws://127.0.0.1:{server.port}/") as ws:
                        await ws.send("both")
                        os.write(1, (await ws.recv()).encode() + b"\\n")
            asyncio.run(main())
            if child:
                sys.exit(os.waitpid(child, 0)[1])
            """)
        self.assertEqual((status, out, err), (0, "both\nboth\n", ""))

    def test_ctrl_c_ends_a_server_in_a_loop(self):
        status, out, err = run("""
            async def main():
                async with libws.serve(echo, "127.0.0.1", 0) as server:
                    async with libws.connect(f"ws://127.0.0.1:{server.port}/") as ws:
                        print("ready", flush=True)
                        try:
                            await server.serve_forever()
                        finally:
                            print("closed with", ws.close_code)
            try:
                asyncio.run(main())
            except KeyboardInterrupt:
                print("interrupted")
            """, signals=[signal.SIGINT])
        self.assertEqual((status, out, err), (0, "ready\nclosed with 1001\ninterrupted\n", ""))

    def test_ctrl_c_ends_every_wait_of_a_thread(self):
        for wait in "ws.recv()", "server.serve_forever()":
            status, out, err = run(f"""
                def handler(ws):
                    for message in ws:
                        pass
                with libws.sync.serve(handler, "127.0.0.1", 0) as server:
                    with libws.sync.connect(f"ws://127.0.0.1:{{server.port}}/") as ws:
                        try:
                            print("ready", flush=True)
                            {wait}
                        except KeyboardInterrupt:
                            print("interrupted")
                """, signals=[signal.SIGINT])
            self.assertEqual((status, out, err), (0, "ready\ninterrupted\n", ""))

    def test_an_exit_with_everything_open(self):
        status, out, err = run("""
            import warnings
            warnings.simplefilter("ignore")
            server = libws.sync.serve(lambda ws: ws.recv(), "127.0.0.1", 0)
            ws = libws.sync.connect(f"ws://127.0.0.1:{server.port}/")
            threading.Thread(target=ws.recv, daemon=True).start()
            kept = []
            async def main():
                other = await libws.serve(echo, "127.0.0.1", 0)
                kept.append(await libws.connect(f"ws://127.0.0.1:{other.port}/"))
                kept.append(other)
                await kept[0].send("under way")
            asyncio.run(main())
            print("the end", flush=True)
            """)
        self.assertEqual((status, out), (0, "the end\n"), err)
        self.assertNotIn("Traceback", err)

    def test_what_a_loop_has_left_is_gone_when_the_next_one_begins(self):
        status, out, err = run("""
            import warnings
            warnings.simplefilter("ignore")
            kept = []
            async def first():
                server = await libws.serve(echo, "127.0.0.1", 0)
                ws = await libws.connect(f"ws://127.0.0.1:{server.port}/")
                kept.extend((server, ws))
            asyncio.run(first())
            print(len(libws._hub._hubs))
            async def second():
                async with libws.serve(echo, "127.0.0.1", 0) as server:
                    async with libws.connect(f"ws://127.0.0.1:{server.port}/") as ws:
                        await ws.send("x")
                        await ws.recv()
            asyncio.run(second())
            try:
                kept[0].port
            except libws.Error as error:
                print(len(libws._hub._hubs), libws.stats()["connections"], kept[1].close_code, error.name)
            """)
        self.assertEqual((status, out, err), (0, "1\n0 0 1006 WS_ERR_HANDLE\n", ""))

    def test_loops_in_threads(self):
        async def main():
            async with libws.serve(echo, "127.0.0.1", 0) as server:
                url, got, here = f"ws://127.0.0.1:{server.port}/", [], []

                def thread(i):
                    for _ in range(5):
                        got.append(asyncio.run(talk(url, f"thread {i}")) == f"thread {i}")
                    here.append(i)
                threads = [threading.Thread(target=thread, args=(i,)) for i in range(8)]
                for each in threads:
                    each.start()
                await until(lambda: len(here) == 8)
                self.assertEqual(got, [True] * 40)
        asyncio.run(main())

    def test_uvloop(self):
        import uvloop

        async def main():
            self.assertIsInstance(asyncio.get_running_loop(), uvloop.Loop)
            async with libws.serve(echo, "127.0.0.1", 0) as server:
                async with libws.connect(f"ws://127.0.0.1:{server.port}/") as ws:
                    for i in range(1000):
                        await ws.send(str(i))
                    self.assertEqual([await within(ws.recv()) for _ in range(1000)], [str(i) for i in range(1000)])
        uvloop.run(main())


if __name__ == "__main__":
    unittest.main()
