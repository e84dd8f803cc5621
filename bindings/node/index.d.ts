// SPDX-License-Identifier: Apache-2.0
/**
 * The interface of OpenHarmony's webSocket module over libws, and what libws has beside it.
 * What is not in the module says so.
 */

/** An error: one of the documented ids with its documented message, and what libws knows. */
export interface BusinessError<T = void> extends Error {
    code: number;
    message: string;
    /** Of a failed connect: the HTTP status as text, "0" for none. */
    data: T extends void ? string | undefined : T;
    /** Of a wrong argument: its name. Not in the module. */
    parameter?: string;
    /** What was tried, with what, and why it failed. Not in the module. */
    text?: string;
    /** Where: resolve, connect, proxy, tls, upgrade, protocol, timeout, limit, reconnect, io. Not in the module. */
    stage?: string;
    /** errno of the system call that failed, or 0. Not in the module. */
    osError?: number;
    /** The name of the status of libws, such as WS_ERR_TIMEOUT. Not in the module. */
    id?: string;
    /** Of an upgrade that was refused: the fields of the answer. Not in the module. */
    header?: webSocket.ResponseHeaders;
    /** Of an upgrade that was refused: the beginning of its body. Not in the module. */
    body?: string;
}
export const BusinessError: { new (code: number, fields?: object): BusinessError; readonly prototype: BusinessError };

/** err is undefined when it went well; data is then there. */
export type AsyncCallback<T> = (err: BusinessError, data: T) => void;
export type Callback<T> = (data: T) => void;
export type ErrorCallback<T extends Error = BusinessError> = (err: T) => void;

export namespace webSocket {
    /** Makes a client. It is connected by connect. */
    function createWebSocket(): WebSocket;
    /** Makes a server. It listens after start. */
    function createWebSocketServer(): WebSocketServer;
    /** The network has changed: waits end, attempts begin anew, open connections are asked for a sign of life. Not in the module. */
    function networkChanged(): void;

    interface ClientCert {
        certPath: string;
        keyPath: string;
        keyPassword?: string;
    }

    interface HttpProxy {
        host: string;
        port: number;
        username?: string;
        password?: string;
        exclusionList: string[];
        /** Not in the module. Default: http. */
        type?: 'http' | 'https' | 'socks5';
    }
    type ProxyConfiguration = 'system' | 'no-proxy' | HttpProxy;

    enum TlsProtocol {
        TLS_V_1_0 = 0,
        TLS_V_1_1 = 1,
        TLS_V_1_2 = 2,
        TLS_V_1_3 = 3,
    }

    /** Limits and marks of one end, in bytes. Not in the module. */
    interface Sizes {
        maxMessageSize?: number;
        maxSendSize?: number;
        maxBuffered?: number;
        highWaterMark?: number;
        lowWaterMark?: number;
    }

    /** permessage-deflate. Not in the module. */
    interface Compression {
        takeover?: boolean;
        level?: number;
        minSize?: number;
        windowBits?: number;
        peerWindowBits?: number;
    }

    /** A lost connection is made again; delays in milliseconds. Not in the module. */
    interface Reconnect {
        firstDelay?: number;
        maxDelay?: number;
        maxTries?: number;
        exact?: boolean;
        keepSends?: boolean;
        finalCodes?: number[];
    }

    interface WebSocketRequestOptions extends Sizes {
        /** Fields of the request; a list of values is sent as so many fields. */
        header?: Object;
        caPath?: string;
        clientCert?: ClientCert;
        proxy?: ProxyConfiguration;
        /** Subprotocols, separated by commas. */
        protocol?: string;
        skipServerCertVerification?: boolean;
        /** Seconds, 0 for no heartbeat. */
        pingInterval?: number;
        /** Seconds. */
        pongTimeout?: number;
        minSupportTlsProtocol?: TlsProtocol;
        supportOriginPort?: boolean;
        /** The Origin field. Not in the module. */
        origin?: string;
        /** Not in the module. */
        maxRedirects?: number;
        /** Milliseconds. Not in the module. */
        handshakeTimeout?: number;
        /** Milliseconds. Not in the module. */
        idleTimeout?: number;
        /** Authorities as PEM. Not in the module. */
        ca?: string | ArrayBuffer | ArrayBufferView;
        /** Not in the module. */
        serverName?: string;
        /** SHA-256 of public keys, separated by commas. Not in the module. */
        pins?: string;
        /** Not in the module. */
        reconnect?: boolean | Reconnect;
        /** Not in the module. */
        compression?: boolean | Compression;
    }

