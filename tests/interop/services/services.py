#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Real services, and libws as their client: a short conversation with each.

    services.py LIBRARY MQTT NODE DIRECTORY NAME...

MQTT is examples_c/mqtt, DIRECTORY has services.mjs, node_modules, and the programs soup, qt5 and qt6. NAME is that of a function below. All
that is started ends with us, and listens on loopback only.
"""
import asyncio
import contextlib
import json
import os
import queue
import signal
import socket
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "compiled"), str(HERE.parent.parent / "ffi" / "python")]
import ws  # noqa: E402
from kit import DEADLINE, main, running  # noqa: E402

library, mqtt_client, node, directory, *wanted = sys.argv[1:]
CONSTANTS = ws.DECLARED["constants"]


class Client:
    """A client of libws whose events a thread puts into a queue."""

    def __init__(self, lib, url, protocol=None):
        self._lib, self.came = lib, queue.Queue()
        self._called = ws.Callback(self._take)
        callback = ws.pointer(self._called)
        self.handle = lib.create(None)
        for name in "MESSAGE", "CLOSE", "ERROR":
            self._ok(lib.on(self.handle, CONSTANTS[f"WS_EVENT_{name}"], callback, None))
        options = ws.make("ws_connect_options", protocol=protocol.encode() if protocol else None)
        self._ok(lib.connect_wait(self.handle, url.encode(), options, int(DEADLINE * 1000)))

    def _ok(self, status):
        assert status == 0, self._lib.last_error().decode()

    def _take(self, event, _):
        e = event.contents
        if e.type == CONSTANTS["WS_EVENT_MESSAGE"]:
            data = ws.ctypes.string_at(e.data, e.size)
            self.came.put(data.decode() if e.message_type == CONSTANTS["WS_TEXT"] else data)
        elif e.type == CONSTANTS["WS_EVENT_CLOSE"]:
            self.came.put(("close", e.code))
        else:
            self.came.put(("error", e.text.decode()))

    def send(self, message):
        data = message.encode() if isinstance(message, str) else message
        kind = CONSTANTS["WS_TEXT" if isinstance(message, str) else "WS_BINARY"]
        self._ok(self._lib.send(self.handle, data, len(data), kind, None, None))

    async def receive(self):
        return await asyncio.get_running_loop().run_in_executor(None, lambda: self.came.get(timeout=DEADLINE))

    async def until(self, right):
        """The first message for which right is true; others may come before it."""
        while True:
            message = await self.receive()
            assert not isinstance(message, tuple), message
            if right(message):
                return message

    async def close(self):
        self._ok(self._lib.close(self.handle, None, None, None))
        while not isinstance(end := await self.receive(), tuple):
            pass
        assert end[0] == "close", end

    def end(self):
        self._lib.destroy_wait(self.handle, -1)


@contextlib.asynccontextmanager
async def client(lib, url, protocol=None):
    made = await asyncio.get_running_loop().run_in_executor(None, Client, lib, url, protocol)
    try:
        yield made
    finally:
        await asyncio.get_running_loop().run_in_executor(None, made.end)


def free_port():
    """For services that cannot choose one themselves."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


async def listens(port, process):
    """Until somebody listens at port, or the process has said why not."""
    for _ in range(int(DEADLINE * 50)):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            itself = writer.get_extra_info("sockname") == writer.get_extra_info("peername")
            writer.close()
            if not itself:  # a port of those that connections are given may be connected to itself
                return
        assert process._process.returncode is None, process.said
        await asyncio.sleep(0.02)
    raise AssertionError(f"nobody listens at {port}: {process.said}")


async def mosquitto(lib, temporary):
    """An MQTT broker: the example, with a short message and one that takes several of WebSocket's."""
    port = free_port()
    config = Path(temporary, "mosquitto.conf")
    # mosquitto 2.0.11 does not begin with a listener of WebSocket alone.
    config.write_text(f"user root\nallow_anonymous true\nlistener 0 {temporary}/socket\n"
                      f"listener {port} 127.0.0.1\nprotocol websockets\n")
    async with running("/usr/sbin/mosquitto", "-c", str(config)) as broker:
        await listens(port, broker)
        for arguments, said in ((["Hello!"], "a/topic: Hello!"), (["--bytes", "300000"], "a/topic: 300000 bytes")):
            async with running(mqtt_client, f"ws://127.0.0.1:{port}/mqtt", "a/topic", *arguments) as example:
                assert await example.status() == 0, example.said
                assert await example.line() == said


