/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "say.h"
#include "target.h"

int read_field(const char *text, ws_header *field)
{
    const char *colon = strchr(text, ':');
    if (!colon || colon == text) return 0;
    char *name = format_text("%.*s", (int)(colon - text), text);
    colon++;
    while (*colon == ' ' || *colon == '\t') colon++;
    *field = (ws_header){name, colon};
    return 1;
}

char *join(const text_list *list, const char *between)
{
    char *all = NULL;
    for (size_t i = 0; i < list->count; i++) {
        char *longer = all ? format_text("%s%s%s", all, between, list->texts[i]) : format_text("%s", list->texts[i]);
        free(all);
        all = longer;
    }
    return all;
}

int32_t tls_version(const char *text)
{
    return !text ? WS_TLS_DEFAULT : WS_TLS_1_0 + (text[2] - '0');
}

void make_compression(ws_compression *c, const settings *s)
{
    WS_INIT_STRUCT(c);
    c->min_size = 1;
    c->level = 6;
    if (s->takeover) c->flags = WS_TAKEOVER_OUT | WS_TAKEOVER_IN;
}

/* A part of a URL without its %XX; allocated. */
static char *decode(const char *text, size_t size)
{
    char *plain = format_text("%.*s", (int)size, text), *to = plain;
    for (char *from = plain; *from; from++) {
        char digits[3] = {0};
        if (*from == '%' && from[1] && from[2]) {
            char *end;
            memcpy(digits, from + 1, 2);
            long byte = strtol(digits, &end, 16);
            if (!*end && byte) {
                *to++ = (char)byte;
                from += 2;
                continue;
            }
        }
        *to++ = *from;
    }
    *to = 0;
    return plain;
}

/* [SCHEME://][USER:PASSWORD@]HOST[:PORT][/] */
static int make_proxy(ws_connect_options *o, const char *url)
{
    if (!strcmp(url, "none")) {
        o->proxy = WS_PROXY_NONE;
        return 0;
    }
    const char *slashes = strstr(url, "://"), *rest = slashes ? slashes + 3 : url;
    size_t scheme = slashes ? (size_t)(slashes - url) : 0;
    if (!slashes || (scheme == 4 && !strncmp(url, "http", 4))) o->proxy = WS_PROXY_HTTP;
    else if (scheme == 5 && !strncmp(url, "https", 5)) o->proxy = WS_PROXY_HTTPS;
    else if (!strncmp(url, "socks5", 6) && (scheme == 6 || (scheme == 7 && url[6] == 'h'))) o->proxy = WS_PROXY_SOCKS5;
    else return wrong("--proxy %s: its scheme is http, https or socks5", url);
    const char *at = strrchr(rest, '@');
    if (at) {
        const char *colon = memchr(rest, ':', (size_t)(at - rest));
        if (!colon) return wrong("--proxy: a user needs a password, USER:PASSWORD@");
        o->proxy_username = decode(rest, (size_t)(colon - rest));
        o->proxy_password = decode(colon + 1, (size_t)(at - colon - 1));
        rest = at + 1;
    }
    size_t size = strcspn(rest, "/");
    const char *colon = *rest == '[' ? strchr(rest, ']') : rest;
    colon = colon ? strchr(colon, ':') : NULL;
    size_t host = colon ? (size_t)(colon - rest) : size;
    int64_t port = 0;
    if (colon && !read_number(decode(colon + 1, size - host - 1), 1, 65535, &port)) return wrong("--proxy %s: its port is 1 to 65535", url);
    o->proxy_port = (int32_t)port;
    o->proxy_host = *rest == '[' ? decode(rest + 1, host >= 2 ? host - 2 : 0) : decode(rest, host);
    return 0;
}

static int make_fields(ws_connect_options *o, const settings *s)
{
    ws_header *fields = need(calloc(s->headers.count + 3, sizeof *fields));
    size_t n = 0;
    for (size_t i = 0; i < s->headers.count; i++)
        if (!read_field(s->headers.texts[i], &fields[n++])) return wrong("--header %s: it is \"NAME: VALUE\"", s->headers.texts[i]);
    if (s->auth && s->bearer) return wrong("--auth and --bearer: one of them");
    if (s->auth) {
        if (!strchr(s->auth, ':')) return wrong("--auth %s: it is USER:PASSWORD", s->auth);
        char *code = base64(s->auth, strlen(s->auth));
        fields[n++] = (ws_header){"Authorization", format_text("Basic %s", code)};
        free(code);
    }
    if (s->bearer) fields[n++] = (ws_header){"Authorization", format_text("Bearer %s", s->bearer)};
    if (s->cookies.count) fields[n++] = (ws_header){"Cookie", join(&s->cookies, "; ")};
    o->headers = fields;
    o->header_count = n;
    return 0;
}

static void make_reconnect(target *t, const settings *s)
{
    WS_INIT_STRUCT(&t->reconnect);
    t->reconnect.flags = WS_KEEP_SENDS;
    t->reconnect.first_delay_ms = (int32_t)s->delay_ms;
    t->reconnect.max_tries = (int32_t)s->max_tries;
    if (s->reconnect || s->max_tries || s->delay_ms) t->options.reconnect = &t->reconnect;
}

int make_target(target *t, const settings *s)
{
    ws_connect_options *o = &t->options;
    WS_INIT_STRUCT(o);
    /* "localhost:8080" is short for "ws://localhost:8080/". */
    t->url = strstr(s->url, "://") || !strncmp(s->url, "ws+unix:", 8) ? format_text("%s", s->url) : format_text("ws://%s", s->url);
    if (make_fields(o, s) || (s->proxy && make_proxy(o, s->proxy))) return STATUS_USAGE;
    if (s->ipv4 && s->ipv6) return wrong("-4 and -6: one of them");
    o->address_family = s->ipv4 ? WS_FAMILY_IPV4 : s->ipv6 ? WS_FAMILY_IPV6 : WS_FAMILY_ANY;
    o->protocol = join(&s->protocols, ",");
    o->origin = s->origin;
    o->host = s->host;
    o->max_redirects = (int32_t)(s->max_redirects ? s->max_redirects : s->location ? 10 : 0);
    if (s->keep_cookies) o->flags |= WS_KEEP_COOKIES;
    o->handshake_timeout_ms = (int32_t)s->timeout_ms;
    o->skip_server_cert_verification = s->insecure;
    o->ca_path = s->ca;
    o->client_cert_path = s->cert;
    o->client_key_path = s->key;
    o->client_key_password = s->passphrase;
    o->server_name = s->server_name;
    o->pins = join(&s->pins, ",");
    o->min_support_tls_protocol = tls_version(s->tls_min);
    o->max_support_tls_protocol = tls_version(s->tls_max);
    o->cipher_suites = s->ciphers;
    o->key_log_path = s->key_log;
    o->connect_address = s->connect_to;
    o->local_address = s->local_address;
    o->local_interface = s->interface;
    if (s->compress || s->takeover) {
        make_compression(&t->compression, s);
        o->compression = &t->compression;
    }
    make_reconnect(t, s);
    return 0;
}