    interface WebSocketCloseOptions {
        /** 1000 to 1003, 1007 to 1014, 3000 to 4999. Default: 1000. */
        code?: number;
        /** At most 123 bytes. Default: CLOSE_NORMAL. */
        reason?: string;
        /** Milliseconds for the peer's answer. Not in the module. */
        timeout?: number;
    }

    interface CloseResult {
        code: number;
        reason: string;
    }
    interface OpenResult {
        status: number;
        message: string;
    }
    interface WebSocketOpenInfo extends OpenResult {
        protocol?: string;
    }
    type ResponseHeaders = { [k: string]: string | string[] | undefined };

    interface WebSocket {
        /** The result comes when the connection is open, or has failed. */
        connect(url: string, callback: AsyncCallback<boolean>): void;
        connect(url: string, options: WebSocketRequestOptions | undefined, callback: AsyncCallback<boolean>): void;
        connect(url: string, options?: WebSocketRequestOptions): Promise<boolean>;
        /** The result comes when the system has the message. Before open it waits. */
        send(data: string | ArrayBuffer | ArrayBufferView, callback: AsyncCallback<boolean>): void;
        send(data: string | ArrayBuffer | ArrayBufferView): Promise<boolean>;
        /** The result comes when the closing handshake is over. What was sent before goes out first. */
        close(callback: AsyncCallback<boolean>): void;
        close(options: WebSocketCloseOptions | undefined, callback: AsyncCallback<boolean>): void;
        close(options?: WebSocketCloseOptions): Promise<boolean>;

        on(type: 'open', callback: AsyncCallback<Object>): void;
        on(type: 'openInfo', callback: AsyncCallback<WebSocketOpenInfo>): void;
        on(type: 'message', callback: AsyncCallback<string | ArrayBuffer>): void;
        on(type: 'close', callback: AsyncCallback<CloseResult>): void;
        on(type: 'error', callback: ErrorCallback): void;
        on(type: 'dataEnd', callback: Callback<void>): void;
        on(type: 'headerReceive', callback: Callback<ResponseHeaders>): void;
        /** Not in the module: there is room again. */
        on(type: 'drain', callback: Callback<void>): void;
        /** Not in the module: the peer's ping, which is answered. */
        on(type: 'ping', callback: Callback<ArrayBuffer>): void;
        /** Not in the module: roundTrip in milliseconds. */
        on(type: 'pong', callback: Callback<{ data: ArrayBuffer; roundTrip?: number }>): void;
        /** Not in the module: delay in milliseconds. */
        on(type: 'reconnecting', callback: Callback<{ attempt: number; delay: number }>): void;

        off(type: 'open', callback?: AsyncCallback<Object>): void;
        off(type: 'openInfo', callback?: AsyncCallback<WebSocketOpenInfo>): void;
        off(type: 'message', callback?: AsyncCallback<string | ArrayBuffer>): void;
        off(type: 'close', callback?: AsyncCallback<CloseResult>): void;
        off(type: 'error', callback?: ErrorCallback): void;
        off(type: 'dataEnd', callback?: Callback<void>): void;
        off(type: 'headerReceive', callback?: Callback<ResponseHeaders>): void;
        off(type: 'drain', callback?: Callback<void>): void;
        off(type: 'ping', callback?: Callback<ArrayBuffer>): void;
        off(type: 'pong', callback?: Callback<{ data: ArrayBuffer; roundTrip?: number }>): void;
        off(type: 'reconnecting', callback?: Callback<{ attempt: number; delay: number }>): void;

        // Not in the module:
        /** 0 connecting, 1 open, 2 closing, 3 closed. */
        readonly readyState: number;
        readonly bufferedAmount: number;
        readonly url: string;
        readonly protocol: string;
        readonly extensions: string;
        ping(data?: string | ArrayBuffer | ArrayBufferView): void;
        /** Ends the connection at once. */
        abort(): void;
        /** No message, close or error comes until resume. */
        pause(): void;
        resume(): void;
        stats(): { [name: string]: number } | undefined;
    }

