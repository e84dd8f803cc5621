// SPDX-License-Identifier: Apache-2.0
//! A whole conversation: a server and a client in one program.
//!
//!     zig run hello.zig -lc -lws -I INCLUDE -L LIBRARY
const std = @import("std");
const ws = @cImport(@cInclude("libws/ws.h"));

const Failed = error{Libws};

/// Calls return a status; ws_last_error tells why the last one of this thread failed.
fn must(status: i32) Failed!void {
    if (status == ws.WS_OK) return;
    std.log.err("{s}", .{ws.ws_last_error()});
    return error.Libws;
}

/// A zeroed struct of options that knows its size.
fn options(comptime T: type) T {
    var o = std.mem.zeroes(T);
    o.struct_size = @sizeOf(T);
    return o;
}

fn say(comptime format: []const u8, values: anytype) void {
    var buffer: [512]u8 = undefined;
    const line = std.fmt.bufPrint(&buffer, format ++ "\n", values) catch return;
    std.fs.File.stdout().writeAll(line) catch {};
}

fn data(e: *const ws.ws_event) []const u8 {
    const bytes: [*]const u8 = @ptrCast(e.data orelse return "");
    return bytes[0..e.size];
}

fn send(handle: ws.ws_handle, text: []const u8, done: ws.ws_callback) void {
    must(ws.ws_send(handle, text.ptr, text.len, ws.WS_TEXT, done, null)) catch {};
}

// Callbacks run on one thread of the library, so they need no locks among themselves.

fn onMessageReceive(e: [*c]const ws.ws_event, _: ?*anyopaque) callconv(.c) void {
    say("server: on messageReceive, data:{s}", .{data(e)});
    send(e.*.handle, "bye", null);
}

fn onOpen(e: [*c]const ws.ws_event, _: ?*anyopaque) callconv(.c) void {
    say("on open, status:{d}, message:{s}", .{ e.*.status, e.*.text });
    send(e.*.handle, "Hello, server!", onDone);
}

fn onMessage(e: [*c]const ws.ws_event, _: ?*anyopaque) callconv(.c) void {
    say("on message, message:{s}", .{data(e)});
    if (std.mem.eql(u8, data(e), "bye")) must(ws.ws_close(e.*.handle, null, onDone, null)) catch {};
}

fn onDone(e: [*c]const ws.ws_event, _: ?*anyopaque) callconv(.c) void {
    const name = if (e.*.operation == ws.WS_OP_SEND) "send" else "close";
    if (e.*.@"error" == ws.WS_OK) say("{s} success", .{name}) else say("{s} fail, err:{s}", .{ name, e.*.text });
}

fn onClose(e: [*c]const ws.ws_event, user: ?*anyopaque) callconv(.c) void {
    say("on close, code is {d}, reason is {s}", .{ e.*.code, e.*.reason });
    const over: *std.Thread.ResetEvent = @ptrCast(@alignCast(user));
    over.set();
}

pub fn main() !void {
    const server = ws.ws_server_create(null);
    defer _ = ws.ws_server_destroy_wait(server, -1);
    try must(ws.ws_server_on(server, ws.WS_EVENT_MESSAGE_RECEIVE, onMessageReceive, null));
    var config = options(ws.ws_server_config); // server_port 0: any free port
    config.server_ip = "127.0.0.1";
    try must(ws.ws_server_start(server, &config, null, null));
    var port: i32 = 0;
    try must(ws.ws_server_port(server, &port));

    var over = std.Thread.ResetEvent{}; // set when the client has nothing more to say
    const client = ws.ws_create(null);
    defer _ = ws.ws_destroy_wait(client, -1); // nothing of it is called afterwards
    try must(ws.ws_on(client, ws.WS_EVENT_OPEN, onOpen, null));
    try must(ws.ws_on(client, ws.WS_EVENT_MESSAGE, onMessage, null));
    try must(ws.ws_on(client, ws.WS_EVENT_CLOSE, onClose, &over));
    var url: [64]u8 = undefined;
    const text = try std.fmt.bufPrintZ(&url, "ws://127.0.0.1:{d}/", .{port});
    try must(ws.ws_connect_wait(client, text.ptr, null, -1));
    over.wait();
}
