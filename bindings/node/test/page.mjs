// SPDX-License-Identifier: Apache-2.0
// The whole program of docs/languages/javascript.md runs as it stands but for its import, and ends: page.mjs PAGE
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DEADLINE } from './kit.mjs';

const page = readFileSync(process.argv[2], 'utf8');
const block = /## A whole program\n\n((?: {4}.*\n|\n)+)/.exec(page)[1].replace(/^ {4}/gm, '');
const program = block.replace("'libws'", JSON.stringify(new URL('../lib/index.mjs', import.meta.url).href));
assert.notEqual(program, block);
const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8', timeout: DEADLINE });
assert.equal(said, 'hello\ngone 127.0.0.1 1000\n');
console.log(`${block.split('\n').length} lines`);
