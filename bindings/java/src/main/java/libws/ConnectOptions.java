// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_connect_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class ConnectOptions extends Options {
    static final int SIZE = 352;
    private int flags;
    private final Fields headers = new Fields();
    private String protocol;
    private String origin;
    private int maxRedirects;
    private int handshakeTimeoutMs;
    private int connectTimeoutMs;
    private int tlsTimeoutMs;
    private int upgradeTimeoutMs;
    private int pingIntervalMs;
    private int pongTimeoutMs;
    private int idleTimeoutMs;
    private int writeTimeoutMs;
    private int skipServerCertVerification;
    private int minSupportTlsProtocol;
    private int maxSupportTlsProtocol;
    private String caPath;
    private byte[] ca;
    private String clientCertPath;
    private byte[] clientCert;
    private String clientKeyPath;
    private byte[] clientKey;
    private String clientKeyPassword;
    private String serverName;
    private String pins;
    private String cipherSuites;
    private String keyLogPath;
    private int proxy;
    private int proxyPort;
    private String proxyHost;
    private String proxyUsername;
    private String proxyPassword;
    private String proxyExclusionList;
    private ReconnectOptions reconnect;
    private Compression compression;
    private String host;
    private String connectAddress;
    private String localAddress;
    private String localInterface;
    private int addressFamily;
    private int tcpKeepaliveMs;
    private int tcpUserTimeoutMs;
    private int connectedDescriptor;
    private int maxAnswerHead;
    private String proxyCaPath;
    private byte[] proxyCa;
    private String keyExchangeGroups;
    private String alpn;

    public ConnectOptions flags(int v) {
        flags = v;
        return this;
    }

    /** Adds a field; each call one more. */
    public ConnectOptions header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    public ConnectOptions protocol(String v) {
        protocol = v;
        return this;
    }

    public ConnectOptions origin(String v) {
        origin = v;
        return this;
    }

    public ConnectOptions maxRedirects(int v) {
        maxRedirects = v;
        return this;
    }

    public ConnectOptions handshakeTimeoutMs(int v) {
        handshakeTimeoutMs = v;
        return this;
    }

    public ConnectOptions connectTimeoutMs(int v) {
        connectTimeoutMs = v;
        return this;
    }

    public ConnectOptions tlsTimeoutMs(int v) {
        tlsTimeoutMs = v;
        return this;
    }

    public ConnectOptions upgradeTimeoutMs(int v) {
        upgradeTimeoutMs = v;
        return this;
    }

    public ConnectOptions pingIntervalMs(int v) {
        pingIntervalMs = v;
        return this;
    }

    public ConnectOptions pongTimeoutMs(int v) {
        pongTimeoutMs = v;
        return this;
    }

    public ConnectOptions idleTimeoutMs(int v) {
        idleTimeoutMs = v;
        return this;
    }

    public ConnectOptions writeTimeoutMs(int v) {
        writeTimeoutMs = v;
        return this;
    }

    public ConnectOptions skipServerCertVerification(int v) {
        skipServerCertVerification = v;
        return this;
    }

    public ConnectOptions minSupportTlsProtocol(int v) {
        minSupportTlsProtocol = v;
        return this;
    }

    public ConnectOptions maxSupportTlsProtocol(int v) {
        maxSupportTlsProtocol = v;
        return this;
    }

    public ConnectOptions caPath(String v) {
        caPath = v;
        return this;
    }

    public ConnectOptions ca(byte[] v) {
        ca = v;
        return this;
    }

    public ConnectOptions clientCertPath(String v) {
        clientCertPath = v;
        return this;
    }

    public ConnectOptions clientCert(byte[] v) {
        clientCert = v;
        return this;
    }

    public ConnectOptions clientKeyPath(String v) {
        clientKeyPath = v;
        return this;
    }

    public ConnectOptions clientKey(byte[] v) {
        clientKey = v;
        return this;
    }

    public ConnectOptions clientKeyPassword(String v) {
        clientKeyPassword = v;
        return this;
    }

    public ConnectOptions serverName(String v) {
        serverName = v;
        return this;
    }

    public ConnectOptions pins(String v) {
        pins = v;
        return this;
    }

    public ConnectOptions cipherSuites(String v) {
        cipherSuites = v;
        return this;
    }

    public ConnectOptions keyLogPath(String v) {
        keyLogPath = v;
        return this;
    }

    public ConnectOptions proxy(int v) {
        proxy = v;
        return this;
    }

    public ConnectOptions proxyPort(int v) {
        proxyPort = v;
        return this;
    }

    public ConnectOptions proxyHost(String v) {
        proxyHost = v;
        return this;
    }

    public ConnectOptions proxyUsername(String v) {
        proxyUsername = v;
        return this;
    }

    public ConnectOptions proxyPassword(String v) {
        proxyPassword = v;
        return this;
    }

    public ConnectOptions proxyExclusionList(String v) {
        proxyExclusionList = v;
        return this;
    }

    public ConnectOptions reconnect(ReconnectOptions v) {
        reconnect = v;
        return this;
    }

    public ConnectOptions compression(Compression v) {
        compression = v;
        return this;
    }

    public ConnectOptions host(String v) {
        host = v;
        return this;
    }

    public ConnectOptions connectAddress(String v) {
        connectAddress = v;
        return this;
    }

    public ConnectOptions localAddress(String v) {
        localAddress = v;
        return this;
    }

    public ConnectOptions localInterface(String v) {
        localInterface = v;
        return this;
    }

    public ConnectOptions addressFamily(int v) {
        addressFamily = v;
        return this;
    }

    public ConnectOptions tcpKeepaliveMs(int v) {
        tcpKeepaliveMs = v;
        return this;
    }

    public ConnectOptions tcpUserTimeoutMs(int v) {
        tcpUserTimeoutMs = v;
        return this;
    }

    public ConnectOptions connectedDescriptor(int v) {
        connectedDescriptor = v;
        return this;
    }

    public ConnectOptions maxAnswerHead(int v) {
        maxAnswerHead = v;
        return this;
    }

    public ConnectOptions proxyCaPath(String v) {
        proxyCaPath = v;
        return this;
    }

    public ConnectOptions proxyCa(byte[] v) {
        proxyCa = v;
        return this;
    }

    public ConnectOptions keyExchangeGroups(String v) {
        keyExchangeGroups = v;
        return this;
    }

    public ConnectOptions alpn(String v) {
        alpn = v;
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
        b.putLong(at + 8, headers.write(memory));
        b.putLong(at + 16, headers.count());
        b.putLong(at + 24, memory.text("protocol", protocol));
        b.putLong(at + 32, memory.text("origin", origin));
        b.putInt(at + 40, maxRedirects);
        b.putInt(at + 44, handshakeTimeoutMs);
        b.putInt(at + 48, connectTimeoutMs);
        b.putInt(at + 52, tlsTimeoutMs);
        b.putInt(at + 56, upgradeTimeoutMs);
        b.putInt(at + 60, pingIntervalMs);
        b.putInt(at + 64, pongTimeoutMs);
        b.putInt(at + 68, idleTimeoutMs);
        b.putInt(at + 72, writeTimeoutMs);
        b.putInt(at + 76, skipServerCertVerification);
        b.putInt(at + 80, minSupportTlsProtocol);
        b.putInt(at + 84, maxSupportTlsProtocol);
        b.putLong(at + 88, memory.text("caPath", caPath));
        b.putLong(at + 96, memory.bytes(ca));
        b.putLong(at + 104, ca == null ? 0 : ca.length);
        b.putLong(at + 112, memory.text("clientCertPath", clientCertPath));
        b.putLong(at + 120, memory.bytes(clientCert));
        b.putLong(at + 128, clientCert == null ? 0 : clientCert.length);
        b.putLong(at + 136, memory.text("clientKeyPath", clientKeyPath));
        b.putLong(at + 144, memory.bytes(clientKey));
        b.putLong(at + 152, clientKey == null ? 0 : clientKey.length);
        b.putLong(at + 160, memory.text("clientKeyPassword", clientKeyPassword));
        b.putLong(at + 168, memory.text("serverName", serverName));
        b.putLong(at + 176, memory.text("pins", pins));
        b.putLong(at + 184, memory.text("cipherSuites", cipherSuites));
        b.putLong(at + 192, memory.text("keyLogPath", keyLogPath));
        b.putInt(at + 200, proxy);
        b.putInt(at + 204, proxyPort);
        b.putLong(at + 208, memory.text("proxyHost", proxyHost));
        b.putLong(at + 216, memory.text("proxyUsername", proxyUsername));
        b.putLong(at + 224, memory.text("proxyPassword", proxyPassword));
        b.putLong(at + 232, memory.text("proxyExclusionList", proxyExclusionList));
        b.putLong(at + 240, reconnect == null ? 0 : reconnect.write(memory));
        b.putLong(at + 248, compression == null ? 0 : compression.write(memory));
        b.putLong(at + 256, memory.text("host", host));
        b.putLong(at + 264, memory.text("connectAddress", connectAddress));
        b.putLong(at + 272, memory.text("localAddress", localAddress));
        b.putLong(at + 280, memory.text("localInterface", localInterface));
        b.putInt(at + 288, addressFamily);
        b.putInt(at + 292, tcpKeepaliveMs);
        b.putInt(at + 296, tcpUserTimeoutMs);
        b.putInt(at + 300, connectedDescriptor);
        b.putInt(at + 304, maxAnswerHead);
        b.putLong(at + 312, memory.text("proxyCaPath", proxyCaPath));
        b.putLong(at + 320, memory.bytes(proxyCa));
        b.putLong(at + 328, proxyCa == null ? 0 : proxyCa.length);
        b.putLong(at + 336, memory.text("keyExchangeGroups", keyExchangeGroups));
        b.putLong(at + 344, memory.text("alpn", alpn));
    }
}
