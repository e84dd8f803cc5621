/* SPDX-License-Identifier: Apache-2.0 */
/* options.h - what can be said on the command line. One table describes every option: parsing, --help, the man page
 * and the shells' completion are made of it. */
#ifndef CAT_OPTIONS_H
#define CAT_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

/* The status of the program, for scripts. */
enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1,   /* no connection, or it was lost */
    STATUS_USAGE = 2,    /* a wrong command line, or a file that cannot be used */
    STATUS_TOO_FEW = 3,  /* fewer than --count answers came in time */
    STATUS_CLOSED = 4,   /* the server closed with a code that says an error */
    STATUS_REFUSED = 5,  /* the server answered the upgrade with another HTTP status */
    STATUS_TLS = 6,      /* the TLS handshake failed, mostly for a certificate */
    STATUS_WARNED = 7,   /* check: something is wrong with the server */
};

enum { FOR_CONNECT = 1, FOR_LISTEN = 2, FOR_BENCH = 4, FOR_CHECK = 8, FOR_ALL = 15, FOR_CLIENTS = 13 };

/* What an option's argument is, and so what is at its place in settings. */
enum kind {
    KIND_FLAG,    /* int */
    KIND_NUMBER,  /* int64_t, low..high; k, M and G mean powers of 1024 */
    KIND_SECONDS, /* int64_t in ms; a fraction is allowed */
    KIND_TEXT,    /* const char * */
    KIND_FILE,    /* const char *, completed as a file */
    KIND_LIST,    /* text_list: the option may come again */
    KIND_FILES,   /* text_list */
};

typedef struct text_list {
    const char **texts;
    size_t count;
} text_list;

typedef struct settings {
    int command; /* FOR_CONNECT ... FOR_CHECK */
    const char *url; /* listen: HOST:PORT */
    /* What is sent, and when it is over */
    text_list execute, files;
    int64_t count, wait_ms;
    int stay, binary, text, null, slash, no_slash;
    const char *replay, *close;
    double speed;
    const char *speed_text;
    /* What is shown */
    int json, timestamps, quiet, verbose, show_pings, hex, progress;
    const char *color, *output, *record;
    int64_t ping_ms;
    /* The request */
    text_list headers, protocols, cookies;
    const char *auth, *bearer, *origin, *host;
    int keep_cookies, location;
    int64_t max_redirects;
    /* TLS */
    const char *ca, *cert, *key, *passphrase, *server_name, *tls_min, *tls_max, *ciphers, *key_log, *client_ca;
    text_list pins;
    int insecure;
    /* The way */
    const char *proxy, *connect_to, *interface, *local_address;
    int ipv4, ipv6, compress, takeover;
    int64_t timeout_ms, max_size;
    /* Reconnect */
    int reconnect;
    int64_t max_tries, delay_ms;
    /* listen */
    int echo, broadcast, chat, topics, once;
    const char *root, *origins;
    int64_t max_connections;
    /* bench */
    int64_t connections, duration_ms, size, rate, pipeline, loops;
    const char *csv;
    /* check */
    int limits, plain_only;
} settings;

typedef struct option_row {
    int commands; /* FOR_ */
    char letter;  /* 0: none */
    const char *name;
    enum kind kind;
    const char *argument; /* its name in the help; NULL: a flag */
    size_t at;            /* offset in settings */
    int64_t low, high;    /* of KIND_NUMBER and KIND_SECONDS (ms) */
    const char *group;    /* heading in the help */
    const char *help;
    const char *choices; /* separated by blanks; NULL: anything */
} option_row;

extern const option_row option_rows[]; /* the last one has no name */

/* Reads a command line into s, which is zero but for defaults. 0 or STATUS_USAGE, after a line that says why;
 * -1: the help was wanted. */
int read_options(int argc, char **argv, settings *s);

const char *command_name(int command);

/* 0: text is no number of low..high. */
int read_number(const char *text, int64_t low, int64_t high, int64_t *number);
int read_seconds(const char *text, int64_t low, int64_t high, int64_t *ms);

#endif
