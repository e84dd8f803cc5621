// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_server_config: what each member means stands beside it in the C headers; what is not set has its default. */
public final class ServerConfig extends Options {
    static final int SIZE = 264;
    private int flags;
    private int serverPort;
    private String serverIp;
    private int handshakeTimeoutMs;
    private int backlog;
    private String certPath;
    private String keyPath;
    private int minSupportTlsProtocol;
    private int maxSupportTlsProtocol;
    private byte[] cert;
    private byte[] key;
    private String keyPassword;
    private Certificate[] certificates = {};
    private String clientCaPath;
    private byte[] clientCa;
    private String cipherSuites;
    private String protocol;
    private String origins;
    private int decisionTimeoutMs;
    private int keepAliveTimeoutMs;
    private int maxHeadSize;
    private int maxBodySize;
    private int maxConnections;
    private int maxConcurrentClientsNumber;
    private int maxConnectionsForOneClient;
    private int maxUpgradesPerMinute;
    private int pingIntervalMs;
    private int pongTimeoutMs;
    private int idleTimeoutMs;
    private int writeTimeoutMs;
    private String trustedProxies;
    private int clientAddress;
    private int tcpKeepAliveMs;
    private ListenAt[] listeners = {};
    private Compression compression;
    private String hosts;
    private String healthPath;

    public ServerConfig flags(int v) {
        flags = v;
        return this;
    }

    public ServerConfig serverPort(int v) {
        serverPort = v;
        return this;
    }

    public ServerConfig serverIp(String v) {
        serverIp = v;
        return this;
    }

    public ServerConfig handshakeTimeoutMs(int v) {
        handshakeTimeoutMs = v;
        return this;
    }

    public ServerConfig backlog(int v) {
        backlog = v;
        return this;
    }

    public ServerConfig certPath(String v) {
        certPath = v;
        return this;
    }

    public ServerConfig keyPath(String v) {
        keyPath = v;
        return this;
    }

    public ServerConfig minSupportTlsProtocol(int v) {
        minSupportTlsProtocol = v;
        return this;
    }

    public ServerConfig maxSupportTlsProtocol(int v) {
        maxSupportTlsProtocol = v;
        return this;
    }

    public ServerConfig cert(byte[] v) {
        cert = v;
        return this;
    }

    public ServerConfig key(byte[] v) {
        key = v;
        return this;
    }

    public ServerConfig keyPassword(String v) {
        keyPassword = v;
        return this;
    }

    public ServerConfig certificates(Certificate... v) {
        certificates = v.clone();
        return this;
    }

    public ServerConfig clientCaPath(String v) {
        clientCaPath = v;
        return this;
    }

    public ServerConfig clientCa(byte[] v) {
        clientCa = v;
        return this;
    }

    public ServerConfig cipherSuites(String v) {
        cipherSuites = v;
        return this;
    }

    public ServerConfig protocol(String v) {
        protocol = v;
        return this;
    }

    public ServerConfig origins(String v) {
        origins = v;
        return this;
    }

    public ServerConfig decisionTimeoutMs(int v) {
        decisionTimeoutMs = v;
        return this;
    }

    public ServerConfig keepAliveTimeoutMs(int v) {
        keepAliveTimeoutMs = v;
        return this;
    }

    public ServerConfig maxHeadSize(int v) {
        maxHeadSize = v;
        return this;
    }

    public ServerConfig maxBodySize(int v) {
        maxBodySize = v;
        return this;
    }

    public ServerConfig maxConnections(int v) {
        maxConnections = v;
        return this;
    }

    public ServerConfig maxConcurrentClientsNumber(int v) {
        maxConcurrentClientsNumber = v;
        return this;
    }

    public ServerConfig maxConnectionsForOneClient(int v) {
        maxConnectionsForOneClient = v;
        return this;
    }

    public ServerConfig maxUpgradesPerMinute(int v) {
        maxUpgradesPerMinute = v;
        return this;
    }

