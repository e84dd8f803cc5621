// SPDX-License-Identifier: Apache-2.0
// What JavaScript and the addon know of the ABI, from tests/ffi/declarations.json, which a test compares
// with the headers: generate.mjs [--check]. It writes src/members.inc, lib/members.js and options.d.ts. A member or flag
// of an option struct is there without a line of code, unless BY_HAND or LEFT_OUT names it. tests/ffi/declared.py reads the
// declarations, as for all bindings; this is JavaScript because abi.mjs tests the addon with the tables below.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..', '..');
const read = (name) => readFileSync(path.join(root, name), 'utf8');
const { structs, constants, functions, flags, members: declared } = JSON.parse(execFileSync('python3', ['-B', path.join(root, 'tests/ffi/declared.py')],
    { encoding: 'utf8' }));

/** Structs of options, and the interface of options.d.ts that each becomes. */
const OPTIONS = {
    ws_create_options: 'CreateOptions', ws_connect_options: 'ConnectOptions', ws_reconnect_options: 'ReconnectOptions',
    ws_reconnect_changes: 'ReconnectChanges', ws_compression: 'CompressionOptions', ws_close_options: 'CloseOptions', ws_send_options: 'SendOptions',
    ws_server_options: 'ServerOptions', ws_server_config: 'ServerConfig', ws_certificate: 'Certificate', ws_listener: 'Listener',
    ws_accept_options: 'AcceptOptions', ws_response: 'Response', ws_adopt_options: 'AdoptOptions', ws_init_options: 'InitOptions',
};
const FIGURES = ['ws_connection_stats', 'ws_server_stats', 'ws_stats'];

/** Options that lib/options.js makes of others, by the name that they have there. */
const BY_HAND = {
    'ws_connect_options.headers': 'header', 'ws_reconnect_changes.headers': 'header', 'ws_accept_options.headers': 'header', 'ws_response.headers': 'header',
    'ws_connect_options.protocol': 'protocol', 'ws_reconnect_changes.protocol': 'protocol',
    'ws_connect_options.proxy': 'proxy', 'ws_connect_options.proxy_port': 'proxy', 'ws_connect_options.proxy_host': 'proxy',
    'ws_connect_options.proxy_username': 'proxy', 'ws_connect_options.proxy_password': 'proxy', 'ws_connect_options.proxy_exclusion_list': 'proxy',
    'ws_connect_options.client_cert_path': 'clientCert', 'ws_connect_options.client_cert': 'clientCert', 'ws_connect_options.client_key_path': 'clientCert',
    'ws_connect_options.client_key': 'clientCert', 'ws_connect_options.client_key_password': 'clientCert',
    'ws_reconnect_changes.client_cert_path': 'clientCert', 'ws_reconnect_changes.client_cert': 'clientCert', 'ws_reconnect_changes.client_key_path': 'clientCert',
    'ws_reconnect_changes.client_key': 'clientCert', 'ws_reconnect_changes.client_key_password': 'clientCert',
    'ws_connect_options.ca_path': 'caPath', 'ws_connect_options.reconnect': 'reconnect', 'ws_connect_options.compression': 'compression',
    'ws_connect_options.connected_descriptor': 'connectedDescriptor', 'ws_connect_options.WS_CONNECTED_DESCRIPTOR': 'connectedDescriptor',
    'ws_connect_options.WS_VERIFY_EVENTS': 'verify', 'ws_server_config.WS_VERIFY_EVENTS': 'verify',
    'ws_connect_options.WS_SIGN_EVENTS': 'sign', 'ws_server_config.WS_SIGN_EVENTS': 'sign', 'ws_certificate.WS_SIGN_EVENTS': 'sign',
    'ws_reconnect_options.WS_ASK_BEFORE_RECONNECT': 'ask',
    'ws_compression.WS_TAKEOVER_OUT': 'takeover', 'ws_compression.WS_TAKEOVER_IN': 'takeover',
    'ws_server_options.WS_UPGRADE_EVENTS': 'upgrade', 'ws_server_options.WS_REQUEST_EVENTS': 'request',
    'ws_server_config.server_port': 'serverPort', 'ws_server_config.server_ip': 'serverIP', 'ws_server_config.compression': 'compression',
    'ws_server_config.cert_path': 'serverCert', 'ws_server_config.cert': 'serverCert', 'ws_server_config.key_path': 'serverCert',
    'ws_server_config.key': 'serverCert', 'ws_server_config.key_password': 'serverCert',
    'ws_listener.WS_LISTEN_DESCRIPTOR': 'descriptor', 'ws_listener.descriptor': 'descriptor', 'ws_response.body': 'body', 'ws_response.status': 'status',
    'ws_adopt_options.descriptor': 'adopt', 'ws_adopt_options.data': 'adopt',
};

