#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what in bindings/java repeats declarations: constants, functions, options, events, figures.

    generate.py                        writes
    generate.py --check                status 1 when a file is stale
    generate.py --layout PROGRAM       status 1 when offsets are not those of PROGRAM (tests/ffi/header.py)
"""
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests/ffi"))
sys.dont_write_bytecode = True
import declared  # noqa: E402
from declared import camel, pascal  # noqa: E402

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;
"""
# Members that the binding fills in itself, or cannot offer: OptionsTest lists them with the reason.
LEFT_OUT = {"user_data", "queue", "log", "log_user_data"}
JAVA_NAMES = {"ws_connection": "ConnectionInfo", "ws_certificate": "Certificate", "ws_response": "Response",
              "ws_listener": "ListenAt"}  # Listener is what gets events
# Listeners of these want a flag at creation, because nobody calls ws_on here.
FLAGS = {"ping": "WS_PING_EVENTS", "pong": "WS_PING_EVENTS", "upgrade": "WS_UPGRADE_EVENTS",
         "request": "WS_REQUEST_EVENTS", "topic_begin": "WS_TOPIC_EVENTS", "topic_end": "WS_TOPIC_EVENTS"}
NOT_OFFERED = {name: why for names, why in (
    ("ws_on ws_off ws_off_wait ws_server_on ws_server_off ws_server_off_wait", "listeners are Java's, and the queue is polled"),
    ("ws_queue_dispatch ws_queue_fd", "the queue is polled by a thread of its own"),
    ("ws_connect_wait ws_close_wait ws_destroy_wait ws_server_stop_wait ws_server_destroy_wait", "futures wait"),
    ("ws_user_data ws_set_user_data", "attach()"), ("ws_post_cancel", "futures are not taken back"),
    ("ws_server_set_relay ws_relay_deliver", "a relay runs on a thread of the library: it is written in C"),
    ("ws_subscriptions ws_subscription_next", "isSubscribed() asks about one"),
) for name in names.split()}
SERVER_EVENTS = ["connect", "message_receive", "close", "error", "drain", "destroyed", "ping", "pong", "upgrade",
                 "request", "verify", "sign", "topic_begin", "topic_end", "skipped"]
CONNECTION_EVENTS = ["message", "skipped", "close", "error", "drain", "ping", "pong", "destroyed"]
CLIENT_EVENTS = ["open", "open_info", "header_receive", "reconnecting", "before_reconnect", "verify", "sign"]


def java_name(struct):
    return JAVA_NAMES.get(struct, pascal(struct.removeprefix("ws_")))


# ---- constants and functions ---------------------------------------------------------

def constants(d):
    out = [HEAD, "/** Every constant of the C headers, by its name there; ws_types.h says what each means. */",
           "public final class Ws {", "    private Ws() {", "    }", ""]
    out += [f"    public static final int {n} = {v};" for n, v in d.constants.items()]
    return "\n".join(out + ["}", ""])


def kinds(signature):
    """The result and the parameters, each int or long: pointers and sizes are long."""
    parts = [p.strip() for p in signature.split(", ")]
    return [("int" if declared.size_of(p)[0] == 4 else "long") for p in parts]


def typed(parameters):
    return ", ".join(f"{k} p{i}" for i, k in enumerate(parameters))


def backend(d):
    out = [HEAD, """/**
 * The functions of the library and its memory, by JNA or by java.lang.foreign. Pointers and sizes are long:
 * libws is built for systems of 64 bits only.
 */
abstract class Backend {
    /** How the library is called: "jna" or "ffm". */
    abstract String name();

    abstract long malloc(long size);

    abstract void free(long address);

    abstract int getInt(long address);

    abstract long getLong(long address);

    abstract void putInt(long address, int value);

    abstract void putLong(long address, long value);

    abstract void read(long address, byte[] into, int offset, int length);

    abstract void write(long address, byte[] from, int offset, int length);

    /** Memory of the library as a buffer in the order of the machine; valid as long as that memory. */
    abstract java.nio.ByteBuffer view(long address, int length);

    /** Where a direct buffer begins. */
    abstract long address(java.nio.ByteBuffer direct);

    /** A text of C; "" for NULL. */
    abstract String text(long address);
"""]
    for name, signature in d.functions.items():
        result, *parameters = kinds(signature)
        out.append(f"    abstract {result} {name}({typed(parameters)});\n")
    return "\n".join(out)[:-1] + "}\n"


