#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the parts of the Rust crates that repeat declarations.

    generate.py DECLARATIONS.json INCLUDE_DIRECTORY            writes them
    generate.py DECLARATIONS.json INCLUDE_DIRECTORY --check    status 1 when they are stale

libws-sys gets all types, constants and prototypes; libws gets builders of option structs, enums of
numbers, and accessors of events. What a member means comes from its comment in the headers.
"""
import json
import re
import sys
from pathlib import Path

from manual import Manual

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json and include/libws by bindings/rust/generate.py; do not edit.
"""

SCALARS = {"uint32_t": "u32", "int32_t": "i32", "ws_socket": "i32", "uint64_t": "u64", "int64_t": "i64", "size_t": "usize",
           "ws_handle": "ws_handle", "ws_callback": "ws_callback", "ws_log_callback": "ws_log_callback",
           "ws_url_filter": "ws_url_filter",
           **{name: name for name in ("ws_relay_message_callback", "ws_relay_interest_callback", "ws_relay_end_callback")}, "char": "c_char", "void": "c_void"}

# Numbers whose names begin so are an enum of libws; "" behind a prefix that members name is a set of flags.
ENUMS = {"WS_FULL_": "FullPolicy", "WS_PROXY_": "Proxy", "WS_TLS_": "TlsVersion", "WS_FAMILY_": "AddressFamily",
         "WS_ADDRESS_": "ClientAddress", "WS_ENGINE_": "Engine", "WS_LOG_": "LogLevel"}
# Members of event and results that are numbers with names.
KINDS = {"WS_ERR_": "ErrorKind", "WS_STAGE_": "Stage", "WS_EVENT_": "EventKind", "WS_OP_": "Operation",
         "WS_STATE_": "State", "WS_TEXT_": "Text"}
BOOLEANS = {"exact", "skip_server_cert_verification"}
# What the binding sets itself: handles and pointers that it owns.
OWN = {"struct_size", "reserved", "reserved_2", "user_data", "queue", "log", "log_user_data"}
DESCRIPTORS = {"connected_descriptor": "CONNECTED_DESCRIPTOR", "descriptor": "LISTEN_DESCRIPTOR"}
OPTIONS = ["ws_compression", "ws_reconnect_options", "ws_init_options", "ws_create_options", "ws_connect_options",
           "ws_reconnect_changes", "ws_close_options", "ws_send_options", "ws_queue_options", "ws_server_options", "ws_certificate",
           "ws_listener", "ws_server_config", "ws_accept_options", "ws_adopt_options", "ws_response"]


def camel(name):
    return "".join(part.capitalize() for part in name.removeprefix("ws_").lower().split("_"))


def escaped(text):
    """For rustdoc, which reads Markdown."""
    text = re.sub(r"([\[\]<>*_`])", r"\\\1", text)
    return re.sub(r"(https?://[^\s,\"]*)", r"`\1`", text)


def doc(text, indent=""):
    text = escaped(text)
    text = text[:1].upper() + text[1:] + ("" if text[-1:] in ".:" else ".")
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 100:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return [f"{indent}/// {line}".rstrip() for line in lines + [line]]


def ident(name):
    """A name that Rust has for itself."""
    return f"r#{name}" if name in ("type", "loop", "match", "move", "ref", "use", "where", "in", "fn", "mod") else name


def rust(kind):
    kind = kind.strip()
    array = re.fullmatch(r"(\w+)\[(\d+)\]", kind)
    if array:
        return f"[{SCALARS[array[1]]}; {array[2]}]"
    found = re.fullmatch(r"(const )?(\w+) ?((?:\* ?)*)", kind)
    stars = found[3].count("*")
    base = SCALARS.get(found[2], found[2])
    if not stars:
        return base
    return "*mut " * (stars - 1) + ("*const " if found[1] else "*mut ") + base


