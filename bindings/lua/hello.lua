-- SPDX-License-Identifier: Apache-2.0
-- A whole conversation by a queue that is polled: a server and a client in one program.
local ffi = require('ffi')
package.path = (arg[0]:match('.*/') or './') .. '?.lua;' .. package.path
local WS = require('libws_h') -- generated: structs, functions, constants
local C = ffi.load(os.getenv('LIBWS') or 'libws.so.0.1')

local POLLED = ffi.cast('ws_callback', WS.COMPLETION_POLL)

-- A zeroed struct that knows its size. The texts in members have to stay in a variable until the call is over.
local function options(kind, members)
    local o = ffi.new(kind, members)
    o.struct_size = ffi.sizeof(kind)
    return o
end

local function must(status)
    if status ~= WS.OK then error(ffi.string(C.ws_last_error()), 2) end
end

local queue = C.ws_queue_create(nil)
assert(queue ~= 0, 'no queue')
local server = C.ws_server_create(options('ws_server_options', {queue = queue}))
local ip = '127.0.0.1' -- and server_port 0: any free port
must(C.ws_server_start(server, options('ws_server_config', {server_ip = ip}), nil, nil))
local port = ffi.new('int32_t[1]')
must(C.ws_server_port(server, port))

local client = C.ws_create(options('ws_create_options', {queue = queue}))
must(C.ws_connect(client, 'ws://127.0.0.1:' .. port[0] .. '/', nil, nil, nil))

local function send(handle, text, completion)
    must(C.ws_send(handle, text, #text, WS.TEXT, completion, nil))
end

-- What happens, by the type of the event. Its pointers are valid until the next poll: ffi.string copies.
local over = false
local on = {
    [WS.EVENT_OPEN] = function(e)
        print('on open, status:' .. e.status .. ', message:' .. ffi.string(e.text))
        send(e.handle, 'Hello, server!', POLLED)
    end,
    [WS.EVENT_MESSAGE_RECEIVE] = function(e)
        print('server: on messageReceive, data:' .. ffi.string(e.data, e.size))
        send(e.handle, 'bye')
    end,
    [WS.EVENT_MESSAGE] = function(e)
        local text = ffi.string(e.data, e.size)
        print('on message, message:' .. text)
        if text == 'bye' then must(C.ws_close(e.handle, nil, POLLED, nil)) end
    end,
    [WS.EVENT_COMPLETION] = function(e)
        local name = e.operation == WS.OP_SEND and 'send' or 'close'
        print(name .. (e.error == WS.OK and ' success' or ' fail, err:' .. ffi.string(e.text)))
    end,
    [WS.EVENT_ERROR] = function(e) error(ffi.string(e.text)) end,
    [WS.EVENT_CLOSE] = function(e)
        if e.server ~= 0 then return end -- the server's end of the connection
        print('on close, code is ' .. e.code .. ', reason is ' .. ffi.string(e.reason))
        over = true
    end,
}

local room, count = ffi.new('ws_event[64]'), ffi.new('size_t[1]')
while not over do
    room[0].struct_size = ffi.sizeof('ws_event')
    must(C.ws_queue_poll(queue, room, 64, -1, count))
    for i = 0, tonumber(count[0]) - 1 do
        local tell = on[room[i].type]
        if tell then tell(room[i]) end
    end
end

must(C.ws_destroy_wait(client, -1)) -- this thread has polled last, so the wait polls
must(C.ws_server_destroy_wait(server, -1))
must(C.ws_queue_destroy(queue))