def calls_of_jna(d):
    out = [HEAD, "/** JNA's direct mapping: each method is the function of its name. */", "final class JnaCalls {",
           "    private JnaCalls() {", "    }", ""]
    for name, signature in d.functions.items():
        result, *parameters = kinds(signature)
        out.append(f"    static native {result} {name}({typed(parameters)});\n")
    return "\n".join(out)[:-1] + "}\n"


def jna(d):
    out = [HEAD, "/** Every function by JNA, for Java 8 and newer. */", "abstract class JnaFunctions extends Backend {"]
    for name, signature in d.functions.items():
        result, *parameters = kinds(signature)
        given = ", ".join(f"p{i}" for i in range(len(parameters)))
        out += ["    @Override", f"    {result} {name}({typed(parameters)}) {{", f"        return JnaCalls.{name}({given});",
                "    }", ""]
    return "\n".join(out[:-1] + ["}", ""])


def ffm(d):
    out = [HEAD, """import java.lang.invoke.MethodHandle;

/** Every function by java.lang.foreign, for Java 22 and newer. */
abstract class FfmFunctions extends Backend {"""]
    for name, signature in d.functions.items():
        out.append(f"    private static final MethodHandle {name} = Ffm.find(\"{name}\", "
                   + ", ".join(f"{k}.class" for k in kinds(signature)) + ");")
    for name, signature in d.functions.items():
        result, *parameters = kinds(signature)
        given = ", ".join(f"p{i}" for i in range(len(parameters)))
        out += ["", "    @Override", f"    {result} {name}({typed(parameters)}) {{", "        try {",
                f"            return ({result}) {name}.invokeExact({given});", "        } catch (Throwable t) {",
                "            throw Ffm.thrown(t);", "        }", "    }"]
    return "\n".join(out + ["}", ""])


# ---- options --------------------------------------------------------------------------

def option_member(own, m, options):
    """(field, setter, lines that write it) of a member."""
    n, at = m.camel, f"at + {m.offset}"
    sets = f"        return this;\n    }}\n"

    def setter(kind, body):
        return f"    public {own} {n}({kind}) {{\n        {body}\n{sets}"
    if m.what in ("int", "long"):
        put = "putInt" if m.what == "int" else "putLong"
        return f"private {m.what} {n};", setter(f"{m.what} v", f"{n} = v;"), [f"b.{put}({at}, {n});"]
    if m.what == "text":
        return f"private String {n};", setter("String v", f"{n} = v;"), [f"b.putLong({at}, memory.text(\"{n}\", {n}));"]
    if m.what == "bytes":
        return f"private byte[] {n};", setter("byte[] v", f"{n} = v;"), [
            f"b.putLong({at}, memory.bytes({n}));", f"b.putLong(at + {m.count}, {n} == null ? 0 : {n}.length);"]
    if m.what == "struct":
        t = java_name(m.of)
        return f"private {t} {n};", setter(f"{t} v", f"{n} = v;"), [f"b.putLong({at}, {n} == null ? 0 : {n}.write(memory));"]
    put = "putInt" if m.count_size == 4 else "putLong"
    if m.what == "array" and m.of == "ws_header":
        return (f"private final Fields {n} = new Fields();",
                f"    /** Adds a field; each call one more. */\n    public {own} header(String name, String value) {{\n"
                f"        {n}.add(name, value);\n{sets}",
                [f"b.putLong({at}, {n}.write(memory));", f"b.{put}(at + {m.count}, {n}.count());"])
    if m.what == "array" and m.of == "int32_t":
        return f"private int[] {n} = {{}};", setter("int... v", f"{n} = v.clone();"), [
            f"b.putLong({at}, memory.ints({n}));", f"b.{put}(at + {m.count}, {n}.length);"]
    if m.what == "array":
        t = java_name(m.of)
        return f"private {t}[] {n} = {{}};", setter(f"{t}... v", f"{n} = v.clone();"), [
            f"b.putLong({at}, memory.structs({t}.SIZE, {n}));", f"b.{put}(at + {m.count}, {n}.length);"]
    sys.exit(f"generate.py: what is {own}.{m.name}?")


