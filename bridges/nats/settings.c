/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c - what a host wants, checked and copied, and as options of NATS's client. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

enum { MAX_URLS = 64, WRITE_DEADLINE_MS = 10000 };

/* A string of the options, copied in place; what: NULL for one that stays NULL. */
static int32_t copy(wsn_settings *s, const char **member, const char *otherwise)
{
    if (!*member && !(*member = otherwise)) return WS_OK;
    char *own = strdup(*member);
    if (!own) return wsn_fail(WS_ERR_MEMORY, "no memory for options");
    s->strings[s->count++] = own;
    *member = own;
    return WS_OK;
}

/* off: whether -1 is allowed. */
static int32_t in_range(const char *name, int64_t value, int64_t most, bool off)
{
    if ((value >= 0 && value <= most) || (off && value == -1)) return WS_OK;
    return wsn_fail(WS_ERR_PARAMETER, "options.%s: %lld is not in 1..%lld%s", name, (long long)value, (long long)most,
                    off ? ", and neither 0 nor -1" : ", nor 0, which is the default");
}

static int32_t check_file(const char *name, const char *path)
{
    if (!path) return WS_OK;
    FILE *file = fopen(path, "rbe");
    if (!file) return wsn_fail(WS_ERR_CERT_FILE, "options.%s: %s: %s", name, path, strerror(errno));
    fclose(file);
    return WS_OK;
}

static int32_t check_name(const char *name)
{
    size_t size = strlen(name);
    if (size < 1 || size > WSN_MAX_NAME)
        return wsn_fail(WS_ERR_PARAMETER, "options.name: has %zu bytes, not 1..%d", size, WSN_MAX_NAME);
    if (strpbrk(name, ".") || wsn_prefix_fault(name))
        return wsn_fail(WS_ERR_PARAMETER, "options.name: %s has a byte that is no letter, digit, \"-\" or \"_\"", name);
    return WS_OK;
}

/* Two ways to say who this is are refused: NATS's client would take one of them silently. */
static int32_t check_credentials(const ws_nats_options *o)
{
    if (!o->user != !o->password)
        return wsn_fail(WS_ERR_PARAMETER, "options.%s: is NULL, and %s is not", o->user ? "password" : "user",
                        o->user ? "user" : "password");
    if (!o->nkey != !o->nkey_seed_file)
        return wsn_fail(WS_ERR_PARAMETER, "options.%s: is NULL, and %s is not", o->nkey ? "nkey_seed_file" : "nkey",
                        o->nkey ? "nkey" : "nkey_seed_file");
    if (!o->certificate_file != !o->key_file)
        return wsn_fail(WS_ERR_PARAMETER, "options.%s: is NULL, and %s is not",
                        o->key_file ? "certificate_file" : "key_file", o->key_file ? "key_file" : "certificate_file");
    if (!!o->user + !!o->token + !!o->nkey + !!o->credentials_file > 1)
        return wsn_fail(WS_ERR_PARAMETER, "options: only one of user, token, nkey and credentials_file can be given");
    return WS_OK;
}

/* NATS's client looks at them when it connects, and then says little. */
static int32_t check_url(const char *url, size_t size)
{
    const char *end = url + size, *host = url;
    if (!strncmp(url, "nats://", 7) || !strncmp(url, "tls://", 6)) host = strchr(url, '/') + 2;
    else if (memmem(url, size, "://", 3))
        return wsn_fail(WS_ERR_URL, "options.urls: %.*s begins neither with nats:// nor with tls://", (int)size, url);
    const char *at = memrchr(host, '@', (size_t)(end - host));
    if (at) host = at + 1;
    const char *colon = memrchr(host, ':', (size_t)(end - host)), *bracket = memchr(host, ']', (size_t)(end - host));
    if (bracket && colon && colon < bracket) colon = NULL; /* of an IPv6 address */
    if (host == end || host == colon) return wsn_fail(WS_ERR_URL, "options.urls: %.*s has no host", (int)size, url);
    if (!colon) return WS_OK;
    int port = 0;
    for (const char *digit = colon + 1; digit < end && port < 100000; digit++)
        port = *digit >= '0' && *digit <= '9' ? port * 10 + *digit - '0' : 100000;
    if (port < 1 || port > 65535)
        return wsn_fail(WS_ERR_URL, "options.urls: the port of %.*s is not in 1..65535", (int)size, url);
    return WS_OK;
}