/** What JavaScript does not have, and why. */
const LEFT_OUT = {
    'ws_create_options.queue': 'the addon has its own', 'ws_server_options.queue': 'the addon has its own',
    'ws_create_options.user_data': 'a closure does that', 'ws_server_options.user_data': 'a closure does that', 'ws_adopt_options.user_data': 'a closure does that',
    'ws_create_options.WS_PING_EVENTS': 'always on: listeners are looked up in JavaScript', 'ws_server_options.WS_TOPIC_EVENTS': 'likewise',
    'ws_create_options.WS_RECEIVE_PARTS': 'the event message has a whole message', 'ws_server_options.WS_RECEIVE_PARTS': 'the event messageReceive has a whole message',
    'ws_server_config.WS_MODULE_LIMITS': 'always on, as in the module',
    'ws_adopt_options.target': 'adopt has the request itself', 'ws_adopt_options.protocol': 'likewise', 'ws_adopt_options.WS_ADOPT_UPGRADED': 'likewise',
    'ws_init_options.loops': 'the library belongs to the process, which may have other users', 'ws_init_options.engine': 'likewise: WS_ENGINE chooses it',
    'ws_init_options.log_level': 'likewise: WS_LOG chooses it', 'ws_init_options.memory_budget': 'likewise', 'ws_init_options.log': 'it is called on other threads',
    'ws_init_options.log_user_data': 'likewise', 'ws_init_options.log_lines_per_second': 'likewise',
};

/** Functions that the addon does not call, and why. */
const NOT_CALLED = {
    ws_init: 'the defaults do; see ws_init_options above', ws_shutdown_wait: 'the library belongs to the process', ws_set_log_level: 'likewise',
    ws_on: 'events come by ws_queue_poll', ws_off: 'likewise', ws_server_on: 'likewise', ws_server_off: 'likewise', ws_queue_dispatch: 'likewise', ws_queue_wake: 'likewise',
    ws_off_wait: 'it blocks', ws_server_off_wait: 'it blocks', ws_close_wait: 'it blocks', ws_destroy_wait: 'it blocks', ws_connect_wait: 'it blocks', ws_server_stop_wait: 'it blocks', ws_server_destroy_wait: 'it blocks',
    ws_set_user_data: 'a closure does that', ws_user_data: 'likewise', ws_post: 'setTimeout and setImmediate do that', ws_post_cancel: 'likewise',
    ws_set_url_filter: 'it is called on other threads',
    ws_send_part: 'a message is a value', ws_state: 'readyState says it', ws_server_connections: 'listAllConnections has them', ws_server_listener: 'port says it',
    ws_server_descriptor: 'descriptors are no values of JavaScript', ws_has_feature: 'the addon is built for its library', ws_abi_version: 'likewise', ws_version_string: 'the package says it',
    ws_server_set_relay: 'a relay runs on a thread of the library: it is written in C', ws_relay_deliver: 'likewise',
    ws_event_name: 'events have names', ws_close_code_name: 'codes are what the module has',
};

/** Types of what lib/options.js makes of others, where an interface of index.d.ts has no room for it. */
const ALSO = {
    ws_listener: ['    /** A stream socket that listens; it is duplicated. */', '    descriptor?: number;'],
    ws_certificate: ['    /** There is no key: sign of the configuration has it. */', '    sign?: boolean;'],
};

/** Names in texts where an option lies within another one here. */
const TOLD = {
    headers: 'header', server_ip: 'serverIP', server_port: 'serverPort', proxy_host: 'proxy.host', proxy_port: 'proxy.port', proxy_username: 'proxy.username', proxy_password: 'proxy.password',
    proxy_exclusion_list: 'proxy.exclusionList', client_cert_path: 'clientCert.certPath', client_cert: 'clientCert.cert', client_key_path: 'clientCert.keyPath', client_key: 'clientCert.key',
    client_key_password: 'clientCert.keyPassword',
};

// ---- names and kinds ------------------------------------------------------------------

const camel = (name) => name.toLowerCase().replace(/_(\w)/g, (_, c) => c.toUpperCase());
const RENAMED = { window_bits_out: 'windowBits', window_bits_in: 'peerWindowBits' };
const jsName = (member) => RENAMED[member] ?? camel(member.replace(/_ms$/, ''));
const BOOLEANS = new Set(['skip_server_cert_verification', 'exact']);
/** Numbers of C that are words in JavaScript. */
const WORDS = { full_policy: 'WS_FULL_', client_address: 'WS_ADDRESS_' };

/** Flags of each struct, by name and number. */
const flagsOf = Object.fromEntries(Object.entries(flags).map(([struct, names]) =>
    [struct, names.map((name) => ({ name, value: constants[name], js: camel(name.replace(/^WS_(LISTEN_)?/, '')) }))]));

