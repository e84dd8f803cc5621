/* SPDX-License-Identifier: Apache-2.0 */
/* Without a CA of its own a client believes what Windows' stores have, and nothing else. */
#include "t_tls.h"

#include <wincrypt.h>

static t_log events = T_LOG;

/* The test's CA becomes one of the user's, or is taken away again. */
static PCCERT_CONTEXT trust(PCCERT_CONTEXT before)
{
    if (before) {
        CHECK(CertDeleteCertificateFromStore(before));
        return NULL;
    }
    char pem[8192];
    FILE *f = fopen(t_cert("ca"), "rb");
    CHECK(f);
    size_t n = fread(pem, 1, sizeof pem - 1, f);
    fclose(f);
    pem[n] = 0;
    BYTE der[8192];
    DWORD size = sizeof der;
    CHECK(CryptStringToBinaryA(pem, 0, CRYPT_STRING_BASE64HEADER, der, &size, NULL, NULL));
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_CURRENT_USER, L"ROOT");
    CHECK(store);
    PCCERT_CONTEXT made = NULL;
    CHECK(CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der, size, CERT_STORE_ADD_REPLACE_EXISTING, &made));
    CertCloseStore(store, 0);
    return made;
}

/* The status of a connect that names no CA. */
static int32_t connect_once(ws_handle server)
{
    char url[64];
    snprintf(url, sizeof url, "wss://localhost:%d/", t_port(server));
    ws_handle client = t_client(&events);
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    int32_t status = ws_connect_wait(client, url, &options, T_DEADLINE_MS);
    fprintf(stderr, "%d %s\n", (int)status, status ? ws_last_error() : "");
    t_destroy(client, &events);
    t_forget(&events);
    return status;
}

int main(void)
{
    ws_handle server = ws_server_create(NULL);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    OK(ws_server_start(server, &config, NULL, NULL));
    CHECK(connect_once(server) != WS_OK);
    PCCERT_CONTEXT ca = trust(NULL);
    int32_t trusted = connect_once(server);
    trust(ca);
    OK(trusted);
    return t_done();
}