/* wsn_history_has looks at them for each message: so they are looked at closely here. */
static int32_t check_history(const char *patterns)
{
    for (;; patterns++) {
        size_t size = strcspn(patterns, ","), level = 0;
        if (size < 1 || size > WSN_MAX_TOPIC)
            return wsn_fail(WS_ERR_PARAMETER, "options.history_topics: a pattern has %zu bytes, not 1..255", size);
        for (size_t i = 0; i < size; i++) {
            bool wild = patterns[i] == '+' || patterns[i] == '#', last = i + 1 == size;
            if (wild && (level || !(last || (patterns[i] == '+' && patterns[i + 1] == '/'))))
                return wsn_fail(
                    WS_ERR_PARAMETER,
                    "options.history_topics: %.*s has a \"%c\" that is not a whole level, or not the last one",
                    (int)size, patterns, patterns[i]);
            level = patterns[i] == '/' ? 0 : level + 1;
        }
        patterns += size;
        if (!*patterns) return WS_OK;
    }
}

static int32_t check_urls(const char *urls)
{
    int count = 0;
    for (;; urls++) {
        size_t size = strcspn(urls, ",");
        int32_t status = check_url(urls, size);
        if (status) return status;
        if (++count > MAX_URLS) return wsn_fail(WS_ERR_URL, "options.urls: are more than %d", MAX_URLS);
        urls += size;
        if (!*urls) return WS_OK;
    }
}

static int32_t check(const ws_nats_options *o)
{
    const struct {
        const char *name;
        int64_t value, most;
        bool off;
    } numbers[] = {
        {"connect_timeout_ms", o->connect_timeout_ms, 3600000, false},
        {"reconnect_wait_ms", o->reconnect_wait_ms, 3600000, false},
        {"ping_interval_ms", o->ping_interval_ms, 3600000, false},
        {"linger_ms", o->linger_ms, 3600000, true},
        {"part_timeout_ms", o->part_timeout_ms, 3600000, false},
        {"drain_timeout_ms", o->drain_timeout_ms, 3600000, false},
        {"reconnect_buffer", o->reconnect_buffer, 1 << 30, true},
        {"max_message", o->max_message, 1 << 30, false},
        {"max_joining", o->max_joining, (int64_t)1 << 40, false},
        {"max_waiting_messages", o->max_waiting_messages, 1 << 30, false},
        {"max_waiting_bytes", o->max_waiting_bytes, (int64_t)1 << 46, false},
        {"refuse_when_full", o->refuse_when_full, 1, false},
    };
    const struct {
        const char *name, *path;
    } files[] = {{"nkey_seed_file", o->nkey_seed_file},
                 {"credentials_file", o->credentials_file},
                 {"ca_file", o->ca_file},
                 {"certificate_file", o->certificate_file},
                 {"key_file", o->key_file}};
    int32_t status;
    const char *fault;
    if (o->flags & ~(WS_NATS_REQUIRE | WS_NATS_NO_SPLIT | WS_NATS_HISTORY_IN_MEMORY | WS_NATS_PRESENCE))
        return wsn_fail(WS_ERR_PARAMETER, "options.flags: has bits of no flag: %#x", o->flags);
    if (o->on_presence && !(o->flags & WS_NATS_PRESENCE))
        return wsn_fail(WS_ERR_PARAMETER, "options.on_presence: is given, but not WS_NATS_PRESENCE in flags");
    if (o->reserved || o->reserved2) return wsn_fail(WS_ERR_PARAMETER, "options.reserved: is not 0");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if ((status = in_range(numbers[i].name, numbers[i].value, numbers[i].most, numbers[i].off))) return status;
    if (o->prefix && (fault = wsn_prefix_fault(o->prefix)))
        return wsn_fail(WS_ERR_PARAMETER, "options.prefix: \"%s\" %s", o->prefix, fault);
    if (o->urls && (status = check_urls(o->urls))) return status;
    if (o->history_topics && (status = check_history(o->history_topics))) return status;
    if (o->name && (status = check_name(o->name))) return status;
    if ((status = check_credentials(o))) return status;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if ((status = check_file(files[i].name, files[i].path))) return status;
    return WS_OK;
}