/** What the addon calls the kinds of declared.py; numbers go by their type of C. */
const KINDS = { text: 'TEXT', path: 'TEXT', bytes: 'BYTES', headers: 'HEADERS', ints: 'I32S', struct: 'STRUCT', structs: 'STRUCTS' };
const NUMBERS = { ws_socket: 'SOCKET', int32_t: 'I32', uint32_t: 'U32', int64_t: 'I64', uint64_t: 'U64' };

/** {name, kind, sizeAt, inner, js}, in the order of the struct, behind its flags. */
function membersOf(struct) {
    const members = 'flags' in structs[struct] ? [{ name: 'flags', js: 'flags', kind: 'U32' }] : [];
    for (const { name, kind, size, struct: inner } of declared[struct]) {
        const type = structs[struct][name], member = { name, js: jsName(name), kind: KINDS[kind] ?? NUMBERS[type] };
        if (kind === 'flag') continue;
        if (size) member.sizeAt = size;
        if (inner) member.inner = inner;
        if (BOOLEANS.has(name)) member.as = 'boolean';
        else if (WORDS[name]) member.as = Object.fromEntries(Object.entries(constants).filter(([one]) => one.startsWith(WORDS[name])).map(([one, value]) => [camel(one.slice(WORDS[name].length)), value]));
        else if (/_support_tls_protocol$/.test(name)) member.as = 'tls';
        else if (/^(ping_interval|pong_timeout)_ms$/.test(name)) member.as = 'seconds';
        if (member.kind) members.push(member);
        else if (!LEFT_OUT[`${struct}.${name}`]) throw new Error(`${struct}.${name}: no kind for ${type}`);
    }
    return members;
}

/** What lib/options.js reads without a line for it. */
const automatic = (struct) => membersOf(struct).filter(({ name }) => name !== 'flags' && !BY_HAND[`${struct}.${name}`] && !LEFT_OUT[`${struct}.${name}`]);
const automaticFlags = (struct) => (flagsOf[struct] ?? []).filter(({ name }) => !BY_HAND[`${struct}.${name}`] && !LEFT_OUT[`${struct}.${name}`]);

// ---- what is written -------------------------------------------------------------------

function membersInc() {
    const out = ['/* SPDX-License-Identifier: Apache-2.0 */', '/* Written by generate.mjs. Members of structs by their names, and figures. */', ''];
    for (const struct of Object.keys(OPTIONS)) out.push(`extern const shape ${struct}_shape;`);
    for (const struct of Object.keys(OPTIONS)) {
        out.push('', `static const member ${struct}_members[] = {`);
        for (const { name, kind, sizeAt, inner } of membersOf(struct))
            out.push(`    {"${name}", KIND_${kind}, offsetof(${struct}, ${name}), ${sizeAt ? `offsetof(${struct}, ${sizeAt})` : '0'}, ${inner ? `&${inner}_shape` : 'NULL'}},`);
        out.push('    {NULL, KIND_I32, 0, 0, NULL},', '};', `const shape ${struct}_shape = {${struct}_members, sizeof(${struct})};`);
    }
    for (const struct of FIGURES) {
        out.push('', `static const figure ${struct}_figures[] = {`);
        for (const [name, type] of Object.entries(structs[struct])) {
            if (name === 'struct_size' || /^reserved/.test(name)) continue;
            out.push(`    {"${camel(name)}", FIGURE_${type.replace('int', 'I').replace('_t', '').replace('uI', 'U').toUpperCase()}, offsetof(${struct}, ${name})},`);
        }
        out.push('    {NULL, FIGURE_I32, 0},', '};');
    }
    return `${out.join('\n')}\n`;
}

function membersJs() {
    const out = ['// SPDX-License-Identifier: Apache-2.0', '// Written by generate.mjs. Options by their names here: [name, member of C, kind, inner struct], and flags; numbers of the ABI.', "'use strict';", ''];
    out.push('exports.OPTIONS = {');
    for (const struct of Object.keys(OPTIONS)) {
        out.push(`    ${struct}: {`, '        members: [');
        for (const { name, js, kind, as, inner } of automatic(struct)) out.push(`            ${JSON.stringify([js, name, as ?? kind, ...(inner ? [inner] : [])]).replaceAll('","', '", "')},`);
        out.push('        ],', `        flags: ${JSON.stringify(Object.fromEntries(automaticFlags(struct).map(({ js, value }) => [js, value])))},`, '    },');
    }
    out.push('};');
    const numbers = (prefix) => JSON.stringify(Object.fromEntries(Object.entries(constants).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value])));
    out.push(`exports.EVENT = ${numbers('WS_EVENT_')};`, `exports.ERR = ${numbers('WS_ERR_')};`, `exports.PROXY = ${numbers('WS_PROXY_')};`);
    const texts = Object.entries(constants).filter(([name]) => name.startsWith('WS_TEXT_')).map(([name, value]) => [camel(name.slice(8)), value]);
    out.push(`exports.TEXT = ${JSON.stringify(Object.fromEntries(texts))};`);
    const flags = Object.fromEntries(Object.values(flagsOf).flat().map(({ name, value }) => [name.slice(3), value]));
    out.push(`exports.FLAG = ${JSON.stringify(flags)};`, `exports.STAGE_RECONNECT = ${constants.WS_STAGE_RECONNECT};`);
    out.push('/** Names of members and flags in texts of libws, as they are here. */');
    const names = Object.fromEntries(Object.keys(OPTIONS).flatMap((struct) => membersOf(struct).map(({ name, js }) => [name, js])));
    Object.assign(names, TOLD);
    out.push(`exports.NAMES = ${JSON.stringify(Object.fromEntries(Object.entries(names).filter(([c, js]) => c !== js)))};`);
    return `${out.join('\n')}\n`;
}

