#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the parts of the C++ headers that repeat declarations: option classes, events.

    generate.py DECLARATIONS.json INCLUDE_DIRECTORY            writes them
    generate.py DECLARATIONS.json INCLUDE_DIRECTORY --check    status 1 when they are stale

declarations.json is compared with what the compiler makes of the headers by
tests/ffi/header.py, so an option that is new in C is here one command later.
"""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "ffi"))
from declared import Declared, number_of, write_or_check  # noqa: E402

HEAD = """/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from tests/ffi/declarations.json by tests/cpp/generate.py; do not edit. */
"""


REGISTRATION = """/* What on() gives: whether it worked, and what off() wants. It owns nothing: the lambda belongs to
 * the handle until its destroyed event, also after off(). */
class registration : public status {
public:
    registration(int32_t code, int32_t type, ws_callback function, void *place) noexcept
        : status(code), event_(type), call_(function), node_(place) {}
    int32_t event() const noexcept { return event_; }
    ws_callback call() const noexcept { return call_; }
    void *node() const noexcept { return node_; }

private:
    int32_t event_;
    ws_callback call_;
    void *node_;
};
""".split("\n")


def short(name):
    return name.removeprefix("ws_")


def setters(name, members, options):
    """Lines of setters, and the structs that the class keeps because the C struct points to them."""
    own, lines = short(name), []
    kept = []
    done = {"struct_size", "reserved"} | {number_of(members, member) for member in members}
    for member, kind in members.items():
        if member in done:
            continue
        count = number_of(members, member)
        pointed = re.fullmatch(r"const (\w+) \*", kind)
        if kind == "const char *":
            parameter, body = "c_text v", f"o_.{member} = v.c_str();"
        elif kind == "const void *" and count:
            parameter, body = "bytes v", f"o_.{member} = v.data(); o_.{count} = v.size();"
        elif pointed and count:
            length = "v.size()" if members[count] == "size_t" else f"static_cast<{members[count]}>(v.size())"
            parameter, body = f"array<{pointed[1]}> v", f"o_.{member} = v.data(); o_.{count} = {length};"
        elif pointed and pointed[1] in options:
            kept.append((member, pointed[1]))
            parameter, body = f"const ws::{short(pointed[1])} &v", f"{member}_ = v; has_{member}_ = true;"
        elif kind.startswith("const "):
            sys.exit(f"generate.py: what is {name}.{member}, a {kind}?")
        else:
            space = "" if kind.endswith("*") else " "
            parameter, body = f"{kind}{space}v", f"o_.{member} = v;"
        lines.append(f"    {own} &{member}({parameter}) noexcept {{ {body} return *this; }}")
    return lines, kept


def option_class(name, members, options):
    own = short(name)
    lines, kept = setters(name, members, options)
    out = ["", f"/* {name}: each setter is the member of that name. */", f"class {own} {{", "public:", f"    {own}() noexcept {{ o_.struct_size = sizeof o_; }}", *lines]
    if kept:
        # Pointers are set when the C struct is asked for: this object may have been copied since.
        out += [f"    {name} raw() const noexcept {{", f"        {name} c = o_;"]
        for member, inner in kept:
            out.append(f"        if (has_{member}_) c.{member} = {member}_.at();")
        out += ["        return c;", "    }"]
    else:
        out += [f"    {name} raw() const noexcept {{ return o_; }}"]
        if any(re.fullmatch(rf"const {name} \*", k) for o in options.values() for k in o.values()):
            out += [f"    const {name} *at() const noexcept {{ return &o_; }} /* valid as long as this object */"]
    out += [f"    operator {name}() const noexcept {{ return raw(); }}", "private:", f"    {name} o_{{}};"]
    for member, inner in kept:
        out += [f"    ws::{short(inner)} {member}_;", f"    bool has_{member}_ = false;"]
    return out + ["};"]


def options_header(declared):
    names = declared.options()
    options = {n: declared.structs[n] for n in names}
    out = [HEAD + """/*
 * ws_options.hpp - the option structs of ws_options.h and ws_server_options.h as classes that
 * are zero at first, know their size, and are filled by setters that can be chained:
 *
 *     ws::create_options().max_message_size(1 << 20).high_water_mark(65536)
 *
 * What each member means stands beside it in the C headers. Texts, bytes and arrays are
 * borrowed: they have to live until the call that takes the options has returned. Options inside
 * options (reconnect, compression) are copied. raw() is the C struct, for what takes that.
 */
