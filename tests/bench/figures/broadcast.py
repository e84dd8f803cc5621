# SPDX-License-Identifier: Apache-2.0
"""One message to thousands."""
from harness import picture
from harness.ratios import Hold, of, per, quartiles, ratios, told
from harness.report import table

TITLE = "Broadcast to 5,000"
SIZE, CONNECTIONS = 128, 5000
HELD = ("floor", "ws_server_broadcast", "ws_server_broadcast, other thread", "ws_publish", "ws_publish, other thread")
# What is published beside ws_send to one after the other, from the same place.
BESIDE = (("ws_publish", "loop of ws_send"), ("ws_publish, other thread", "loop of ws_send, other thread"))


def run(bench):
    """{connections, results: {server: [result of each round]}}."""
    connections = bench.connections(CONNECTIONS, 500)
    servers = [server for server in bench.able("fanout") if server.name != "libwebsockets"]  # but for libuv's loop
    results = bench.in_turns(servers, lambda server: bench.measure(
        server, "fanout", "fanout", connections=connections, size=SIZE), HELD)
    found = {"connections": connections, "results": results}
    for name in results:
        print(f"  {name:34} {told(quartiles(shares(found, name)))}", flush=True)
    return found


def costs(rounds):
    return [per(r) for r in rounds]


def shares(found, name):
    return ratios(costs(found["results"][name]), costs(found["results"].get("floor", [])))


def holds(found):
    return [Hold(f"{name}, CPU per recipient to a loop of send", shares(found, name), 1.05 if name.startswith("ws_publish") else 1.2)
            for name in HELD[1:] if name in found["results"] and "floor" in found["results"]]


def beside(found):
    """Publishing to ws_send to one after the other; "" of a run that has measured neither."""
    results = found["results"]
    rows = [[name, other, told(quartiles(ratios(costs(results[name]), costs(results[other]))))] for name, other in BESIDE
            if name in results and other in results]
    return rows and "\nThe same from the same place, CPU for each recipient:\n\n" + table(["what", "beside", "ratio"], rows) or ""


def text(found):
    rows = [[name, told(quartiles(shares(found, name))), told(quartiles(costs(rounds))), told(quartiles(of(rounds, "p50")), 0)]
            for name, rounds in found["results"].items()]
    return (f"A client sends {SIZE} bytes, and the server sends them to {found['connections']} connections; the next follows when the last one has them. "
            "The floor is a loop of `send`. gws by its Broadcaster, gorilla by PreparedMessage, python websockets by broadcast, libwebsockets by "
            "lws_callback_on_writable_all_protocol, npm ws by a loop.\n\n"
            + table(["server", "CPU for each recipient, floor = 1", "us of CPU", "us to the last"], rows) + beside(found))


def draw(found, path):
    picture.bars(path, "CPU time for each recipient of a broadcast", "less", "µs", [f"{found['connections']} connections"],
              series={name: [quartiles(costs(rounds))] for name, rounds in found["results"].items()})