/** Comments of the headers, by struct.member and by flag. */
function comments() {
    const found = {};
    for (const header of ['ws_types.h', 'ws_options.h', 'ws_server_options.h', 'ws_relay.h']) {
        const text = read(`include/libws/${header}`);
        const tidy = (comment) => comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim();
        for (const [, body, struct] of text.matchAll(/typedef struct \w+ \{(.*?)\n\} (\w+);/gs))
            for (const [, name, comment] of body.matchAll(/^ +[^;\n/]*?(\w+)(?:\[\d+\])?; *\/\*((?:[^*]|\*(?!\/))*)\*\//gm)) found[`${struct}.${name}`] = tidy(comment);
        for (const [, name, comment] of text.matchAll(/#define (WS_\w+) \w+ *\/\*((?:[^*]|\*(?!\/))*)\*\//g)) found[name] = tidy(comment);
        for (const [, comment, name] of text.matchAll(/\/\*((?:[^*]|\*(?!\/))*)\*\/\n#define (WS_\w+) /g)) found[name] ??= tidy(comment);
    }
    return found;
}

function optionsDts() {
    const said = comments();
    const TYPES = { SOCKET: 'number', U32: 'number', I32: 'number', I64: 'number', U64: 'number | bigint', TEXT: 'string', BYTES: 'string | ArrayBuffer | ArrayBufferView', HEADERS: 'Object', I32S: 'number[]', boolean: 'boolean', tls: 'number', seconds: 'number' };
    const out = ['// SPDX-License-Identifier: Apache-2.0', '/** Written by generate.mjs: options of libws under their own names, none of them in the module. Each says what', ' * the C header says of it: NULL is an option that is not there. */', ''];
    for (const [struct, name] of Object.entries(OPTIONS)) {
        out.push(`export interface ${name} {`);
        for (const member of automatic(struct)) {
            const { as, kind, inner } = member;
            const type = typeof as === 'object' ? Object.keys(as).map((word) => `'${word}'`).join(' | ') : inner ? `${OPTIONS[inner]}${kind === 'STRUCTS' ? '[]' : ''}` : TYPES[as ?? kind];
            const unit = as === 'tls' ? 'TlsProtocol. ' : /_ms$/.test(member.name) ? 'Milliseconds. ' : '';
            const text = as === 'seconds' ? 'Seconds: 0..30000; 0: none; default: 30' : unit + (said[`${struct}.${member.name}`] ?? `${member.name} of ${struct}`);
            out.push(`    /** ${text} */`, `    ${member.js}?: ${type};`);
        }
        for (const { name: flag, js } of automaticFlags(struct)) out.push(`    /** ${said[flag] ?? flag} */`, `    ${js}?: boolean;`);
        out.push(...(ALSO[struct] ?? []), '}', '');
    }
    const texts = Object.keys(constants).filter((name) => name.startsWith('WS_TEXT_')).map((name) => `'${camel(name.slice(8))}'`);
    out.push('/** What text() can be asked for; see WS_TEXT_ of the C header. */', `export type TextName = ${texts.join(' | ')};`);
    return `${out.join('\n')}\n`;
}

const files = { 'src/members.inc': membersInc(), 'lib/members.js': membersJs(), 'options.d.ts': optionsDts() };
export { BY_HAND, LEFT_OUT, NOT_CALLED, OPTIONS, automatic, automaticFlags, membersOf, flagsOf, constants, functions, structs };
if (process.argv[1] === fileURLToPath(import.meta.url)) {
    for (const [name, text] of Object.entries(files)) {
        const at = path.join(here, name);
        if (!process.argv.includes('--check')) writeFileSync(at, text);
        else if (readFileSync(at, 'utf8') !== text) throw new Error(`${name} is stale: run node bindings/node/generate.mjs`);
    }
}
