// SPDX-License-Identifier: Apache-2.0
// What koffi makes of declarations.json is what the compiler makes of the header.
//
//     node declarations.mjs PROGRAM    PROGRAM prints what the header declares (header.py)
//
// Ends with status 1 and a list when they differ.
import { differences } from './ws.mjs';

const found = differences(process.argv[2]);
console.log(found.join('\n') || 'no difference');
process.exitCode = found.length ? 1 : 0;