class Writer:
    def __init__(self, declared, manual):
        self.declared, self.manual = declared, manual
        self.structs, self.constants = declared["structs"], declared["constants"]

    def about(self, struct, member):
        """What the header says of a member, or of the one that it belongs to."""
        own = self.manual.members.get((struct, member))
        if own:
            return own
        for suffix, text in (("_size", "Bytes of {}"), ("_count", "How many of {}s")):
            if member.endswith(suffix):
                return text.format(member.removesuffix(suffix))
        if (struct, member + "_path") in self.manual.members:
            return f"As {member}_path, but PEM from memory"
        if member == "struct_size":
            return "Size of this struct, for the library to know which members there are"
        for other in OPTIONS:
            if other != struct and (other, member) in self.manual.members:
                return self.manual.members[other, member]
        return f"See {struct} in the C headers"

    # ---- libws-sys ---------------------------------------------------------------------------

    def raw(self):
        out = [HEAD, "use core::ffi::{c_char, c_void};", ""]
        out += doc("A client, a server, an accepted connection or a queue; 0 is never valid")
        out += ["pub type ws_handle = u64;", *doc("Listeners and completions"),
                "pub type ws_callback = Option<unsafe extern \"C\" fn(event: *const ws_event, user_data: *mut c_void)>;",
                *doc("Receives a line of the log, on any thread; it must not call libws"),
                "pub type ws_log_callback = Option<unsafe extern \"C\" fn(level: i32, line: *const c_char, user_data: *mut c_void)>;",
                *doc("Whether a client may connect to url; it must not call libws"),
                "pub type ws_url_filter = Option<unsafe extern \"C\" fn(url: *const c_char, user_data: *mut c_void) -> i32>;",
                *doc("A relay gets a message that leaves the process, on its thread"),
                "pub type ws_relay_message_callback = Option<unsafe extern \"C\" fn(message: *const ws_relay_message, user_data: *mut c_void)>;",
                *doc("A relay gets to know of a topic or pattern that begins or ends, on its thread"),
                "pub type ws_relay_interest_callback = Option<unsafe extern \"C\" fn(interest: *const ws_relay_interest, user_data: *mut c_void)>;",
                *doc("The last call of a relay, on its thread"),
                "pub type ws_relay_end_callback = Option<unsafe extern \"C\" fn(user_data: *mut c_void)>;", ""]
        for name, value in self.constants.items():
            unsigned = name in self.manual.unsigned
            out += doc(self.manual.constants.get(name) or f"See {name} in the C headers")
            if name == "WS_COMPLETION_POLL":
                out.append(f"pub const {name}: usize = {value};")
            else:
                out.append(f"pub const {name}: {'u32' if unsigned else 'i32'} = {value};")
        for name, members in self.structs.items():
            out += ["", *doc(self.manual.structs[name]), "#[repr(C)]", "#[derive(Clone, Copy, Debug)]", f"pub struct {name} {{"]
            for member, kind in members.items():
                own = ident(member)
                out += [*doc(self.about(name, member), "    "), f"    pub {own}: {rust(kind)},"]
            out += ["}", "", f"impl Default for {name} {{", "    fn default() -> Self {",
                    "        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.",
                    "        let mut zeroed: Self = unsafe { core::mem::zeroed() };" if "struct_size" in members else
                    "        unsafe { core::mem::zeroed() }"]
            if "struct_size" in members:
                out += ["        zeroed.struct_size = core::mem::size_of::<Self>() as u32;", "        zeroed"]
            out += ["    }", "}"]
        out += ["", "unsafe extern \"C\" {"]
        for name, parameters in self.manual.parameters.items():
            lines = self.manual.functions[name]
            out += ["    /// ```text", *(f"    /// {line}".rstrip() for line in lines), "    /// ```"]
            arguments = ", ".join(f"{ident(own)}: {rust(kind)}" for kind, own in parameters)
            out.append(f"    pub fn {name}({arguments}) -> {rust(self.manual.returns[name])};")
        return "\n".join(out + ["}", ""])

    def layout(self):
        """A test that compares with the program of tests/ffi/header.py: a line for each member."""
        out = [HEAD, "use libws_sys::*;", "",
               "/// Name, then offset and size of each struct and member.",
               "#[rustfmt::skip]", "pub fn layout() -> Vec<(&'static str, usize, usize)> {", "    vec!["]
        for name, members in self.structs.items():
            out.append(f'        ("{name}", 0, size_of::<{name}>()),')
            for member, kind in members.items():
                own = ident(member)
                out.append(f'        ("{name}.{member}", std::mem::offset_of!({name}, {own}), size_of::<{rust(kind).replace("c_char", "std::ffi::c_char").replace("c_void", "std::ffi::c_void")}>()),')
        return "\n".join(out + ["    ]", "}", ""])

    # ---- libws: names ------------------------------------------------------------------------

    def of(self, prefix):
        found = {n: v for n, v in self.constants.items() if n.startswith(prefix)}
        if prefix == "WS_LOG_":
            found = {n: v for n, v in found.items() if n in ("WS_LOG_ERROR", "WS_LOG_WARN", "WS_LOG_INFO", "WS_LOG_DEBUG")}
        return found

    def enum(self, prefix, name, about, first=""):
        members = self.of(prefix)
        out = ["", *doc(about), "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]", "#[non_exhaustive]"]
        default = next((n for n, v in members.items() if v == 0), None)
        if default:
            out[-2] = "#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]"
        out += ["#[repr(i32)]", f"pub enum {name} {{"]
        for constant, value in members.items():
            variant = camel(constant.removeprefix(prefix))
            variant = "V" + variant.replace("0", "_0", 1) if variant[0].isdigit() else variant
            if prefix == "WS_TLS_" and constant != "WS_TLS_DEFAULT":
                variant = "V" + constant.removeprefix(prefix).replace("_", "")
            out += doc(self.manual.constants.get(constant) or f"{constant} of the C headers", "    ")
            if constant == default:
                out.append("    #[default]")
            out.append(f"    {variant} = {value},")
        out += ["}", "", f"impl {name} {{", "    /// By its number in C; `None` for one that this version does not know.",
                "    pub fn from_raw(number: i32) -> Option<Self> {", "        Some(match number {"]
        for constant, value in members.items():
            variant = camel(constant.removeprefix(prefix))
            if prefix == "WS_TLS_" and constant != "WS_TLS_DEFAULT":
                variant = "V" + constant.removeprefix(prefix).replace("_", "")
            out.append(f"            {value} => Self::{variant},")
        out += ["            _ => return None,", "        })", "    }",
                "    /// Its number in C.", "    pub fn as_raw(self) -> i32 {", "        self as i32", "    }", "}"]
        return out

    def names(self):
        out = [HEAD, "//! Numbers of the library as enums."]
        out += self.enum("WS_ERR_", "ErrorKind", "What kind of failure: the status of a call, or the error of an event")
        out += self.enum("WS_STAGE_", "Stage", "Where something failed that had begun")
        out += self.enum("WS_EVENT_", "EventKind", "What happened. See the accessors of Event for what each of them has")
        out += self.enum("WS_OP_", "Operation", "Which call a completion is of")
        out += self.enum("WS_STATE_", "State", "The life of a connection")
        out += self.enum("WS_TEXT_", "Text", "Which text about a connection")
        for prefix, name in ENUMS.items():
            out += self.enum(prefix, name, f"See the members of this type in the options ({prefix} in C)")
        return "\n".join(out + [""])

    # ---- libws: events -----------------------------------------------------------------------

    def events(self):
        members = self.structs["ws_event"]
        out = [HEAD, "//! What events bring.", "", "use super::super::event::{Event, bytes, text};", "use super::names::*;",
               "", "impl<'a> Event<'a> {"]
        done = {"struct_size", "reserved", "type", "handle", "server", "user_data", "error", "data", "size"}
        typed = {"operation": ("Option<Operation>", "Operation::from_raw(self.raw.operation)"),
                 "stage": ("Option<Stage>", "Stage::from_raw(self.raw.stage)"),
                 "clean": ("bool", "self.raw.clean != 0"), "will_reconnect": ("bool", "self.raw.will_reconnect != 0"),
                 "pattern": ("bool", "self.raw.pattern != 0")}
        for member, kind in members.items():
            if member in done:
                continue
            if kind == "const void *":
                done.add(f"{member}_size")
                value = ("&'a [u8]", f"bytes(self.raw.{member}, self.raw.{member}_size)")
            elif kind == "const char *":
                done.add(f"{member}_size")
                value = ("std::borrow::Cow<'a, str>", f"text(self.raw.{member})")
            elif member in typed:
                value = typed[member]
            elif kind in SCALARS and "*" not in kind:
                value = (SCALARS[kind], f"self.raw.{member}")
            else:
                sys.exit(f"generate.py: what is ws_event.{member}, a {kind}?")
            out += [*doc(self.about("ws_event", member), "    "), f"    pub fn {member}(&self) -> {value[0]} {{"]
            out += ["        // SAFETY: the library keeps what an event points to as long as the event.",
                    f"        unsafe {{ {value[1]} }}"] if "(self.raw" in value[1] and "from_raw" not in value[1] else [f"        {value[1]}"]
            out += ["    }"]
        out += ["}", "", "macro_rules! each_listener {", "    ($add:ident) => {"]
        for name in self.of("WS_EVENT_"):
            if name != "WS_EVENT_COMPLETION":
                event = name.removeprefix("WS_EVENT_").lower()
                out += [f'        $add!(on_{event}, {camel(event)}, "{event.replace("_", " ")}");']
        return "\n".join(out + ["    };", "}", "pub(crate) use each_listener;", ""])

    # ---- libws: options ----------------------------------------------------------------------

    def flags(self, struct):
        """Names of the bits of its member flags, which the header's comment lists or begins."""
        said = self.manual.members.get((struct, "flags"), "")
        found = []
        for name in re.findall(r"WS_[A-Z0-9_]+", said):
            found += [name] if name in self.constants else [n for n in self.constants if n.startswith(name)]
        return found

    def options(self):
        out = [HEAD, "//! Builders of the option structs.", "", "use super::names::*;", "use crate::fields::{Bytes, Field, Fields, Scratch, Text};",
               "use libws_sys as sys;", "use std::os::fd::{AsRawFd, OwnedFd};", "use std::sync::Arc;"]
        for name in OPTIONS:
            out += self.builder(name, self.structs[name])
        return "\n".join(out + [""])

    def builder(self, struct, members):
        own = camel(struct)
        fields, setters, fill = [], [], []
        done = set(OWN)
        if "flags" in members:
            fields.append(("flags", "u32"))
            fill.append("        raw.flags = self.flags;")
            done.add("flags")
            for flag in self.flags(struct):
                bit = flag.removeprefix("WS_").removeprefix("LISTEN_" if struct == "ws_listener" else "").lower()
                if flag.removeprefix("WS_") in DESCRIPTORS.values():
                    continue
                setters.append((self.manual.constants.get(flag) or flag, f"pub fn {bit}(mut self) -> Self",
                                f"self.flags |= sys::{flag};"))
        for member, kind in members.items():
            if member in done:
                continue
            about = self.about(struct, member)
            singular = member.removesuffix("s")
            count = next((c for c in (f"{singular}_count",) if c in members), None)
            size = next((c for c in ("size" if member == "data" else f"{member}_size",) if c in members), None)
            prefix = next((p for p in ENUMS if re.search(rf"\b{p}(?![A-Z0-9])", about)), None)
            if member in ("min_support_tls_protocol", "max_support_tls_protocol"):
                prefix = "WS_TLS_"
            elif member == "log_level":
                prefix = "WS_LOG_"
            if kind == "const char *":
                fields.append((member, "Text"))
                setters.append((about, f"pub fn {member}(mut self, value: impl Into<String>) -> Self",
                                f"self.{member}.set(value.into());"))
                fill.append(f'        raw.{member} = self.{member}.raw("{member}", scratch);')
            elif kind == "const void *" and size:
                done.add(size)
                fields.append((member, "Bytes"))
                setters.append((about, f"pub fn {member}(mut self, value: impl Into<Vec<u8>>) -> Self",
                                f"self.{member}.set(value.into());"))
                fill.append(f"        (raw.{member}, raw.{size}) = self.{member}.raw();")
            elif kind == "const ws_header *" and count:
                done.add(count)
                fields.append((member, "Fields"))
                setters.append((about + ". One more, behind those that are there", "pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self",
                                f"self.{member}.push(name.into(), value.into());"))
                fill.append(f"        (raw.{member}, raw.{count}) = self.{member}.raw(scratch);")
            elif kind == "const int32_t *" and count:
                done.add(count)
                fields.append((member, "Vec<i32>"))
                setters.append((about, f"pub fn {member}(mut self, value: impl Into<Vec<i32>>) -> Self",
                                f"self.{member} = value.into();"))
                fill.append(f"        (raw.{member}, raw.{count}) = (scratch.slice(self.{member}.clone()), self.{member}.len() as i32);")
            elif count:
                done.add(count)
                inner = camel(kind.removeprefix("const ").removesuffix(" *"))
                fields.append((member, f"Vec<{inner}>"))
                setters.append((about + ". One more, behind those that are there", f"pub fn {singular}(mut self, value: {inner}) -> Self",
                                f"self.{member}.push(value);"))
                fill.append(f"        let all: Vec<_> = self.{member}.iter().map(|one| one.raw(scratch)).collect();")
                fill.append(f"        (raw.{member}, raw.{count}) = (scratch.slice(all), self.{member}.len());")
            elif kind.startswith("const ws_"):
                inner = camel(kind.removeprefix("const ").removesuffix(" *"))
                fields.append((member, f"Option<{inner}>"))
                setters.append((about, f"pub fn {member}(mut self, value: {inner}) -> Self", f"self.{member} = Some(value);"))
                fill.append(f"        if let Some(inner) = &self.{member} {{\n            let inner = inner.raw(scratch);\n            raw.{member} = scratch.one(inner);\n        }}")
            elif member in DESCRIPTORS:
                fields.append((member, "Option<Arc<OwnedFd>>"))
                flag = f"self.flags |= sys::WS_{DESCRIPTORS[member]};\n        " if struct != "ws_adopt_options" else ""
                setters.append((about + ". The options keep it open; the library gets a duplicate", f"pub fn {member}(mut self, value: OwnedFd) -> Self",
                                f"{flag}self.{member} = Some(Arc::new(value));"))
                if struct == "ws_listener": # which duplicates it itself
                    fill.append(f"        if let Some(fd) = &self.{member} {{\n            raw.{member} = fd.as_raw_fd();\n        }}")
                else:
                    fill.append(f"        if let Some(fd) = &self.{member} {{\n            raw.{member} = scratch.duplicate(fd);\n        }}")
            elif prefix:
                fields.append((member, ENUMS[prefix]) if prefix != "WS_LOG_" else (member, "Option<LogLevel>"))
                value = "value" if prefix != "WS_LOG_" else "Some(value)"
                setters.append((about, f"pub fn {member}(mut self, value: {ENUMS[prefix]}) -> Self", f"self.{member} = {value};"))
                fill.append(f"        raw.{member} = self.{member}{'.map_or(0, LogLevel::as_raw)' if prefix == 'WS_LOG_' else '.as_raw()'};")
            elif member in BOOLEANS:
                fields.append((member, "bool"))
                setters.append((about, f"pub fn {member}(mut self, value: bool) -> Self", f"self.{member} = value;"))
                fill.append(f"        raw.{member} = self.{member} as i32;")
            elif kind in SCALARS and "*" not in kind:
                fields.append((member, SCALARS[kind]))
                setters.append((about, f"pub fn {member}(mut self, value: {SCALARS[kind]}) -> Self", f"self.{member} = value;"))
                fill.append(f"        raw.{member} = self.{member};")
            else:
                sys.exit(f"generate.py: what is {struct}.{member}, a {kind}?")
        out = ["", *doc(self.manual.structs[struct]), "#[derive(Clone, Debug, Default)]", f"pub struct {own} {{"]
        out += [f"    {name}: {kind}," for name, kind in fields] + ["}", "", f"impl {own} {{",
                "    /// All members are as the library has them by default.", "    pub fn new() -> Self {", "        Self::default()", "    }"]
        for about, head, body in setters:
            out += [*doc(about, "    "), f"    {head} {{", f"        {body}", "        self", "    }"]
        out += ["}", "", f"impl Field for {own} {{", f"    type Raw = sys::{struct};",
                "    #[allow(unused_variables, clippy::field_reassign_with_default)]",
                f"    fn raw(&self, scratch: &mut Scratch) -> sys::{struct} {{", f"        let mut raw = sys::{struct}::default();",
                *fill, "        raw", "    }", "}"]
        return out


def main(declarations, include, check=""):
    here = Path(__file__).parent
    writer = Writer(json.loads(Path(declarations).read_text()), Manual(include))
    missing = set(writer.declared["functions"]) - set(writer.manual.functions)
    assert not missing, f"declared, but not in ws.h: {missing}"
    stale = []
    for name, text in (("libws-sys/src/raw.rs", writer.raw()), ("libws-sys/tests/layout/mod.rs", writer.layout()),
                       ("libws/src/generated/names.rs", writer.names()), ("libws/src/generated/events.rs", writer.events()),
                       ("libws/src/generated/options.rs", writer.options())):
        file = here / name
        if check and (not file.exists() or file.read_text() != text):
            stale.append(name)
        elif not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    if stale:
        sys.exit(f"FAILED: {', '.join(stale)} is stale. Write it anew:\n"
                 "    bindings/rust/generate.py tests/ffi/declarations.json include")


main(*sys.argv[1:])
