/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "help_texts.h"
#include "options.h"

#define STATUS_LINES \
    "Status:\n" \
    "  0  all went well\n" \
    "  1  no connection, or it was lost, or the output could not be written\n" \
    "  2  the command line is wrong, or a file of it cannot be used\n" \
    "  3  fewer than --count messages came in time\n" \
    "  4  the server closed with a code that says an error (not 1000, 1001 or 1005)\n" \
    "  5  the server answered the request with another HTTP status than 101\n" \
    "  6  the TLS handshake failed, mostly for a certificate\n" \
    "  7  check: something is wrong with the server\n"

const char help_status[] = STATUS_LINES;

static const help_text texts[] = {
    {0, "Usage: libws-cat [connect] URL [OPTION...]      talk to a WebSocket server\n"
        "       libws-cat listen [HOST:]PORT [OPTION...]  be one\n"
        "       libws-cat bench URL [OPTION...]           measure one, with many connections\n"
        "       libws-cat check URL [OPTION...]           say what is right and wrong with one\n",
        "Begin with \"libws-cat listen 8080 --echo\" in one terminal and \"libws-cat localhost:8080\" in another:\n"
        "what you type comes back. Each command has a --help of its own. \"libws-cat help bash\" (zsh, fish, man)\n"
        "writes the completion of that shell, or the man page.\n\n" STATUS_LINES,
        "", NULL},
    {FOR_CONNECT, "Usage: libws-cat [connect] URL [OPTION...]\n",
        "Sends each line of stdin as a message and writes each message that comes as a line. On a terminal there is\n"
        "a prompt with history, and /help lists what else it does. URL is ws://, wss:// or ws+unix:/path/of/socket;\n"
        "HOST:PORT alone means ws://. When stdin ends, answers that are still to come are awaited.",
        "  libws-cat wss://example.com/chat                      talk, by hand\n"
        "  libws-cat ws://localhost:8080 -x '{\"id\":1}' -n 1      one question, one answer; status 3 without one\n"
        "  jq -c . requests.json | libws-cat URL > answers.txt   a line is a message, in both directions\n"
        "  libws-cat URL -k < /dev/null                          only receive, until the server closes\n"
        "  libws-cat URL -f photo.jpg -n 1                       send a file as one message\n"
        "  libws-cat URL --json | jq .data                       each event as a line of JSON\n"
        "  libws-cat URL --ping 1 -k                             round trips, once a second\n"
        "  libws-cat wss://localhost:8443 --ca ca.pem -v         a certificate of one's own; -v says what TLS did\n"
        "  libws-cat URL --record day.json                       and later: libws-cat URL --replay day.json\n",
        STATUS_LINES},
    {FOR_LISTEN, "Usage: libws-cat listen [HOST:]PORT [OPTION...]\n       libws-cat listen unix:/path/of/socket [OPTION...]\n",
        "Listens at 127.0.0.1 unless HOST says otherwise (0.0.0.0 is everywhere); port 0 takes a free one. Says\n"
        "\"listening on URL\" when it is ready. Without --echo, --broadcast, --topics or --chat it shows what clients\n"
        "say and sends each line of stdin to all of them. Ctrl-C closes all connections politely.",
        "  libws-cat listen 8080 --echo                     something to try a client against\n"
        "  libws-cat listen 8080                            talk with whoever connects\n"
        "  libws-cat listen 0.0.0.0:8080 --chat             a chat page for all browsers of this network\n"
        "  libws-cat listen 8080 --topics --root site       ws://.../news reaches all at /news; files by HTTP\n"
        "  libws-cat listen 8443 --echo --cert cert.pem --key key.pem\n",
        NULL},
    {FOR_BENCH, "Usage: libws-cat bench URL [OPTION...]\n",
        "Measures a server that sends every message back: how many a second, and how long each took. The first\n"
        "second is for warming up and does not count. Both ends share the machine when URL is localhost: what our\n"
        "end takes, the server lacks.",
        "  libws-cat bench ws://localhost:8080 -C 100 -d 10\n"
        "  libws-cat bench ws://localhost:8080 -C 1000 --rate 5000   delays at a load that it can bear\n"
        "  libws-cat bench ws://localhost:8080 -m 16k -b --csv load.csv\n",
        NULL},
    {FOR_CHECK, "Usage: libws-cat check URL [OPTION...]\n",
        "Connects several times and says in words what it finds: the way, TLS and the certificate, the upgrade,\n"
        "who may connect, pings, compression, how it closes, and for ws:// how it takes frames that RFC 6455\n"
        "forbids. Status 7 when something is wrong. Check only servers that you may check.",
        "  libws-cat check wss://example.com/chat\n"
        "  libws-cat check ws://localhost:8080 --limits\n",
        NULL},
};

const help_text *help_for(int command)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].command == command) return &texts[i];
    return texts;
}