async def websockify(lib, temporary):
    """A bridge to TCP, where an echo is."""
    async def echo(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    behind = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = free_port()
    async with running("/usr/bin/websockify", f"127.0.0.1:{port}", f"127.0.0.1:{behind.sockets[0].getsockname()[1]}") as bridge:
        await listens(port, bridge)
        async with client(lib, f"ws://127.0.0.1:{port}/", "binary") as c:
            sent, got = bytes(i * 31 >> 3 & 255 for i in range(300000)), b""
            c.send(sent)
            while len(got) < len(sent):
                part = await c.receive()
                assert isinstance(part, bytes), part
                got += part
            assert got == sent
            await c.close()
    behind.close()


async def prosody(lib, temporary):
    """XMPP over WebSocket (RFC 7395): the stream opens, and offers ways to authenticate."""
    port = free_port()
    config = Path(temporary, "prosody.cfg.lua")
    config.write_text(f"""
run_as_root = true
daemonize = false
pidfile = "{temporary}/prosody.pid"
data_path = "{temporary}"
interfaces = {{ "127.0.0.1" }}
http_interfaces = {{ "127.0.0.1" }}
http_ports = {{ {port} }}
https_ports = {{ }}
c2s_ports = {{ }}
s2s_ports = {{ }}
modules_enabled = {{ "saslauth", "websocket", "roster" }}
modules_disabled = {{ "s2s", "tls" }}
consider_websocket_secure = true
c2s_require_encryption = false
authentication = "internal_plain"
VirtualHost "localhost"
""")
    async with running("/usr/bin/prosody", "--config", str(config), "-F") as server:
        await listens(port, server)
        async with client(lib, f"ws://localhost:{port}/xmpp-websocket", "xmpp") as c:
            c.send("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>")
            await c.until(lambda m: m.startswith("<open ") and "version='1.0'" in m.replace('"', "'"))
            await c.until(lambda m: "mechanisms" in m)
            c.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
            await c.until(lambda m: m.startswith("<close "))


async def janus(lib, temporary):
    """A WebRTC server: its JSON protocol by the subprotocol janus-protocol, a session with an echo test."""
    port = free_port()
    Path(temporary, "janus.jcfg").write_text(f"""
general: {{ configs_folder = "{temporary}" log_to_stdout = true }}
plugins: {{ disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so" }}
transports: {{ disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }}
""")
    Path(temporary, "janus.transport.websockets.jcfg").write_text(f"""
general: {{ json = "compact" ws = true ws_port = {port} ws_ip = "127.0.0.1" wss = false }}
admin: {{ admin_ws = false }}
""")
    async with running("/usr/bin/janus", "-C", f"{temporary}/janus.jcfg", "-F", temporary) as server:
        await listens(port, server)
        async with client(lib, f"ws://127.0.0.1:{port}/", "janus-protocol") as c:
            async def ask(**what):
                c.send(json.dumps({"transaction": "t", **what}))
                return json.loads(await c.until(lambda m: json.loads(m).get("janus") != "ack"))
            assert (await ask(janus="info"))["name"].startswith("Janus")
            session = (await ask(janus="create"))["data"]["id"]
            attached = await ask(janus="attach", session_id=session, plugin="janus.plugin.echotest")
            assert attached["janus"] == "success", attached
            assert (await ask(janus="destroy", session_id=session))["janus"] == "success"
            await c.close()


async def kamailio(lib, temporary):
    """SIP over WebSocket (RFC 7118), subprotocol sip: an answer to OPTIONS, and a ping of CRLF (RFC 5626)."""
    port = free_port()
    modules = next(Path("/usr/lib").glob("*/kamailio/modules"))
    Path(temporary, "kamailio.cfg").write_text(f"""#!KAMAILIO
children=1
tcp_children=1
listen=tcp:127.0.0.1:{port}
auto_aliases=no
disable_core_dump=yes
log_stderror=yes
tcp_accept_no_cl=yes
mpath="{modules}/"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
request_route {{
    sl_send_reply("200", "Here");
}}
event_route[xhttp:request] {{
    if ($hdr(Upgrade) =~ "websocket") ws_handle_handshake();
    else xhttp_reply("404", "Not Found", "", "");
}}
""")
    async with running("/usr/sbin/kamailio", "-DD", "-E", "-f", f"{temporary}/kamailio.cfg", "-P", f"{temporary}/pid",
                       "-Y", temporary, "-m", "16", "-M", "8") as server:
        try:
            await listens(port, server)
            async with client(lib, f"ws://127.0.0.1:{port}/", "sip") as c:
                c.send("\r\n".join(("OPTIONS sip:127.0.0.1 SIP/2.0", "Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1", "Max-Forwards: 70",
                                    "From: <sip:a@x.invalid>;tag=1", "To: <sip:127.0.0.1>", "Call-ID: 1", "CSeq: 1 OPTIONS",
                                    "Content-Length: 0", "", "")))
                answer = await c.receive()
                text = answer.decode() if isinstance(answer, bytes) else answer
                assert text.startswith("SIP/2.0 200 Here"), text
                await c.close()
        finally:  # its children end with it only when it is asked
            with contextlib.suppress(ProcessLookupError):
                server.signal(signal.SIGTERM)
            await server.status()


async def devtools(lib, temporary):
    """Chromium's DevTools endpoint: orders and answers of JSON."""
    async with running("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
                       f"--user-data-dir={temporary}", "about:blank") as browser:
        written = Path(temporary, "DevToolsActivePort")
        for _ in range(int(DEADLINE * 20)):
            if written.exists() and len(lines := written.read_text().splitlines()) == 2:
                break
            assert browser._process.returncode is None, browser.said
            await asyncio.sleep(0.05)
        async with client(lib, f"ws://127.0.0.1:{lines[0]}{lines[1]}") as c:
            c.send(json.dumps({"id": 1, "method": "Browser.getVersion"}))
            answer = json.loads(await c.until(lambda m: json.loads(m).get("id") == 1))
            assert "Chrom" in answer["result"]["product"], answer
            c.send(json.dumps({"id": 2, "method": "Target.createTarget", "params": {"url": "data:text/html,<title>libws</title>"}}))
            answer = json.loads(await c.until(lambda m: json.loads(m).get("id") == 2))
            assert answer["result"]["targetId"], answer
            c.send(json.dumps({"id": 3, "method": "Browser.close"}))
            await c.until(lambda m: json.loads(m).get("id") == 3)


async def socketio(lib, temporary):
    """Engine.IO 4 and Socket.IO 5: an event there and back, and the server's pings."""
    async with running(node, f"{directory}/services.mjs", "socketio") as server:
        async with client(lib, await server.line()) as c:
            await c.until(lambda m: m.startswith("0{"))
            c.send("40")
            await c.until(lambda m: m.startswith("40{"))
            c.send('42["hello","Grüße",{"n":1}]')
            await c.until(lambda m: m == '42["world","Grüße",{"n":1}]')
            for _ in range(2):
                await c.until(lambda m: m == "2")
                c.send("3")
            await c.close()


async def graphql(lib, temporary):
    """graphql-transport-ws: a query, and a subscription to its end."""
    async with running(node, f"{directory}/services.mjs", "graphql") as server:
        async with client(lib, await server.line(), "graphql-transport-ws") as c:
            def say(**what):
                c.send(json.dumps(what))

            async def hear():
                return json.loads(await c.until(lambda m: json.loads(m)["type"] != "ping"))
            say(type="connection_init")
            assert (await hear())["type"] == "connection_ack"
            say(id="1", type="subscribe", payload={"query": "{ hello }"})
            assert (await hear())["payload"] == {"data": {"hello": "world"}}
            assert await hear() == {"id": "1", "type": "complete"}
            say(id="2", type="subscribe", payload={"query": "subscription { count(to: 3) }"})
            for n in 1, 2, 3:
                assert (await hear())["payload"] == {"data": {"count": n}}
            assert await hear() == {"id": "2", "type": "complete"}
            await c.close()


async def echoes(lib, server):
    """What a library's echo has to give back, whose program prints its URL."""
    async with running(server) as process:
        async with client(lib, await process.line()) as c:
            for message in ("Hello", "Grüße, 世界 \U0001f30d", b"\x00\x01\xff", "", "a" * 65536, bytes(1 << 20)):
                c.send(message)
                got = await c.receive()
                assert got == message, f"{len(message)} and {len(got)} of {type(got).__name__}"
            await c.close()


async def soup(lib, temporary):
    """libsoup 3."""
    await echoes(lib, f"{directory}/soup")


async def qt5(lib, temporary):
    """QWebSocketServer of Qt 5."""
    await echoes(lib, f"{directory}/qt5")


async def qt6(lib, temporary):
    """QWebSocketServer of Qt 6."""
    await echoes(lib, f"{directory}/qt6")


async def body():
    lib, wrong = ws.load(library), []
    for name in wanted:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
            try:
                await asyncio.wait_for(globals()[name](lib, temporary), DEADLINE)
                print(f"{name}: as it should be", flush=True)
            except Exception as why:  # the others are run all the same
                wrong.append(name)
                print(f"{name}: {type(why).__name__}: {why}", flush=True)
    lib.shutdown_wait(5000)
    assert not wrong, f"FAILED: {', '.join(wrong)}"


main(body(), len(wanted))