#define DEFAULT(member, value)                       \
    do {                                             \
        if (!s->o.member) s->o.member = (value);     \
        else if (s->o.member == -1) s->o.member = 0; \
    } while (0)

int32_t wsn_settings_take(wsn_settings *s, const ws_nats_options *options)
{
    *s = (wsn_settings){0};
    int32_t status;
    if (options) {
        if (options->struct_size < sizeof(uint32_t) * 2)
            return wsn_fail(WS_ERR_PARAMETER, "options.struct_size: is %u; WS_INIT_STRUCT sets it",
                            options->struct_size);
        /* One of an older header is shorter; of a newer one the rest must be 0, because it is not known here. */
        size_t known = options->struct_size < sizeof s->o ? options->struct_size : sizeof s->o;
        memcpy(&s->o, options, known);
        for (size_t i = known; i < options->struct_size; i++)
            if (((const unsigned char *)options)[i])
                return wsn_fail(WS_ERR_PARAMETER, "options: has members that this version does not know");
    }
    s->o.struct_size = sizeof s->o;
    if ((status = check(&s->o))) return status;
    DEFAULT(connect_timeout_ms, 2000);
    DEFAULT(reconnect_wait_ms, 1000);
    DEFAULT(ping_interval_ms, 2000);
    DEFAULT(linger_ms, 1000);
    DEFAULT(part_timeout_ms, 5000);
    DEFAULT(drain_timeout_ms, 5000);
    DEFAULT(reconnect_buffer, 8 << 20);
    DEFAULT(max_message, 16 << 20);
    DEFAULT(max_joining, 64 << 20);
    DEFAULT(max_waiting_messages, 65536);
    DEFAULT(max_waiting_bytes, 64 << 20);
    DEFAULT(history_messages, 100);
    DEFAULT(history_seconds, 3600);
    DEFAULT(history_replicas, 1);
    ws_nats_options *o = &s->o;
    const struct {
        const char **member, *otherwise;
    } strings[] = {{&o->urls, "nats://127.0.0.1:4222"},
                   {&o->prefix, "libws"},
                   {&o->name, "ws"},
                   {&o->user, NULL},
                   {&o->password, NULL},
                   {&o->token, NULL},
                   {&o->nkey, NULL},
                   {&o->nkey_seed_file, NULL},
                   {&o->credentials_file, NULL},
                   {&o->ca_file, NULL},
                   {&o->certificate_file, NULL},
                   {&o->key_file, NULL},
                   {&o->tls_hostname, NULL},
                   {&o->history_topics, NULL}};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if ((status = copy(s, strings[i].member, strings[i].otherwise))) return status;
    return WS_OK;
}

void wsn_settings_free(wsn_settings *s)
{
    for (int i = 0; i < s->count; i++) free(s->strings[i]);
    *s = (wsn_settings){0};
}

