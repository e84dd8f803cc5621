/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"

enum { SOON_DAYS = 14 };

/* The line "name: text" of a certificate; "" when there is none. */
static const char *line_of(const char *certificate, const char *name, char *text, size_t size)
{
    size_t length = strlen(name);
    *text = 0;
    for (const char *at = certificate; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
        if (!strncmp(at, name, length) && at[length] == ':')
            snprintf(text, size, "%.*s", (int)strcspn(at + length + 2, "\n"), at + length + 2);
    return text;
}

static void check_dates(const char *certificate)
{
    char text[64];
    int year, month, day;
    line_of(certificate, "not after", text, sizeof text);
    if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3) return;
    struct tm end = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1};
    int days = (int)(difftime(mktime(&end), time(NULL)) / 86400);
    if (days < 0) bad("the certificate has expired: %s", text);
    else if (days < SOON_DAYS) note("the certificate ends in %d days: %s", days, text);
    else good("the certificate is good for another %d days", days);
}

static void check_old(const target *t)
{
    probe p;
    ws_connect_options options = t->options;
    options.min_support_tls_protocol = WS_TLS_1_0;
    options.max_support_tls_protocol = WS_TLS_1_1;
    probe_open(&p, t, &options);
    if (p.open) bad("it speaks TLS 1.1 or older, which RFC 8996 forbids");
    else good("TLS 1.1 and older are refused");
    probe_end(&p);
}

void check_tls(const target *t, const probe *p)
{
    char version[32], cipher[96], certificate[8192], subject[256], issuer[256];
    check_part("TLS");
    probe_text(p, WS_TEXT_TLS_VERSION, version, sizeof version);
    probe_text(p, WS_TEXT_TLS_CIPHER, cipher, sizeof cipher);
    probe_text(p, WS_TEXT_PEER_CERTIFICATE, certificate, sizeof certificate);
    if (!strcmp(version, "TLS 1.3")) good("%s, %s", version, cipher);
    else note("%s, %s: it does not speak TLS 1.3", version, cipher);
    good("the certificate is that of %s, by %s", line_of(certificate, "subject", subject, sizeof subject),
        line_of(certificate, "issuer", issuer, sizeof issuer));
    check_dates(certificate);
    check_old(t);
}
