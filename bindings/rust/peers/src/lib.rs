// SPDX-License-Identifier: Apache-2.0
//! What the tests of this crate have in common: TLS of the peers, by OpenSSL, with the certificates of libws' tests.
use native_tls::{Certificate, Identity, TlsAcceptor, TlsConnector};
use std::path::Path;

/// A file that `ctest -R '^certs$'` has made; `WS_TEST_CERTS` names its directory.
pub fn in_certs(name: &str) -> String {
    let directory = std::env::var("WS_TEST_CERTS").expect("WS_TEST_CERTS is the directory of the certificates");
    Path::new(&directory).join(name).to_str().expect("a path of UTF-8").to_string()
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(in_certs(name)).expect("the certificates are made")
}

/// Of a peer that is a client: it believes our authority only.
pub fn connector() -> TlsConnector {
    let authority = Certificate::from_pem(&read("ca.pem")).expect("an authority");
    TlsConnector::builder().disable_built_in_roots(true).add_root_certificate(authority).build().expect("a connector")
}

/// Of a peer that is a server.
pub fn acceptor() -> TlsAcceptor {
    TlsAcceptor::new(Identity::from_pkcs8(&read("good-cert.pem"), &read("good-key.pem")).expect("a pair")).expect("an acceptor")
}