def option_class(s, options):
    own = java_name(s.name)
    members = [m for m in s.places if m.name not in LEFT_OUT]
    made = [option_member(own, m, options) for m in members]
    out = [HEAD, f"/** {s.name}: what each member means stands beside it in the C headers; what is not set has its default. */",
           f"public final class {own} extends Options {{", f"    static final int SIZE = {s.size};"]
    out += [f"    {field}" for field, _, _ in made] + [""]
    out += [text for _, text, _ in made]
    out += ["    @Override", "    int size() {", "        return SIZE;", "    }", "",
            "    @Override", "    void fill(CallMemory memory, long at) {", "        Backend b = memory.backend;",
            "        b.putInt(at, SIZE);"]
    for _, _, lines in made:
        out += [f"        {line}" for line in lines]
    if any(m.name == "queue" for m in s.places):
        out += ["    }", "", "    /** What the loop of the binding adds. */", "    static void queue(Backend b, long at, long queue) {",
                f"        b.putLong(at + {s.offset['queue']}, queue);"]
    return "\n".join(out + ["    }", "}", ""])


# ---- figures and events -----------------------------------------------------------------

def fact_class(s):
    own = java_name(s.name)
    out = [HEAD, f"/** {s.name}: figures of one moment; what each means stands beside it in the C headers. */",
           f"public final class {own} {{", f"    static final int SIZE = {s.size};"]
    kinds_of = {"int": "int", "long": "long", "fixed": "String"}
    for m in s.places:
        out.append(f"    private final {kinds_of[m.what]} {m.camel};")
    out += ["", f"    {own}(Backend b, long at) {{"]
    for m in s.places:
        read = {"int": "getInt", "long": "getLong", "fixed": "text"}[m.what]
        out.append(f"        {m.camel} = b.{read}(at + {m.offset});")
    out += ["    }"]
    for m in s.places:
        out += ["", f"    public {kinds_of[m.what]} {m.camel}() {{", f"        return {m.camel};", "    }"]
    out += ["", "    @Override", "    public String toString() {", f"        return \"{own}{{\""]
    out += [f"                + \"{', ' if i else ''}{m.camel}=\" + {m.camel}" for i, m in enumerate(s.places)]
    return "\n".join(out + ["                + \"}\";", "    }", "}", ""])


def event_fields(s):
    out = [HEAD, "/** The members of ws_event. Those that an event does not have are 0 or empty. */",
           "abstract class EventMembers {", f"    static final int SIZE = {s.size};", "",
           "    abstract int int32(int offset);", "", "    abstract long int64(int offset);", "",
           "    abstract String text(int offset);", "", "    abstract byte[] bytes(int offset, int size);"]
    for m in s.places:
        if m.name in ("handle", "server", "user_data", "size"):
            continue
        kind = {"int": "int", "long": "long", "text": "String", "bytes": "byte[]"}[m.what]
        read = {"int": f"int32({m.offset})", "long": f"int64({m.offset})", "text": f"text({m.offset})",
                "bytes": f"bytes({m.offset}, {m.count})"}[m.what]
        name = "data" if m.name == "data" else m.camel
        out += ["", f"    /** ws_event.{m.name}. */", f"    public {kind} {name}() {{", f"        return {read};", "    }"]
    for name in ("handle", "server", "user_data"):
        out += ["", f"    static final int AT_{name.upper()} = {s.offset[name]};"]
    return "\n".join(out + ["}", ""])


