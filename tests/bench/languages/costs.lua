-- SPDX-License-Identifier: Apache-2.0
local ffi = require('ffi')
package.path = arg[0]:match('.*/') .. '../../../bindings/lua/?.lua;' .. package.path
local WS = require('libws_h')
local C = ffi.load(os.getenv('LIBWS'))
ffi.cdef('typedef struct { long s, ns; } when; int clock_gettime(int, when *); int usleep(unsigned);')
local t = ffi.new('when')
local function now() ffi.C.clock_gettime(3, t) return tonumber(t.s) * 1e9 + tonumber(t.ns) end
local CALLS, BATCH, ROUNDS, seen = 200000, 64, 200, 0
local queue, client, state = C.ws_queue_create(nil), C.ws_create(nil), ffi.new('int32_t[1]')
local begin = now()
for _ = 1, CALLS do C.ws_state(client, state) end
local call, by = (now() - begin) / CALLS, {0, 0}
local tell = ffi.cast('ws_callback', function(e) seen = seen + e.operation end)
local POLLED = ffi.cast('ws_callback', WS.COMPLETION_POLL)
local room, count = ffi.new('ws_event[?]', BATCH), ffi.new('size_t[1]')
local function dispatch() C.ws_queue_dispatch(queue, 0, -1, count) end
jit.off(dispatch) -- a call that calls back must not be compiled
local function poll()
    room[0].struct_size = ffi.sizeof('ws_event')
    C.ws_queue_poll(queue, room, BATCH, -1, count)
    for i = 0, tonumber(count[0]) - 1 do seen = seen + room[i].operation end
end
for round = 1, 2 * ROUNDS do
    local how = 1 + round % 2
    for _ = 1, BATCH do C.ws_post(queue, 0, how == 1 and tell or POLLED, nil, nil) end
    local got, turn = 0, how == 1 and dispatch or poll
    ffi.C.usleep(2000) -- until all wait in the queue
    begin = now()
    while got < BATCH do turn() got = got + tonumber(count[0]) end
    by[how] = by[how] + now() - begin
end
print(('%.1f %.1f %.1f'):format(call, by[1] / (BATCH * ROUNDS), by[2] / (BATCH * ROUNDS)))
C.ws_destroy_wait(client, -1)
os.exit(seen == 2 * BATCH * ROUNDS * WS.OP_POST)
