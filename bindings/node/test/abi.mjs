// SPDX-License-Identifier: Apache-2.0
// Nothing of the ABI is forgotten here: what generate.mjs writes is fresh, and each member, flag, function and event is
// in JavaScript and its types, or left out by name, with a reason.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BY_HAND, LEFT_OUT, NOT_CALLED, OPTIONS, automatic, automaticFlags, constants, flagsOf, functions, membersOf, structs } from '../generate.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const all = (folder, ending) => readdirSync(path.join(root, folder)).filter((name) => name.endsWith(ending)).map((name) => readFileSync(path.join(root, folder, name), 'utf8')).join('\n');
const native = all('src', '.c').replace(/\/\*.*?\*\//gs, ''), lib = all('lib', '.js'), options = readFileSync(path.join(root, 'lib', 'options.js'), 'utf8');
const types = readFileSync(path.join(root, 'index.d.ts'), 'utf8') + readFileSync(path.join(root, 'options.d.ts'), 'utf8');
const word = (text, name) => new RegExp(`\\b${name}\\b`).test(text);

execFileSync(process.execPath, [path.join(root, 'generate.mjs'), '--check'], { stdio: 'inherit' });

// Options. LEFT_OUT and BY_HAND name nothing that is not there, or there twice.
const there = new Set(Object.keys(OPTIONS).flatMap((struct) => [...membersOf(struct).map(({ name }) => `${struct}.${name}`), ...Object.keys(structs[struct]).map((name) => `${struct}.${name}`), ...(flagsOf[struct] ?? []).map(({ name }) => `${struct}.${name}`)]));
for (const name of [...Object.keys(LEFT_OUT), ...Object.keys(BY_HAND)]) assert(there.has(name), `${name} is no option`);
assert.deepEqual(Object.keys(BY_HAND).filter((name) => LEFT_OUT[name]), []);
const untyped = Object.keys(OPTIONS).filter((struct) => struct !== 'ws_init_options').flatMap((struct) => [...automatic(struct), ...automaticFlags(struct)].map(({ js }) => js)).filter((name) => !types.includes(` ${name}?: `));
assert.deepEqual(untyped, [], 'options without a type');
assert.deepEqual([...new Set(Object.values(BY_HAND))].filter((name) => name !== 'adopt' && (!word(options, name) || !types.includes(` ${name}?: `) && !types.includes(` ${name}: `))), [], 'options that are said to be read by hand, and are not');

// Every struct of options is one that generate.mjs knows.
assert.deepEqual(Object.keys(structs).filter((name) => /_(options|config|changes)$/.test(name) && !OPTIONS[name] && name !== 'ws_queue_options'), []);

// Functions.
const called = (name) => word(native, name);
assert.deepEqual(Object.keys(functions).filter((name) => !called(name) && !NOT_CALLED[name]), [], 'functions that JavaScript does not know');
assert.deepEqual(Object.keys(NOT_CALLED).filter((name) => !(name in functions) || called(name)), [], 'functions that are called after all');

// Events. Of libws' own the addon makes message, connect and close out of what ws_queue_poll gives.
const EVENTS = Object.keys(constants).filter((name) => name.startsWith('WS_EVENT_')).map((name) => name.slice(9));
const NO_EVENT = { DATA_END: 'client.js makes it of each message: ws_queue_poll has none', DESTROYED: 'queue.c forgets the handle' };
assert.deepEqual(EVENTS.filter((name) => !word(lib, `EVENT\\.${name}`) && !NO_EVENT[name]), [], 'events that JavaScript does not know');
console.log(`${there.size} members and flags, ${Object.keys(LEFT_OUT).length} of them left out; ${Object.keys(functions).length} functions, ${Object.keys(NOT_CALLED).length} not called; ${EVENTS.length} events`);
