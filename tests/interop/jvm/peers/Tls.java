// SPDX-License-Identifier: Apache-2.0

import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Contexts of files of PEM. */
final class Tls {
    private Tls() {
    }

    private static KeyStore store() throws Exception {
        KeyStore made = KeyStore.getInstance("PKCS12");
        made.load(null, null);
        return made;
    }

    private static Certificate[] certificates(String file) throws Exception {
        try (FileInputStream pem = new FileInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(pem).toArray(Certificate[]::new);
        }
    }

    static TrustManager[] managers(String authorities) throws Exception {
        KeyStore store = store();
        for (Certificate c : certificates(authorities)) {
            store.setCertificateEntry("authority " + store.size(), c);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** Trusts those authorities and no others. Its trust manager is what OkHttp wants beside it. */
    static SSLContext trusting(String authorities) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] managers = managers(authorities);
        context.init(null, managers, null);
        TRUST.set((X509TrustManager) managers[0]);
        return context;
    }

    static final ThreadLocal<X509TrustManager> TRUST = new ThreadLocal<>();

    /** Shows a certificate. */
    static SSLContext with(String certificate, String key) throws Exception {
        String text = Files.readString(Path.of(key)).replaceAll("-----[^-]*-----|\\s", "");
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text));
        Certificate[] chain = certificates(certificate);
        PrivateKey made = KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm()).generatePrivate(spec);
        KeyStore store = store();
        store.setKeyEntry("own", made, new char[0], chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }
}
