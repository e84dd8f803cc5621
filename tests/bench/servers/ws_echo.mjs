// SPDX-License-Identifier: Apache-2.0
// ws_echo.mjs - an echo server with npm's ws:
//
//     ws_echo.mjs PORT [deflate | fanout] [CERTIFICATE KEY]
//
// fanout: what one client sends goes to all.
// ws is looked for in the current directory, as tests/interop/node installs it.
import { createServer as createPlain } from "node:http";
import { createServer as createSecure } from "node:https";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { cwd } from "node:process";

const { WebSocketServer } = createRequire(cwd() + "/")("ws");
const [port, ...rest] = process.argv.slice(2);
const perMessageDeflate = rest[0] === "deflate" ? { threshold: 0 } : false;
const fanout = rest[0] === "fanout";
const [cert, key] = perMessageDeflate || fanout ? rest.slice(1) : rest;
const server = cert ? createSecure({ cert: readFileSync(cert), key: readFileSync(key) }) : createPlain();
const sockets = new WebSocketServer({ server, perMessageDeflate, clientTracking: fanout });
sockets.on("connection", (socket) => {
    socket.on("error", () => {});
    socket.on("message", (data, binary) => {
        for (const one of fanout ? sockets.clients : [socket]) one.send(data, { binary });
    });
});
server.listen(Number(port), "127.0.0.1", 4096);
