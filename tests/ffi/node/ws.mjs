// SPDX-License-Identifier: Apache-2.0
// libws for Node by koffi: the declarations, and little else.
//
// Handles are below 2^53, so they are numbers. user_data is an integer here: libws
// never looks at it. Pointers are BigInts, as koffi has them.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

// WS_TEST_NODE_MODULES: where the packages are, which is not beside this file.
const require = createRequire(process.env.WS_TEST_NODE_MODULES + '/');
export const koffi = require('koffi');

// ---- types ---------------------------------------------------------------------

const structs = {
    ws_event: { struct_size: 'uint32_t', type: 'int32_t', handle: 'ws_handle', server: 'ws_handle', data: 'const void *',
        size: 'size_t', message_type: 'int32_t', status: 'int32_t', code: 'int32_t', clean: 'int32_t',
        reason: 'const char *', reason_size: 'size_t', text: 'const char *', error: 'int32_t', stage: 'int32_t',
        os_error: 'int32_t', operation: 'int32_t', user_data: 'void *' },
    ws_init_options: { struct_size: 'uint32_t', loops: 'int32_t', engine: 'int32_t', log_level: 'int32_t',
        memory_budget: 'int64_t', log: 'ws_log_callback', log_user_data: 'void *' },
    ws_create_options: { struct_size: 'uint32_t', flags: 'uint32_t', max_message_size: 'int64_t',
        max_buffered: 'int64_t', user_data: 'void *', high_water_mark: 'int64_t', low_water_mark: 'int64_t',
        queue: 'ws_handle' },
    ws_connect_options: { struct_size: 'uint32_t', handshake_timeout_ms: 'int32_t',
        skip_server_cert_verification: 'int32_t', reserved: 'int32_t', ca_path: 'const char *' },
    ws_close_options: { struct_size: 'uint32_t', code: 'int32_t', reason: 'const char *' },
    ws_server_options: { struct_size: 'uint32_t', flags: 'uint32_t', max_message_size: 'int64_t',
        max_buffered: 'int64_t', user_data: 'void *', high_water_mark: 'int64_t', low_water_mark: 'int64_t',
        queue: 'ws_handle' },
    ws_server_config: { struct_size: 'uint32_t', server_port: 'int32_t', server_ip: 'const char *',
        handshake_timeout_ms: 'int32_t', backlog: 'int32_t', cert_path: 'const char *', key_path: 'const char *' },
    ws_stats: { struct_size: 'uint32_t', loops: 'int32_t', connections: 'int64_t', connections_peak: 'int64_t',
        connection_limit: 'int64_t', accepted: 'uint64_t', refused: 'uint64_t', unheard: 'uint64_t',
        relieved: 'uint64_t', memory_budget: 'int64_t', memory_used: 'int64_t' },
    ws_connection: { struct_size: 'uint32_t', client_port: 'int32_t', handle: 'ws_handle', server: 'ws_handle',
        client_ip: 'char[64]' },
    ws_queue_options: { struct_size: 'uint32_t', flags: 'uint32_t', max_bytes: 'int64_t' },
};

// What koffi makes of a type. A "const char *" that comes from the library is UTF-8 and
// decoded at once; data stays an address, as its size is told beside it.
const plain = {
    ws_handle: 'uint64_t', 'void *': 'uintptr_t', 'const void *': 'uintptr_t', ws_callback: 'uintptr_t',
    ws_log_callback: 'uintptr_t', 'char[64]': koffi.array('char', 64, 'String'),
};
const inKoffi = (type) => plain[type] ?? type;

export const types = {};
for (const [name, members] of Object.entries(structs)) {
    types[name] = koffi.struct(name, Object.fromEntries(Object.entries(members).map(([m, t]) => [m, inKoffi(t)])));
}

/** An option struct to hand over, with its size in it. */
export const options = (type, values) => ({ ...zero[type], ...values, struct_size: koffi.sizeof(types[type]) });

const zero = Object.fromEntries(Object.entries(structs).map(([name, members]) =>
    [name, Object.fromEntries(Object.entries(members).map(([m, t]) => [m, t.endsWith('char *') ? null : t === 'char[64]' ? '' : 0]))]));

// The one callback type. koffi runs one that comes from a thread of the library on
// the thread of JavaScript, and that thread of the library waits for it.
const prototype = koffi.proto('void ws_callback(const ws_event *event, uintptr_t user_data)');

/** The address of a callback: call(address of the event, user_data). forget() ends it. */
export function callback(call) {
    const address = koffi.register(call, koffi.pointer(prototype));
    return { address, forget: () => koffi.unregister(address) };
}

/** An event of our own: what it points to is valid during the callback, or until the next poll, only. */
export function copy(event) {
    const own = typeof event === 'bigint' ? koffi.decode(event, types.ws_event) : { ...event };
    own.data = bytes(own.data, own.size);
    return own;
}

/** A copy of size bytes. */
export function bytes(address, size) {
    return size ? Buffer.from(koffi.decode(BigInt(address), 'uint8_t', size)) : Buffer.alloc(0);
}

// ---- constants -----------------------------------------------------------------

const constants = {
    WS_ABI_VERSION: 1, WS_OK: 0, WS_ERR_CONNECT_FAILED: 200, WS_ERR_PARAMETER: 401, WS_ERR_HANDLE: -101,
    WS_ERR_CANCELLED: -107, WS_ERR_BUSY: -115, WS_STAGE_CONNECT: 2, WS_TEXT: 1, WS_BINARY: 2, WS_STATE_OPEN: 1,
    WS_STATE_CLOSED: 3, WS_EVENT_OPEN: 1, WS_EVENT_MESSAGE: 2, WS_EVENT_CLOSE: 3, WS_EVENT_ERROR: 4,
    WS_EVENT_DESTROYED: 5, WS_EVENT_CONNECT: 6, WS_EVENT_MESSAGE_RECEIVE: 7, WS_EVENT_COMPLETION: 8,
    WS_EVENT_DRAIN: 9, WS_OP_CONNECT: 1, WS_OP_SEND: 2, WS_OP_CLOSE: 3, WS_OP_SERVER_START: 4,
    WS_OP_SERVER_STOP: 5, WS_COMPLETION_POLL: 1,
};