    interface ServerCert {
        certPath: string;
        keyPath: string;
        /** Not in the module. */
        keyPassword?: string;
    }

    /** What a client asks for. Not in the module. */
    interface UpgradeRequest {
        readonly method: string;
        readonly target: string;
        readonly protocols: string[];
        readonly header: ResponseHeaders;
    }
    /** With a status it refuses, without one it agrees. Not in the module. */
    interface UpgradeAnswer {
        status?: number;
        header?: Object;
        body?: string | ArrayBuffer | ArrayBufferView;
        protocol?: string;
    }

    interface WebSocketServerConfig extends Sizes {
        /** 0: one that the system chooses; see WebSocketServer.port. */
        serverPort: number;
        /** Distinct addresses. Default: 10. */
        maxConcurrentClientsNumber?: number;
        /** Connections of one address. Default: 10. */
        maxConnectionsForOneClient?: number;
        serverIP?: string;
        serverCert?: ServerCert;
        protocol?: string;
        // Not in the module:
        /** Who may come in: true, false, or an answer. */
        upgrade?: (request: UpgradeRequest) => boolean | UpgradeAnswer | void | Promise<boolean | UpgradeAnswer | void>;
        origins?: string;
        maxConnections?: number;
        pingInterval?: number;
        pongTimeout?: number;
        handshakeTimeout?: number;
        idleTimeout?: number;
        compression?: boolean | Compression;
    }

    interface WebSocketConnection {
        clientIP: string;
        clientPort: number;
        /** Path and query of its request. Not in the module. */
        readonly target?: string;
        /** The subprotocol in use. Not in the module. */
        readonly protocol?: string;
    }
    interface WebSocketMessage {
        data: string | ArrayBuffer;
        clientConnection: WebSocketConnection;
    }
    type ClientConnectionCloseCallback = (clientConnection: WebSocketConnection, closeReason: CloseResult) => void;

    interface WebSocketServer {
        start(config: WebSocketServerConfig): Promise<boolean>;
        /** The result comes when the last connection is gone and the port is free. */
        stop(options?: WebSocketCloseOptions): Promise<boolean>;
        send(data: string | ArrayBuffer | ArrayBufferView, connection: WebSocketConnection): Promise<boolean>;
        close(connection: WebSocketConnection, options?: WebSocketCloseOptions): Promise<boolean>;
        listAllConnections(): Promise<WebSocketConnection[]>;

        on(type: 'connect', callback: Callback<WebSocketConnection>): void;
        on(type: 'messageReceive', callback: Callback<WebSocketMessage>): void;
        on(type: 'close', callback: ClientConnectionCloseCallback): void;
        on(type: 'error', callback: ErrorCallback): void;
        /** Not in the module: a connection has room again. */
        on(type: 'drain', callback: Callback<WebSocketConnection>): void;
        off(type: 'connect', callback?: Callback<WebSocketConnection>): void;
        off(type: 'messageReceive', callback?: Callback<WebSocketMessage>): void;
        off(type: 'close', callback?: ClientConnectionCloseCallback): void;
        off(type: 'error', callback?: ErrorCallback): void;
        off(type: 'drain', callback?: Callback<WebSocketConnection>): void;

        // Not in the module:
        /** The port it listens on, 0 when it does not. */
        readonly port: number;
        subscribe(connection: WebSocketConnection, topic: string): void;
        unsubscribe(connection: WebSocketConnection, topic: string): void;
        /** To all that have subscribed but except; says how many took it. */
        publish(topic: string, data: string | ArrayBuffer | ArrayBufferView, except?: WebSocketConnection): number;
        broadcast(data: string | ArrayBuffer | ArrayBufferView, except?: WebSocketConnection): number;
        pause(connection: WebSocketConnection): void;
        resume(connection: WebSocketConnection): void;
        bufferedAmount(connection: WebSocketConnection): number;
        remoteAddress(connection: WebSocketConnection): string;
        stats(): { [name: string]: number } | undefined;
    }
}

export default webSocket;
export import createWebSocket = webSocket.createWebSocket;
export import createWebSocketServer = webSocket.createWebSocketServer;
export import networkChanged = webSocket.networkChanged;
export import TlsProtocol = webSocket.TlsProtocol;
