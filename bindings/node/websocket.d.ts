// SPDX-License-Identifier: Apache-2.0
/** The WebSocket of browsers, over libws; its types are those of the DOM. */
declare const constructor: typeof globalThis.WebSocket;
export { constructor as WebSocket };
export default constructor;

type Data = string | number | ArrayBuffer | ArrayBufferView;
type Listeners<Events extends Record<keyof Events, unknown[]>> = {
    [When in 'on' | 'once' | 'off' | 'addListener' | 'removeListener']: <Name extends keyof Events>(type: Name, listener: (...values: Events[Name]) => void) => unknown;
};

/** What is there of Node's http.IncomingMessage: fields in lower case, repeated ones as one. */
export interface UpgradeRequest {
    method: string;
    url: string;
    headers: Record<string, string>;
}
export interface ConnectionRequest extends UpgradeRequest {
    socket: { remoteAddress: string; remotePort: number };
}

/** A connection of a WebSocketServer. Bytes are a Buffer of Node, also those of a text. */
export interface ServerSocket extends Listeners<{
    message: [data: Uint8Array, isBinary: boolean];
    close: [code: number, reason: Uint8Array];
    ping: [data: Uint8Array];
    pong: [data: Uint8Array];
    error: [error: Error];
}> {
    /** WebSocket.OPEN, CLOSING or CLOSED. */
    readonly readyState: number;
    readonly protocol: string;
    readonly extensions: string;
    readonly bufferedAmount: number;
    /** As text when it is a string, or binary is false. The callback is called when the system has it. */
    send(data: Data, callback?: (error?: Error) => void): void;
    send(data: Data, how: { binary?: boolean }, callback?: (error?: Error) => void): void;
    close(code?: number, reason?: string): void;
    terminate(): void;
    ping(data?: Data): void;
    pause(): void;
    resume(): void;
}

/** The server of npm's ws, as far as it listens itself; others of its options are refused. */
export class WebSocketServer {
    constructor(options: {
        port: number;
        /** Default: all addresses. */
        host?: string;
        /** Others get 400. */
        path?: string;
        /** Chooses one of those that are offered; default: the first one. */
        handleProtocols?: (protocols: Set<string>, request: UpgradeRequest) => string | false;
        /** Bytes of a message. */
        maxPayload?: number;
        perMessageDeflate?: boolean;
        /** Whose pages may connect, by commas; default, as in ws: all. Not in ws. */
        origins?: string;
        /** For wss: files or PEM. Not in ws. */
        serverCert?: { certPath: string; keyPath: string } | { cert: string; key: string };
    }, listening?: () => void);
    readonly clients: Set<ServerSocket>;
    address(): { address: string; port: number } | null;
    /** Lets nobody in any more; the callback comes when the last connection has ended. */
    close(callback?: (error?: Error) => void): void;
}
export interface WebSocketServer extends Listeners<{
    connection: [socket: ServerSocket, request: ConnectionRequest];
    listening: [];
    close: [];
    error: [error: Error];
}> {}