/** Without "WS_". */
export const C = Object.fromEntries(Object.entries(constants).map(([name, value]) => [name.slice(3), value]));

// ---- functions -----------------------------------------------------------------

// Result, then parameters.
const functions = {
    ws_shutdown_wait: 'int32_t, int64_t',
    ws_stats_get: 'int32_t, ws_stats *',
    ws_abi_version: 'uint32_t',
    ws_strerror: 'const char *, int32_t',
    ws_last_error: 'const char *',
    ws_on: 'int32_t, ws_handle, int32_t, ws_callback, void *',
    ws_off: 'int32_t, ws_handle, int32_t, ws_callback, void *',
    ws_off_wait: 'int32_t, ws_handle, int32_t, ws_callback, void *, int64_t',
    ws_set_user_data: 'int32_t, ws_handle, void *',
    ws_user_data: 'int32_t, ws_handle, void * *',
    ws_send: 'int32_t, ws_handle, const void *, size_t, int32_t, ws_callback, void *',
    ws_close: 'int32_t, ws_handle, const ws_close_options *, ws_callback, void *',
    ws_destroy: 'int32_t, ws_handle',
    ws_pause: 'int32_t, ws_handle',
    ws_resume: 'int32_t, ws_handle',
    ws_state: 'int32_t, ws_handle, int32_t *',
    ws_buffered_amount: 'int32_t, ws_handle, uint64_t *',
    ws_connection_info: 'int32_t, ws_handle, ws_connection *',
    ws_create: 'ws_handle, const ws_create_options *',
    ws_connect: 'int32_t, ws_handle, const char *, const ws_connect_options *, ws_callback, void *',
    ws_server_create: 'ws_handle, const ws_server_options *',
    ws_server_start: 'int32_t, ws_handle, const ws_server_config *, ws_callback, void *',
    ws_server_stop: 'int32_t, ws_handle, ws_callback, void *',
    ws_server_on: 'int32_t, ws_handle, int32_t, ws_callback, void *',
    ws_server_port: 'int32_t, ws_handle, int32_t *',
    ws_server_connections: 'int32_t, ws_handle, ws_handle *, size_t, size_t *',
    ws_server_destroy: 'int32_t, ws_handle',
    ws_queue_create: 'ws_handle, const ws_queue_options *',
    ws_queue_fd: 'int32_t, ws_handle, int32_t *',
    ws_queue_dispatch: 'int32_t, ws_handle, size_t, int32_t, size_t *',
    ws_queue_poll: 'int32_t, ws_handle, ws_event *, size_t, int32_t, size_t *',
    ws_queue_destroy: 'int32_t, ws_handle',
};

// Parameters that the library writes: an array with room for one. ws_queue_poll gets a
// buffer, so that events which nobody looks at are not decoded.
const given = {
    'int32_t *': koffi.out('int32_t *'), 'uint64_t *': koffi.out('uint64_t *'), 'size_t *': koffi.out('size_t *'),
    'void * *': koffi.out('uintptr_t *'), 'ws_handle *': 'void *', 'ws_event *': 'void *',
    'ws_stats *': koffi.inout('ws_stats *'), 'ws_connection *': koffi.inout('ws_connection *'),
    'const void *': 'const void *', // ws_send: a Buffer
};

/** The functions, without "ws_". Each has .async(..., (error, result) => {}), which runs on a thread of koffi's. */
export function load(path) {
    const library = koffi.load(path);
    return Object.fromEntries(Object.entries(functions).map(([name, list]) => {
        const [result, ...parameters] = list.split(', ');
        return [name.slice(3), library.func(name, inKoffi(result), parameters.map((p) => given[p] ?? inKoffi(p)))];
    }));
}

// ---- the check against the header ------------------------------------------------

/** How the declarations above differ from those of the header: program prints them (header.py). */
export function differences(program) {
    const header = JSON.parse(execFileSync(program, { timeout: 60000 }));
    const found = [];
    const compare = (what, ours, theirs) => {
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
            found.push(`${what}: here ${JSON.stringify(ours)}, in the header ${JSON.stringify(theirs)}`);
        }
    };
    compare('structs', Object.keys(structs).sort(), Object.keys(header.structs).sort());
    for (const [name, members] of Object.entries(structs)) {
        const theirs = header.structs[name] ?? { size: 0, align: 0, members: {} };
        compare(`size of ${name}`, koffi.sizeof(types[name]), theirs.size);
        compare(`alignment of ${name}`, koffi.alignof(types[name]), theirs.align);
        compare(`members of ${name}`, members, Object.fromEntries(Object.entries(theirs.members).map(([m, v]) => [m, v.type])));
        for (const member of Object.keys(members).filter((m) => m in theirs.members)) {
            compare(`offset of ${name}.${member}`, koffi.offsetof(types[name], member), theirs.members[member].offset);
            compare(`size of ${name}.${member}`, koffi.sizeof(inKoffi(members[member])), theirs.members[member].size);
        }
    }
    for (const [name, value] of Object.entries(constants)) compare(name, value, header.constants[name]);
    for (const [name, list] of Object.entries(functions)) compare(name, list, header.functions[name]);
    return found;
}
