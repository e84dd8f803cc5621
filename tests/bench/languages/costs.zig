// SPDX-License-Identifier: Apache-2.0
const std = @import("std");
const ws = @cImport(@cInclude("libws/ws.h"));

const calls = 200000;
const batch = 64;
const rounds = 200;
var seen: i64 = 0;

fn tell(e: [*c]const ws.ws_event, _: ?*anyopaque) callconv(.c) void {
    seen += e.*.operation;
}

/// CPU time of the thread.
fn now() !u64 {
    const t = try std.posix.clock_gettime(.THREAD_CPUTIME_ID);
    return @intCast(t.sec * std.time.ns_per_s + t.nsec);
}

pub fn main() !void {
    const queue = ws.ws_queue_create(null);
    const client = ws.ws_create(null);
    var state: i32 = 0;
    var begin = try now();
    for (0..calls) |_| _ = ws.ws_state(client, &state);
    const call = @as(f64, @floatFromInt(try now() - begin)) / calls;
    var by = [2]u64{ 0, 0 };
    var room: [batch]ws.ws_event = undefined;
    for (0..2 * rounds) |round| {
        const polls = round % 2 == 1;
        for (0..batch) |_| _ = ws.ws_post(queue, 0, if (polls) ws.WS_COMPLETION_POLL else tell, null, null);
        std.Thread.sleep(2 * std.time.ns_per_ms); // until all wait in the queue
        begin = try now();
        var got: usize = 0;
        while (got < batch) {
            var count: usize = 0;
            room[0].struct_size = @sizeOf(ws.ws_event);
            _ = if (polls) ws.ws_queue_poll(queue, &room, batch, -1, &count) else ws.ws_queue_dispatch(queue, 0, -1, &count);
            if (polls) for (room[0..count]) |e| {
                seen += e.operation;
            };
            got += count;
        }
        by[round % 2] += try now() - begin;
    }
    var buffer: [100]u8 = undefined;
    const each: f64 = batch * rounds;
    const line = try std.fmt.bufPrint(&buffer, "{d:.1} {d:.1} {d:.1}\n", .{ call, @as(f64, @floatFromInt(by[0])) / each, @as(f64, @floatFromInt(by[1])) / each });
    try std.fs.File.stdout().writeAll(line);
    _ = ws.ws_destroy_wait(client, -1);
    if (seen != 2 * batch * rounds * ws.WS_OP_POST) std.process.exit(1);
}
