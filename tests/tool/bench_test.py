# SPDX-License-Identifier: Apache-2.0
"""libws-cat bench: it counts what a server really did. Times are no verdict here, but what they cannot be is."""
import asyncio
import csv
import json
import os

from kit import cat, foreign, listening, run


async def test_it_counts_what_the_server_saw_and_draws_it(_):
    seen = []

    async def count(ws):
        async for message in ws:
            seen.append(message)
            await ws.send(message)
    async with foreign(count) as url:
        ended = await cat("bench", url, "-C", "3", "-d", "0.3", "-m", "100")
        text = ended.out.decode()
        assert "3 connections, messages of 100 bytes" in text and "###" in text and "median" in text, text
        assert set(map(len, seen)) == {100}, set(map(len, seen))
        seen.clear()
        figures = json.loads((await cat("bench", url, "-C", "2", "-d", "0.3", "--json", "-x", "hello")).out)
        assert 0 < figures["messages"] <= len(seen) and set(seen) == {"hello"}, (figures, len(seen))
        assert figures["bytes"] == 5 * figures["messages"], figures
        assert 0 < figures["p50_us"] <= figures["p99_us"] <= figures["max_us"], figures


async def test_a_stall_counts_for_all_that_was_due_meanwhile(_):
    stalled = []

    async def stall(ws):
        i = 0
        async for message in ws:
            i += 1
            if i == 200:  # a second after the one for warming up
                stalled.append(1)
                await asyncio.sleep(0.5)
            await ws.send(message)
    async with foreign(stall) as url:
        figures = json.loads((await cat("bench", url, "-C", "1", "-d", "2", "--rate", "100", "--json")).out)
        assert stalled and figures["max_us"] >= 490000, figures
        # 50 of 200 messages were due in the stall: a tenth of all waited 0.3 s or more.
        assert figures["p90_us"] >= 250000, figures


async def test_what_could_not_be_sent_is_said(_):
    async def slow(ws):
        async for message in ws:
            await asyncio.sleep(0.05)
            await ws.send(message)
    async with foreign(slow) as url:
        ended = await cat("bench", url, "-C", "1", "-d", "0.5", "--rate", "200", "--pipeline", "2", "--json")
        assert json.loads(ended.out)["unsent"] > 50, ended  # of 100, of which it has answered 10


async def test_csv_has_a_line_for_each_second(directory):
    path = os.path.join(directory, "load.csv")
    async with listening("--echo") as (_process, url):
        figures = json.loads((await cat("bench", url, "-d", "1.2", "--csv", path, "--json", "-b", "--pipeline", "4", "-C", "2")).out)
        with open(path, encoding="ascii") as f:
            lines = list(csv.DictReader(f))
        assert [line["second"] for line in lines] == ["1", "2"], lines
        assert sum(int(line["messages"]) for line in lines) == figures["messages"], (lines, figures)


async def test_who_cannot_connect_is_a_failure(_):
    assert "refused" in (await cat("bench", "ws://127.0.0.1:1", "-d", "0.2", status=1)).err
    async with listening("--echo", "--max-connections", "2") as (_process, url):
        await cat("bench", url, "-C", "4", "-d", "0.2", status=1)


run(globals())
