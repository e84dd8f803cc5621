// SPDX-License-Identifier: Apache-2.0
// services.mjs socketio|graphql: a server on a free port of 127.0.0.1, which prints its URL and ends with stdin.
import http from "node:http";

const server = http.createServer();
let path;
if (process.argv[2] === "socketio") {
  const { Server } = await import("socket.io");
  new Server(server, { pingInterval: 300 }).on("connection", (socket) => {
    socket.on("hello", (...said) => socket.emit("world", ...said));
  });
  path = "/socket.io/?EIO=4&transport=websocket";
} else {
  const { buildSchema } = await import("graphql");
  const { useServer } = await import("graphql-ws/use/ws");
  const { WebSocketServer } = await import("ws");
  const schema = buildSchema("type Query { hello: String } type Subscription { count(to: Int!): Int }");
  const count = async function* ({ to }) { for (let n = 1; n <= to; n++) yield { count: n }; };
  useServer({ schema, roots: { query: { hello: () => "world" }, subscription: { count } } }, new WebSocketServer({ server, path: "/graphql" }));
  path = "/graphql";
}
server.listen(0, "127.0.0.1", () => console.log(`ws://127.0.0.1:${server.address().port}${path}`));
process.stdin.on("end", () => process.exit(0)).resume();
