/* SPDX-License-Identifier: Apache-2.0 */
/* chat_page.h - what chat_server and cluster_chat show to a browser. */
#ifndef CHAT_PAGE_H
#define CHAT_PAGE_H

#include <string.h>

#include <libws/ws.h>

static const char chat_html[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, interactive-widget=resizes-content\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<title>libws chat</title>\n"
    "<link rel=\"icon\" href=\"data:,\">\n"
    "<link rel=\"stylesheet\" href=\"/chat.css\">\n"
    "<header><h1>libws chat</h1><p id=\"state\" role=\"status\" data-is=\"connecting\">connecting</p></header>\n"
    "<ol id=\"lines\" aria-live=\"polite\" aria-label=\"what was said\" tabindex=\"0\"></ol>\n"
    "<form>\n"
    "  <input id=\"text\" aria-label=\"your name\" placeholder=\"your name\" maxlength=\"20\" enterkeyhint=\"send\" autofocus autocomplete=\"off\">\n"
    "  <button>Join</button>\n"
    "</form>\n"
    "<script src=\"/chat.js\"></script>\n"
    "</html>\n";

static const char chat_css[] =
    ":root { --back: #f6f7f9; --card: #fff; --text: #1d2330; --quiet: #5c6675; --line: #d9dee6; --own: #dcebff; --go: #1a5fb4; --on-go: #fff;\n"
    "  --good: #1a7f4b; --bad: #b3261e; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --back: #14171c; --card: #1e232b; --text: #e6e9ee; --quiet: #9aa5b5; --line: #333b47; --own: #1f3a5c; --go: #7ab3ff; --on-go: #0d1a2b;\n"
    "    --good: #5fd39a; --bad: #ff8a80; }\n"
    "}\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0 auto; height: 100vh; height: 100dvh; max-width: 46rem; display: flex; flex-direction: column;\n"
    "  background: var(--back); color: var(--text); font: 1rem/1.45 system-ui, sans-serif; }\n"
    "header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1rem; padding: .75rem 1rem; }\n"
    "h1 { margin: 0; font-size: 1.15rem; }\n"
    "#state { margin: 0; color: var(--quiet); font-size: .9rem; }\n"
    "#state::before { content: \"\\25cf\"; margin-right: .4em; }\n"
    "#state[data-is=open]::before { color: var(--good); }\n"
    "#state[data-is=gone], #state[data-is=gone]::before { color: var(--bad); }\n"
    "ol { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; margin: 0; padding: .5rem 1rem; list-style: none;\n"
    "  border-block: 1px solid var(--line); }\n"
    "ol:empty::before { content: \"Say your name, and you are in.\"; color: var(--quiet); }\n"
    "li { width: fit-content; max-width: 85%; margin: .35rem 0; padding: .4rem .75rem; border-radius: .75rem; background: var(--card);\n"
    "  border: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-wrap; }\n"
    "li.own { margin-left: auto; background: var(--own); }\n"
    "li.news { margin-inline: auto; padding: 0; border: 0; background: none; color: var(--quiet); font-size: .9rem; }\n"
    "form { display: flex; gap: .5rem; padding: .75rem 1rem calc(.75rem + env(safe-area-inset-bottom)); }\n"
    "input { flex: 1; min-width: 0; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card); color: inherit;\n"
    "  font: inherit; }\n"
    "::placeholder { color: var(--quiet); opacity: 1; }\n"
    "button { padding: .6rem 1.1rem; border: 0; border-radius: .6rem; background: var(--go); color: var(--on-go); font: inherit; font-weight: 600; }\n"
    "button:disabled { opacity: .5; }\n"
    ":focus-visible { outline: 2px solid var(--go); outline-offset: 1px; }\n";

static const char chat_js[] =
    "const [lines, text, button, state] = ['#lines', '#text', 'button', '#state'].map((at) => document.querySelector(at));\n"
    "const kept = sessionStorage; // of this tab, also over a reload: the name, and what is typed and not sent\n"
    "let ws, name = kept.getItem('name') ?? '', tries = 0, timer;\n"
    "\n"
    "let atEnd = true; // who reads above stays there\n"
    "const toEnd = () => { if (atEnd) lines.scrollTop = lines.scrollHeight; };\n"
    "lines.onscroll = () => { atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40; };\n"
    "new ResizeObserver(toEnd).observe(lines); // also when a phone's keyboard comes\n"
    "\n"
    "const show = (line) => {\n"
    "  const item = document.createElement('li');\n"
    "  item.textContent = line; // never as HTML: others wrote it\n"
    "  item.title = new Date().toLocaleTimeString();\n"
    "  item.className = line.startsWith('* ') ? 'news' : line.startsWith(`${name}: `) ? 'own' : '';\n"
    "  lines.append(item);\n"
    "  if (lines.childElementCount > 500) lines.firstElementChild.remove();\n"
    "  toEnd();\n"
    "};\n"
    "const say = (is, words) => {\n"
    "  state.dataset.is = is;\n"
    "  state.textContent = words;\n"
    "  button.disabled = is !== 'open';\n"
    "};\n"
    "const introduced = () => {\n"
    "  text.placeholder = text.ariaLabel = 'what you say';\n"
    "  text.maxLength = 1000; // of 3 bytes at most: the server takes 4096\n"
    "  button.textContent = 'Say';\n"
    "};\n"
    "const connect = () => {\n"
    "  clearTimeout(timer);\n"
    "  say('connecting', 'connecting');\n"
    "  ws = new WebSocket(location.origin.replace(/^http/, 'ws') + '/chat');\n"
    "  ws.onopen = () => {\n"
    "    tries = 0;\n"
    "    say('open', 'connected');\n"
    "    if (name) ws.send(name); // come back\n"
    "  };\n"
    "  ws.onmessage = ({ data }) => show(data);\n"
    "  ws.onclose = ({ code, reason }) => {\n"
    "    // Later and later, and not all at the same moment.\n"
    "    const wait = Math.min(30000, 1000 * 2 ** tries++) * (0.5 + Math.random() / 2);\n"
    "    const why = reason || (code === 1006 ? '' : code);\n"
    "    say('gone', `the server has gone${why && ` (${why})`}; again in ${Math.ceil(wait / 1000)} s`);\n"
    "    timer = setTimeout(connect, wait);\n"
    "  };\n"
    "};\n"
    "const atOnce = () => { if (ws.readyState === WebSocket.CLOSED && document.visibilityState === 'visible') connect(); };\n"
    "addEventListener('online', atOnce);\n"
    "document.addEventListener('visibilitychange', atOnce); // a phone wakes up\n"
    "\n"
    "text.oninput = () => kept.setItem('typed', text.value);\n"
    "document.querySelector('form').onsubmit = (event) => {\n"
    "  event.preventDefault();\n"
    "  if (!text.value.trim() || ws.readyState !== WebSocket.OPEN) return; // what is typed stays\n"
    "  ws.send(text.value);\n"
    "  if (!name) {\n"
    "    kept.setItem('name', name = text.value);\n"
    "    introduced();\n"
    "  }\n"
    "  text.value = '';\n"
    "  kept.removeItem('typed');\n"
    "  text.focus();\n"
    "};\n"
    "if (name) introduced();\n"
    "text.value = kept.getItem('typed') ?? '';\n"
    "connect();\n";

static const struct {
    const char *path, *type, *text;
} chat_files[] = {
    {"/", "text/html; charset=utf-8", chat_html},
    {"/chat.css", "text/css", chat_css},
    {"/chat.js", "text/javascript", chat_js},
    {"/healthz", "text/plain", "ok\n"},
};

/* Answers a request: the page in three parts, and what a balancer asks for. */
static void chat_page(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_header allow = {"Allow", "GET, HEAD"}, fields[2] = {{"X-Content-Type-Options", "nosniff"}};
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.status = 404;
    for (size_t i = 0; i < sizeof chat_files / sizeof *chat_files; i++) {
        if (strcmp(e->target, chat_files[i].path)) continue;
        fields[1] = (ws_header){"Content-Type", chat_files[i].type};
        r.status = 200;
        r.headers = fields;
        r.header_count = 2;
        r.body = chat_files[i].text;
        r.body_size = strlen(chat_files[i].text);
    }
    if (strcmp(e->method, "GET") && strcmp(e->method, "HEAD")) {
        r.status = 405;
        r.headers = &allow;
        r.header_count = 1;
        r.body_size = 0;
    }
    ws_respond(e->handle, &r);
}

#endif