/* Splits at "," in place. */
static natsStatus set_urls(natsOptions *made, const char *urls)
{
    char *list = strdup(urls), *rest = list;
    const char *all[MAX_URLS];
    int count = 0;
    if (!list) return NATS_NO_MEMORY;
    for (char *one; (one = strsep(&rest, ",")) && count < MAX_URLS;)
        all[count++] = one;
    natsStatus status = count ? natsOptions_SetServers(made, all, count) : NATS_ADDRESS_MISSING;
    free(list);
    return status;
}

static natsStatus set_tls(natsOptions *made, const ws_nats_options *o)
{
    natsStatus status = NATS_OK;
    if (!o->ca_file && !o->certificate_file && !o->tls_hostname && !strstr(o->urls, "tls://")) return NATS_OK;
    status = natsOptions_SetSecure(made, true);
    if (!status && o->ca_file) status = natsOptions_LoadCATrustedCertificates(made, o->ca_file);
    if (!status && o->certificate_file)
        status = natsOptions_LoadCertificatesChain(made, o->certificate_file, o->key_file);
    if (!status && o->tls_hostname) status = natsOptions_SetExpectedHostname(made, o->tls_hostname);
    return status;
}

static natsStatus set_credentials(natsOptions *made, const ws_nats_options *o)
{
    if (o->user) return natsOptions_SetUserInfo(made, o->user, o->password);
    if (o->token) return natsOptions_SetToken(made, o->token);
    if (o->nkey) return natsOptions_SetNKeyFromSeed(made, o->nkey, o->nkey_seed_file);
    if (o->credentials_file) return natsOptions_SetUserCredentialsFromFiles(made, o->credentials_file, NULL);
    return NATS_OK;
}

#define TRY(call)                        \
    do {                                 \
        if (!status) status = (call);    \
    } while (0)

int32_t wsn_nats_options(natsOptions **result, wsn_bridge *b)
{
    const ws_nats_options *o = &b->settings.o;
    natsOptions *made = NULL;
    natsStatus status = natsOptions_Create(&made);
    TRY(set_urls(made, o->urls));
    TRY(set_tls(made, o));
    TRY(set_credentials(made, o));
    TRY(natsOptions_SetName(made, b->id));
    TRY(natsOptions_SetTimeout(made, o->connect_timeout_ms));
    TRY(natsOptions_SetReconnectWait(made, o->reconnect_wait_ms));
    TRY(natsOptions_SetReconnectJitter(made, o->reconnect_wait_ms / 10 + 1, o->reconnect_wait_ms / 10 + 1));
    TRY(natsOptions_SetMaxReconnect(made, -1));
    TRY(natsOptions_SetPingInterval(made, o->ping_interval_ms));
    TRY(natsOptions_SetMaxPingsOut(made, 2));
    TRY(natsOptions_SetReconnectBufSize(made, (int)o->reconnect_buffer)); /* fits: up to 2^30 */
    /* A server stalls who publishes faster than some receiver reads, for less than that. */
    TRY(natsOptions_SetWriteDeadline(made, WRITE_DEADLINE_MS));
    /* Without a thread that flushes: in 3.4.1 a reconnect behind an error of a write can wait for that thread for ever.
     */
    TRY(natsOptions_SetSendAsap(made, true));
    TRY(natsOptions_SetNoEcho(made, true));
    TRY(natsOptions_UseGlobalMessageDelivery(made, true)); /* else each subscription is a thread */
    TRY(natsOptions_SetFailRequestsOnDisconnect(made, true));
    if (status) {
        const char *text = nats_GetLastError(NULL);
        int32_t failed = wsn_fail(status == NATS_NO_MEMORY   ? WS_ERR_MEMORY
                                  : status == NATS_SSL_ERROR ? WS_ERR_CERT_FILE
                                                             : WS_ERR_PARAMETER,
                                  "options: NATS's client says: %s%s%s", natsStatus_GetText(status), text ? ": " : "",
                                  text ? text : "");
        natsOptions_Destroy(made);
        return failed;
    }
    *result = made;
    return WS_OK;
}
