// SPDX-License-Identifier: Apache-2.0
// Takes the examples out of the five documents about the webSocket module:
//
//     node extract.mjs DIRECTORY > examples.json
//
// Each document has come in a form of its own; what its form has done to the code is undone
// here, and nothing else: line numbers, lost line breaks, "= >".
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Fenced, each line with its number in front. */
function numbered(text) {
    return fenced(text.replace(/^\d+/gm, ''));
}

function fenced(text) {
    return [...text.matchAll(/```[jt]s\r?\n([\s\S]*?)```/g)].map((found) => found[1]);
}

/** Fenced, but without a line break anywhere: one stands again before what begins a statement. */
function joined(text) {
    return [...text.matchAll(/```ts ([\s\S]*?)```/g)].map((found) => found[1]
        .replace(/ \/\/ [^\n]*?(?= (?:ws\.|if \())/g, (comment) => `\n${comment.trim()}\n`)
        .replace(/ (?=(?:let|import|class) |ws\.|options\.reason|message: string)/g, '\n'));
}

/** No fences: the code stands between a heading line and the next line that is prose. */
function bare(text) {
    const lines = text.split(/\r?\n/);
    const isCode = (line) => /^(import |var |let |ws\.|webSocket\.\w+\(\);|[)}\]]|if |console\.|promise|code:|reason:|header:|"\w+":|\/\/)/.test(line);
    const blocks = [];
    let block = null;
    for (const line of lines) {
        if (isCode(line)) (block ||= []).push(line.replace(/= >/g, '=>'));
        else if (block) { blocks.push(block.join('\n')); block = null; }
    }
    return blocks;
}

/** Steps of a guide: what is indented by four, after a step's sentence. */
function indented(text) {
    const blocks = [];
    let block = null;
    for (const line of text.split(/\r?\n/)) {
        if (/^ {4}/.test(line) && (block || line.trim())) (block ||= []).push(line.slice(4));
        else if (block && /^\s*$/.test(line)) block.push('');
        else if (block) { blocks.push(block.join('\n').trimEnd()); block = null; }
    }
    if (block) blocks.push(block.join('\n').trimEnd());
    return blocks;
}

const FORMS = { '000': numbered, '001': bare, '002': indented, '003': joined, '004': fenced };

const ORIGINS = {
    '000': 'js-apis-webSocket.md of OpenHarmony, English, API 6 to 8',
    '001': 'the same page in Chinese, API 6 to 8, as an article has it',
    '002': 'websocket-connection.md of OpenHarmony, English, the guide, API 23',
    '003': 'js-apis-webSocket.md of OpenHarmony, Chinese, API 12',
    '004': 'js-apis-webSocket.md of OpenHarmony, English, API 12',
};

const directory = process.argv[2];
const documents = readdirSync(directory).filter((file) => /^00[0-4]_.*\.txt$/.test(file)).sort().map((file) => {
    const text = readFileSync(path.join(directory, file), 'utf8');
    const name = file.slice(0, 3);
    return { name, origin: ORIGINS[name], examples: FORMS[name](text).map((code) => code.trim()) };
});
console.log(JSON.stringify(documents, null, 2));
