// SPDX-License-Identifier: Apache-2.0
// libws for Node by koffi, made from declarations.json.
//
// Handles are below 2^53, so they are numbers. user_data is an integer here: libws never
// looks at it. Addresses are integers, too; koffi gives those of callbacks as BigInts.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import koffi from 'koffi';

export { koffi };
const declared = JSON.parse(readFileSync(new URL('../declarations.json', import.meta.url)));

// ---- types ---------------------------------------------------------------------

const isText = (type) => type.startsWith('char['); // an array that holds one

// What koffi makes of a member. A text is decoded at once, as UTF-8; data stays an
// address, as its size stands beside it.
const socket = process.platform === 'win32' ? 'uintptr_t' : 'int32_t';
const member = (type) => type === 'ws_handle' ? 'uint64_t' : type === 'ws_socket' ? socket : isText(type) ? koffi.array('char', parseInt(type.slice(5)), 'String')
    : type === 'const char *' ? type : type.endsWith('*') || type in declared.callbacks ? 'uintptr_t' : type;

const types = {};
for (const [name, members] of Object.entries(declared.structs)) {
    types[name] = koffi.struct(name, Object.fromEntries(Object.entries(members).map(([m, t]) => [m, member(t)])));
}
export const EVENT_SIZE = koffi.sizeof(types.ws_event);

const zero = (type) => type === 'const char *' ? null : isText(type) ? '' : 0;

/** A struct to hand over, with its size in it. */
export function make(name, values = {}) {
    const all = Object.fromEntries(Object.entries(declared.structs[name]).map(([m, t]) => [m, zero(t)]));
    return { ...all, ...values, struct_size: koffi.sizeof(types[name]) };
}

// The one callback type. koffi runs one that a thread of the library calls on the thread
// of JavaScript, and that thread of the library waits for it meanwhile.
const prototype = koffi.proto('void ws_callback(uintptr_t event, uintptr_t user_data)');

/** The address of a callback for call(address of the event, user_data). */
export const register = (call) => koffi.register(call, koffi.pointer(prototype));

/** The event at an address, or at an offset of a Buffer, with a copy of its payload: what it
 * points to is valid during the callback, or until the next poll, only. */
export function copy(at, offset = 0) {
    const own = koffi.decode(typeof at === 'number' ? BigInt(at) : at, offset, types.ws_event);
    own.data = own.size ? Buffer.from(koffi.decode(BigInt(own.data), 'uint8_t', own.size)) : Buffer.alloc(0);
    return own;
}

/** Constants, without "WS_". */
export const C = Object.fromEntries(Object.entries(declared.constants).map(([name, value]) => [name.slice(3), value]));

// ---- functions -----------------------------------------------------------------

// Parameters that the library writes are arrays of one value, or Buffers where it writes
// several: events that nobody looks at are not decoded then.
function parameter(type) {
    if (type === 'ws_socket *') return koffi.out(`${socket} *`);
    if (/^(int32_t|uint64_t|size_t) \*$/.test(type)) return koffi.inout(type); // ws_header_next reads its place, too
    if (type === 'const char * *') return koffi.out('const char **');
    if (/^(const )?void \* \*$/.test(type)) return koffi.out('uintptr_t *');
    if (/^ws_(stats|connection|connection_stats) \*$/.test(type)) return koffi.inout(type);
    if (/^(ws_event|ws_handle|char) \*$/.test(type)) return 'void *';
    if (type === 'const void *') return type; // a Buffer
    return type.startsWith('const ws_') ? type : member(type);
}

/** The functions, without "ws_". Each has .async(..., (error, result) => {}), which runs on a thread of koffi's. */
export function load(path) {
    const library = koffi.load(path);
    return Object.fromEntries(Object.entries(declared.functions).map(([name, list]) => {
        const [result, ...parameters] = list.split(', ');
        return [name.slice(3), library.func(name, member(result), parameters.map(parameter))];
    }));
}

// ---- the check against the header ------------------------------------------------

/** How the declarations, and what koffi makes of them, differ from those of the header (header.py). */
export function differences(program) {
    const header = JSON.parse(execFileSync(program, { timeout: 60000 }));
    const found = [];
    const compare = (what, ours, theirs) => {
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
            found.push(`${what}: declared ${JSON.stringify(ours)}, in the header ${JSON.stringify(theirs)}`);
        }
    };
    compare('structs', Object.keys(types).sort(), Object.keys(header.structs).sort());
    for (const [name, theirs] of Object.entries(header.structs)) {
        if (!types[name]) continue;
        compare(`size of ${name}`, koffi.sizeof(types[name]), theirs.size);
        compare(`alignment of ${name}`, koffi.alignof(types[name]), theirs.align);
        compare(`members of ${name}`, declared.structs[name],
            Object.fromEntries(Object.entries(theirs.members).map(([m, v]) => [m, v.type])));
        for (const [m, type] of Object.entries(declared.structs[name])) {
            if (!theirs.members[m]) continue;
            compare(`offset of ${name}.${m}`, koffi.offsetof(types[name], m), theirs.members[m].offset);
            compare(`size of ${name}.${m}`, koffi.sizeof(member(type)), theirs.members[m].size);
        }
    }
    for (const kind of ['constants', 'callbacks', 'functions']) {
        compare(kind, Object.keys(declared[kind]).sort(), Object.keys(header[kind]).sort());
        for (const [name, value] of Object.entries(declared[kind])) compare(name, value, header[kind][name]);
    }
    return found;
}
