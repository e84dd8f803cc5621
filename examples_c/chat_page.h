/* SPDX-License-Identifier: Apache-2.0 */
/* chat_page.h - what chat_server shows to a browser. */
#ifndef CHAT_PAGE_H
#define CHAT_PAGE_H

static const char chat_html[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<meta charset=\"utf-8\">\n"
    "<title>libws chat</title>\n"
    "<link rel=\"stylesheet\" href=\"/chat.css\">\n"
    "<h1>libws chat</h1>\n"
    "<ol id=\"lines\"></ol>\n"
    "<form><input id=\"text\" autofocus autocomplete=\"off\" placeholder=\"your name\"><button>Say</button></form>\n"
    "<script src=\"/chat.js\"></script>\n"
    "</html>\n";

static const char chat_css[] =
    "body { font: 16px sans-serif; max-width: 40em; margin: 2em auto; }\n"
    "ol { list-style: none; padding: 0; min-height: 10em; }\n"
    "li { padding: .2em .5em; } li:nth-child(odd) { background: #eef; }\n"
    "form { display: flex; gap: .5em; } input { flex: 1; font: inherit; }\n";

static const char chat_js[] =
    "const lines = document.querySelector('#lines'), text = document.querySelector('#text');\n"
    "const show = (line) => {\n"
    "  const item = document.createElement('li');\n"
    "  item.textContent = line; // never as HTML: others wrote it\n"
    "  lines.append(item);\n"
    "};\n"
    "const ws = new WebSocket(location.origin.replace(/^http/, 'ws') + '/chat');\n"
    "ws.onmessage = ({ data }) => show(data);\n"
    "ws.onclose = ({ code, reason }) => show(`* the room is closed: ${code} ${reason}`);\n"
    "document.querySelector('form').onsubmit = (event) => {\n"
    "  event.preventDefault();\n"
    "  if (text.value && ws.readyState === WebSocket.OPEN) ws.send(text.value);\n"
    "  text.value = '';\n"
    "  text.placeholder = 'what you say';\n"
    "};\n";

#endif
