// SPDX-License-Identifier: Apache-2.0
/**
 * The interface of OpenHarmony's webSocket module over libws, and what libws has beside it.
 * What is not in the module says so.
 */

import type { AcceptOptions, Certificate, CloseOptions, CompressionOptions, ConnectOptions, CreateOptions, ReconnectChanges, ReconnectOptions, Response, SendOptions, ServerConfig, ServerOptions, TextName } from './options.js';

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

    /** Files, as in the module, or PEM. */
    type ClientCert = ({ certPath: string; cert?: undefined } | { cert: Bytes; certPath?: undefined }) & ({ keyPath: string; key?: undefined } | { key: Bytes; keyPath?: undefined }) & { keyPassword?: string };
    type Bytes = string | ArrayBuffer | ArrayBufferView;

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

    /** permessage-deflate. Not in the module. */
    interface Compression extends CompressionOptions {
        /** Both ends keep their histories from message to message. */
        takeover?: boolean;
    }

    /** What came of the try or connection before. */
    interface Lost {
        attempt: number;
        /** Of the peer's Close frame. */
        code?: number;
        error?: BusinessError;
    }
    /** What is different from this try on. */
    interface Changes extends ReconnectChanges {
        header?: Object;
        protocol?: string;
        clientCert?: ClientCert;
    }
    /** A lost connection is made again. Not in the module. */
    interface Reconnect extends ReconnectOptions {
        /** Is asked before each try, which begins with the answer: for tokens that expire. */
        ask?: (lost: Lost) => Changes | undefined | void | Promise<Changes | undefined | void>;
    }

    /** Whether the peer's certificate is good. */
    interface VerifyQuestion {
        /** PEM, its own certificate first. */
        chain: string;
        /** The OCSP response that a server has stapled, DER. */
        ocsp?: ArrayBuffer;
        /** That a server's certificate has to be for. */
        name: string;
        /** What libws has against it, undefined when it would take it. */
        error?: BusinessError;
    }
    /** A signature by the key of our certificate is wanted. */
    interface SignQuestion {
        /** The hash, or for Ed25519 all that is to be signed. */
        data: ArrayBuffer;
        /** SignatureScheme of RFC 8446 4.2.3, such as 0x0807. */
        scheme: number;
        subject: string;
    }
    /** Who answers what a TLS handshake asks. Not in the module. */
    interface TlsQuestions {
        /** true takes the certificate, whatever libws says of it. */
        verify?: (question: VerifyQuestion) => boolean | Promise<boolean>;
        /** The certificate is given without a key; nothing ends the handshake. */
        sign?: (question: SignQuestion) => ArrayBuffer | ArrayBufferView | undefined | Promise<ArrayBuffer | ArrayBufferView | undefined>;
    }

    interface WebSocketRequestOptions extends CreateOptions, ConnectOptions, TlsQuestions {
        /** Fields of the request; a list of values is sent as so many fields. */
        header?: Object;
        caPath?: string;
        clientCert?: ClientCert;
        proxy?: ProxyConfiguration;
        /** Subprotocols, separated by commas. */
        protocol?: string;
        minSupportTlsProtocol?: TlsProtocol;
        maxSupportTlsProtocol?: TlsProtocol;
        /** Not in the module. */
        reconnect?: boolean | Reconnect;
        /** Not in the module. */
        compression?: boolean | Compression;
        /** A socket that is connected already, by a tunnel of the program's own; it is duplicated. Not in the module. */
        connectedDescriptor?: number;
    }

    interface WebSocketCloseOptions extends CloseOptions {}

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

    /** A message that was left out. Not in the module. */
    interface Skipped {
        size: number;
        type: 'string' | 'ArrayBuffer';
    }

    interface WebSocket {
        /** The result comes when the connection is open, or has failed. */
        connect(url: string, callback: AsyncCallback<boolean>): void;
        connect(url: string, options: WebSocketRequestOptions | undefined, callback: AsyncCallback<boolean>): void;
        connect(url: string, options?: WebSocketRequestOptions): Promise<boolean>;
        /** The result comes when the system has the message. Before open it waits. */
        send(data: string | ArrayBuffer | ArrayBufferView, callback: AsyncCallback<boolean>): void;
        send(data: string | ArrayBuffer | ArrayBufferView): Promise<boolean>;
        /** Not in the module: a key, by which a message replaces the one that still waits (its result is an error then), and a priority. */
        send(data: string | ArrayBuffer | ArrayBufferView, options: SendOptions | undefined, callback: AsyncCallback<boolean>): void;
        send(data: string | ArrayBuffer | ArrayBufferView, options: SendOptions): Promise<boolean>;
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
        /** Not in the module: with skipLarge, a message over maxMessageSize is over. */
        on(type: 'skipped', callback: Callback<Skipped>): void;

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
        off(type: 'skipped', callback?: Callback<Skipped>): void;

        // Not in the module. What gives a boolean says whether there was a connection for it; only wrong arguments throw.
        /** 0 connecting, 1 open, 2 closing, 3 closed. */
        readonly readyState: number;
        readonly bufferedAmount: number;
        readonly url: string;
        readonly protocol: string;
        readonly extensions: string;
        ping(data?: Bytes): boolean;
        /** Answers a ping, with manualPong. */
        pong(data?: Bytes): boolean;
        /** What libws knows of the connection, "" for what there is not. */
        text(which: TextName): string;
        setCorrelationId(id: string): boolean;
        /** Ends the connection at once. */
        abort(): boolean;
        /** No message, close or error comes until resume. */
        pause(): boolean;
        resume(): boolean;
        stats(): { [name: string]: number } | undefined;
    }

    /** A key that is missing is one that sign has. */
    type ServerCert = ({ certPath: string; cert?: undefined } | { cert: Bytes; certPath?: undefined }) & { keyPath?: string; key?: Bytes; keyPassword?: string };

    /** What a client asks for. Not in the module. */
    interface UpgradeRequest {
        readonly method: string;
        readonly target: string;
        readonly protocols: string[];
        readonly header: ResponseHeaders;
    }
    /** With a status it refuses, without one it agrees. Not in the module. */
    interface UpgradeAnswer extends AcceptOptions {
        status?: number;
        header?: Object;
        body?: Bytes;
    }
    /** Any other HTTP request. Not in the module. */
    interface HttpRequest {
        readonly method: string;
        readonly target: string;
        readonly header: ResponseHeaders;
        readonly body: ArrayBuffer;
    }
    interface HttpAnswer extends Response {
        status?: number;
        header?: Object;
        body?: Bytes;
    }

    interface WebSocketServerConfig extends ServerOptions, ServerConfig, TlsQuestions {
        /** 0: one that the system chooses; see WebSocketServer.port. */
        serverPort: number;
        serverIP?: string;
        serverCert?: ServerCert;
        // Not in the module:
        /** Who may come in: true, false, or an answer. */
        upgrade?: (request: UpgradeRequest) => boolean | UpgradeAnswer | void | Promise<boolean | UpgradeAnswer | void>;
        /** What is no upgrade; nothing is 404. */
        request?: (request: HttpRequest) => HttpAnswer | void | Promise<HttpAnswer | void>;
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

    interface Subscription {
        topic: string;
        pattern: boolean;
    }

    interface WebSocketServer {
        start(config: WebSocketServerConfig): Promise<boolean>;
        /** The result comes when the last connection is gone and the port is free. */
        stop(options?: WebSocketCloseOptions): Promise<boolean>;
        send(data: string | ArrayBuffer | ArrayBufferView, connection: WebSocketConnection, options?: SendOptions): Promise<boolean>;
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
        /** Not in the module, with pingEvents: a ping of a peer. */
        on(type: 'ping', callback: (data: ArrayBuffer, connection: WebSocketConnection) => void): void;
        on(type: 'pong', callback: (pong: { data: ArrayBuffer; roundTrip?: number }, connection: WebSocketConnection) => void): void;
        /** Not in the module, with skipLarge. */
        on(type: 'skipped', callback: (skipped: Skipped, connection: WebSocketConnection) => void): void;
        /** Not in the module: a topic or pattern has its first subscriber, or has lost its last. */
        on(type: 'topicBegin' | 'topicEnd', callback: Callback<Subscription>): void;
        off(type: 'ping' | 'pong' | 'skipped' | 'topicBegin' | 'topicEnd', callback?: Function): void;

        // Not in the module:
        /** The port it listens on, 0 when it does not. */
        readonly port: number;
        subscribe(connection: WebSocketConnection, topic: string, how?: { pattern?: boolean }): boolean;
        unsubscribe(connection: WebSocketConnection, topic: string, how?: { pattern?: boolean }): boolean;
        isSubscribed(connection: WebSocketConnection, topic: string): 'topic' | 'pattern' | undefined;
        subscriptions(connection: WebSocketConnection): Subscription[];
        subscribers(topic: string): WebSocketConnection[];
        /** To all that have subscribed but except; says how many took it. */
        publish(topic: string, data: Bytes, except?: WebSocketConnection, options?: SendOptions): number;
        broadcast(data: Bytes, except?: WebSocketConnection, options?: SendOptions): number;
        ping(connection: WebSocketConnection, data?: Bytes): boolean;
        pong(connection: WebSocketConnection, data?: Bytes): boolean;
        abort(connection: WebSocketConnection): boolean;
        pause(connection: WebSocketConnection): boolean;
        resume(connection: WebSocketConnection): boolean;
        bufferedAmount(connection: WebSocketConnection): number;
        remoteAddress(connection: WebSocketConnection): string;
        text(connection: WebSocketConnection, which: TextName): string;
        setCorrelationId(connection: WebSocketConnection, id: string): boolean;
        connectionStats(connection: WebSocketConnection): { [name: string]: number } | undefined;
        /** No new client is let in. */
        stopListening(): Promise<boolean>;
        setCertificates(certificates: Certificate[]): Promise<boolean>;
        /** Of node:http's event 'upgrade'; the socket is gone then. */
        adopt(request: object, socket: object, head?: ArrayBufferView): Promise<boolean>;
        /** Figures as text for Prometheus. */
        metrics(): string;
        stats(): { [name: string]: number } | undefined;
    }
}

export default webSocket;
export import createWebSocket = webSocket.createWebSocket;
export import createWebSocketServer = webSocket.createWebSocketServer;
export import networkChanged = webSocket.networkChanged;
export import TlsProtocol = webSocket.TlsProtocol;