def listeners(d, own, parent, returns, groups, text):
    """groups: (names, whether a superclass has them already)."""
    events = d.events()
    out = [HEAD, f"/** {text} ws_types.h says which members an event has. */", f"abstract class {own} extends {parent} {{",
           f"    {own}(Receiver receiver) {{", "        super(receiver);", "    }"]
    for names, overrides in groups:
        for name in names:
            flag = FLAGS.get(name)
            title = f"on{pascal(name)}(Listener listener)"
            out += ["", f"    /** WS_EVENT_{name.upper()}" + (f"; wants the flag {flag} at creation" if flag else "") + ". */"]
            if overrides:
                out += ["    @Override", f"    public {returns} {title} {{", f"        super.on{pascal(name)}(listener);"]
            else:
                out += [f"    public {returns} {title} {{",
                        f"        add({events[name]}, " + (f"Ws.{flag}, " if flag else "0, ") + "listener);"]
            out += [f"        return ({returns}) this;", "    }"]
    return "\n".join(out + ["}", ""])


def files(d):
    main = "src/main/java/libws/"
    made = {main + "Ws.java": constants(d), main + "Backend.java": backend(d), main + "JnaCalls.java": calls_of_jna(d),
            main + "JnaFunctions.java": jna(d), "src/main/java22/libws/FfmFunctions.java": ffm(d),
            main + "EventMembers.java": event_fields(d.layout("ws_event"))}
    options = {n: d.layout(n) for n in d.options()}
    for s in options.values():
        made[main + java_name(s.name) + ".java"] = option_class(s, options)
    for n in d.filled():
        made[main + java_name(n) + ".java"] = fact_class(d.layout(n))
    made[main + "ConnectionListeners.java"] = listeners(d, "ConnectionListeners", "Endpoint", "Connection", [
        (CONNECTION_EVENTS, False)], "Listeners of every connection.")
    made[main + "ClientListeners.java"] = listeners(d, "ClientListeners", "Connection", "Client", [
        (CONNECTION_EVENTS, True), (CLIENT_EVENTS, False)], "Listeners of a client.")
    made[main + "ServerListeners.java"] = listeners(d, "ServerListeners", "Endpoint", "Server", [
        (SERVER_EVENTS, False)], "Listeners of a server, for all of its connections.")
    # What a test asks: the structs and their members, so that none is forgotten.
    made["src/test/resources/members.txt"] = "".join(
        f"{java_name(s.name)} {m.camel}\n" for s in options.values() for m in s.places)
    return made


def layout(d, program):
    """Compares the offsets that Java uses with those of the compiler."""
    said = json.loads(subprocess.run([program], check=True, capture_output=True, text=True).stdout)
    wrong = []
    for name in d.structs:
        s, seen = d.layout(name), said["structs"][name]
        if seen["size"] != s.size:
            wrong.append(f"{name}: {s.size} bytes instead of {seen['size']}")
        for member, at in s.offset.items():
            if seen["members"][member]["offset"] != at:
                wrong.append(f"{name}.{member}: at {at} instead of {seen['members'][member]['offset']}")
    if wrong:
        sys.exit("\n".join(wrong))


def forgotten(d):
    """Functions that the binding does not offer, beside those that it has a reason not to."""
    generated = set(files(d))
    written = "".join(f.read_text() for f in (HERE / "src/main/java/libws").glob("*.java")
                      if str(f.relative_to(HERE)) not in generated)
    missing = [n for n in d.functions if f"{n}(" not in written and f"::{n}" not in written]
    wrong = set(missing) ^ set(NOT_OFFERED)
    if wrong:
        sys.exit(f"FAILED: the binding and NOT_OFFERED do not agree about {', '.join(sorted(wrong))}")


def main(*arguments):
    d = declared.Declared()
    if arguments[:1] == ("--layout",):
        layout(d, arguments[1])
    else:
        forgotten(d)
        declared.write_or_check(files(d), HERE, "--check" in arguments, "bindings/java/generate.py")


main(*sys.argv[1:])