#ifndef LIBWS_OPTIONS_HPP
#define LIBWS_OPTIONS_HPP

#include "ws_status.hpp"
#include "ws_views.hpp"

LIBWS_BEGIN"""]
    for name in names:
        out += option_class(name, options[name], options)
    return "\n".join(out + ["", "LIBWS_END", "", "#endif", ""])


def accessors(members):
    done = {"struct_size", "reserved"}
    for member, kind in members.items():
        if member in done or member == "data":
            continue
        size = f"{member}_size"
        if kind == "const char *" and size in members:
            yield f"    std::string_view {member}() const noexcept {{ return {{e_->{member}, e_->{size}}}; }}"
            done.add(size)
        elif kind == "const char *":
            yield f"    std::string_view {member}() const noexcept {{ return e_->{member}; }}"
        elif kind == "const void *" and size in members:
            yield f"    bytes {member}() const noexcept {{ return {{e_->{member}, e_->{size}}}; }}"
            done.add(size)
        elif kind.startswith("const "):
            sys.exit(f"generate.py: what is ws_event.{member}, a {kind}?")
        elif member != "size":
            space = "" if kind.endswith("*") else " "
            yield f"    {kind}{space}{member}() const noexcept {{ return e_->{member}; }}"


def events_header(declared):
    events = {n: v for n, v in declared.constants.items() if n.startswith("WS_EVENT_")}
    out = [HEAD + """/*
 * ws_events.hpp - an event with views instead of pointers, and the names of its listeners.
 * ws_types.h says which members an event has, and ws.h which handle has which events.
 */
#ifndef LIBWS_EVENTS_HPP
#define LIBWS_EVENTS_HPP

#include <utility>

#include "ws_status.hpp"
#include "ws_views.hpp"

LIBWS_BEGIN

class connection;

/* What a listener gets. It points to the event of C: valid during the callback only, and so is
 * what its views look at. */
class event {
public:
    explicit event(const ws_event *e) noexcept : e_(e) {}
    const ws_event &raw() const noexcept { return *e_; }
    /* The connection that it is about, on which all calls may be made. */
    ws::connection connection() const noexcept;
    /* Messages, pings and pongs: the payload, as text and as bytes. A NUL byte follows. */
    std::string_view message() const noexcept { return {static_cast<const char *>(e_->data), e_->size}; }
    bytes data() const noexcept { return {e_->data, e_->size}; }
    /* Calls f(name, value) for each field of a header that came (header receive, upgrade,
     * request, and the error of a server that refused). */
    template <class F> void each_header(F f) const {
        std::size_t at = 0;
        const char *name, *value;
        while (ws_header_next(e_->data, e_->size, &at, &name, &value))
            f(std::string_view(name), std::string_view(value));
    }
"""]
    out += accessors(declared.structs["ws_event"])
    out += ["", "private:", "    const ws_event *e_;", "};", "",
            *REGISTRATION, "namespace detail {", "inline constexpr int32_t last_event = %d;" % max(events.values()), "",
            "/* Of each type that has events: self is the class with on(). */",
            "template <class Self> class named_listeners {", "public:"]
    for name in events:
        if name != "WS_EVENT_COMPLETION":
            event = name.removeprefix("WS_EVENT_")
            out.append(f"    template <class F> registration on_{event.lower()}(F &&f) const "
                       f"{{ return self().on({name}, std::forward<F>(f)); }}")
    return "\n".join(out + ["", "private:", "    const Self &self() const noexcept { return static_cast<const Self &>(*this); }",
                            "};", "} // namespace detail", "", "LIBWS_END", "", "#endif", ""])


def main(declarations, include, check=""):
    declared = Declared(declarations)
    write_or_check({"ws_options.hpp": options_header(declared), "ws_events.hpp": events_header(declared)},
                   Path(include, "libws"), check, "tests/cpp/generate.py tests/ffi/declarations.json include")


main(*sys.argv[1:])
