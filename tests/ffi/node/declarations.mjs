// SPDX-License-Identifier: Apache-2.0
// The declarations of ws.mjs are those of the header.
//
//     node declarations.mjs PROGRAM    PROGRAM prints what the header declares (header.py)
//
// Ends with status 1 and a list when they differ.
import { differences } from './ws.mjs';

const found = differences(process.argv[2]);
console.log(found.join('\n') || 'no difference');
process.exitCode = found.length ? 1 : 0;
