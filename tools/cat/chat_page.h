/* SPDX-License-Identifier: Apache-2.0 */
/* chat_page.h - what listen --chat shows to a browser. */
#ifndef CAT_CHAT_PAGE_H
#define CAT_CHAT_PAGE_H

static const char chat_page[] =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>chat</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; }\n"
    "body { font: 16px/1.4 system-ui, sans-serif; max-width: 40em; height: 100dvh; margin: 0 auto; padding: 0 1em; box-sizing: border-box;\n"
    "       display: flex; flex-direction: column; }\n"
    "ol { list-style: none; margin: 1em 0; padding: 0; flex: 1; overflow-y: auto; overflow-wrap: anywhere; }\n"
    "li { padding: .3em .6em; border-radius: .4em; } li:nth-child(odd) { background: #8882; } li.note { opacity: .6; }\n"
    "form { display: flex; gap: .5em; padding-bottom: 1em; } input { flex: 1; min-width: 0; font: inherit; padding: .4em; }\n"
    "#name { flex: 0 1 7em; } button { font: inherit; }\n"
    "</style>\n"
    "<ol id=\"lines\" aria-live=\"polite\"></ol>\n"
    "<form><input id=\"name\" aria-label=\"your name\" placeholder=\"name\"><input id=\"text\" aria-label=\"message\" placeholder=\"message\"\n"
    "autofocus autocomplete=\"off\"><button>Send</button></form>\n"
    "<script>\n"
    "const lines = document.querySelector('#lines'), text = document.querySelector('#text'), who = document.querySelector('#name');\n"
    "const show = (line, note) => {\n"
    "  const item = document.createElement('li');\n"
    "  item.textContent = line; // never as HTML: others wrote it\n"
    "  if (note) item.className = 'note';\n"
    "  lines.append(item);\n"
    "  lines.scrollTop = lines.scrollHeight;\n"
    "};\n"
    "let ws, wait = 500;\n"
    "const connect = () => {\n"
    "  ws = new WebSocket(location.href.replace(/^http/, 'ws'));\n"
    "  ws.onopen = () => { wait = 500; show('connected', true); };\n"
    "  ws.onmessage = ({ data }) => show(data);\n"
    "  ws.onclose = () => { show('the server has gone; trying again', true); setTimeout(connect, wait); wait = Math.min(wait * 2, 30000); };\n"
    "};\n"
    "connect();\n"
    "document.querySelector('form').onsubmit = (event) => {\n"
    "  event.preventDefault();\n"
    "  if (!text.value || ws.readyState !== WebSocket.OPEN) return; // what was typed stays\n"
    "  ws.send((who.value ? who.value + ': ' : '') + text.value);\n"
    "  text.value = '';\n"
    "};\n"
    "</script>\n</html>\n";

#endif