    public ServerConfig pingIntervalMs(int v) {
        pingIntervalMs = v;
        return this;
    }

    public ServerConfig pongTimeoutMs(int v) {
        pongTimeoutMs = v;
        return this;
    }

    public ServerConfig idleTimeoutMs(int v) {
        idleTimeoutMs = v;
        return this;
    }

    public ServerConfig writeTimeoutMs(int v) {
        writeTimeoutMs = v;
        return this;
    }

    public ServerConfig trustedProxies(String v) {
        trustedProxies = v;
        return this;
    }

    public ServerConfig clientAddress(int v) {
        clientAddress = v;
        return this;
    }

    public ServerConfig tcpKeepAliveMs(int v) {
        tcpKeepAliveMs = v;
        return this;
    }

    public ServerConfig listeners(ListenAt... v) {
        listeners = v.clone();
        return this;
    }

    public ServerConfig compression(Compression v) {
        compression = v;
        return this;
    }

    public ServerConfig hosts(String v) {
        hosts = v;
        return this;
    }

    public ServerConfig healthPath(String v) {
        healthPath = v;
        return this;
    }

    @Override
    int size() {
        return SIZE;
    }

    @Override
    void fill(CallMemory memory, long at) {
        Backend b = memory.backend;
        b.putInt(at, SIZE);
        b.putInt(at + 4, flags);
        b.putInt(at + 8, serverPort);
        b.putLong(at + 16, memory.text("serverIp", serverIp));
        b.putInt(at + 24, handshakeTimeoutMs);
        b.putInt(at + 28, backlog);
        b.putLong(at + 32, memory.text("certPath", certPath));
        b.putLong(at + 40, memory.text("keyPath", keyPath));
        b.putInt(at + 48, minSupportTlsProtocol);
        b.putInt(at + 52, maxSupportTlsProtocol);
        b.putLong(at + 56, memory.bytes(cert));
        b.putLong(at + 64, cert == null ? 0 : cert.length);
        b.putLong(at + 72, memory.bytes(key));
        b.putLong(at + 80, key == null ? 0 : key.length);
        b.putLong(at + 88, memory.text("keyPassword", keyPassword));
        b.putLong(at + 96, memory.structs(Certificate.SIZE, certificates));
        b.putLong(at + 104, certificates.length);
        b.putLong(at + 112, memory.text("clientCaPath", clientCaPath));
        b.putLong(at + 120, memory.bytes(clientCa));
        b.putLong(at + 128, clientCa == null ? 0 : clientCa.length);
        b.putLong(at + 136, memory.text("cipherSuites", cipherSuites));
        b.putLong(at + 144, memory.text("protocol", protocol));
        b.putLong(at + 152, memory.text("origins", origins));
        b.putInt(at + 160, decisionTimeoutMs);
        b.putInt(at + 164, keepAliveTimeoutMs);
        b.putInt(at + 168, maxHeadSize);
        b.putInt(at + 172, maxBodySize);
        b.putInt(at + 176, maxConnections);
        b.putInt(at + 180, maxConcurrentClientsNumber);
        b.putInt(at + 184, maxConnectionsForOneClient);
        b.putInt(at + 188, maxUpgradesPerMinute);
        b.putInt(at + 192, pingIntervalMs);
        b.putInt(at + 196, pongTimeoutMs);
        b.putInt(at + 200, idleTimeoutMs);
        b.putInt(at + 204, writeTimeoutMs);
        b.putLong(at + 208, memory.text("trustedProxies", trustedProxies));
        b.putInt(at + 216, clientAddress);
        b.putInt(at + 220, tcpKeepAliveMs);
        b.putLong(at + 224, memory.structs(ListenAt.SIZE, listeners));
        b.putLong(at + 232, listeners.length);
        b.putLong(at + 240, compression == null ? 0 : compression.write(memory));
        b.putLong(at + 248, memory.text("hosts", hosts));
        b.putLong(at + 256, memory.text("healthPath", healthPath));
    }
}
