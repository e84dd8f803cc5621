#compdef libws-cat
# zsh completion of libws-cat; made by "libws-cat help zsh"
_libws_cat() {
  local command=connect
  case $words[2] in (listen|bench|check) command=$words[2];; esac
  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
    local -a commands=(
      'connect:talk to a WebSocket server'
      'listen:be a WebSocket server'
      'bench:measure a server'
      'check:say what is right and wrong with a server'
    )
    _describe command commands
  fi
  case $command in
  (connect) _arguments \
    '*'{-x,--execute}'[send TEXT instead of what stdin says; may come again]:TEXT: ' \
    '*'{-f,--file}'[send a file as one binary message (--text\: as text), in pieces as it is read; "-" is stdin]:FILE:_files' \
    '(-n --count)'{-n,--count}'[end when COUNT messages were received; fewer when the wait is over is status 3]:COUNT: ' \
    '(-w --wait)'{-w,--wait}'[wait so long for answers when all was sent; with --count 10 s, else until there are as many answers as messages, or a second of silence]:SECONDS: ' \
    '(-k --stay)'{-k,--stay}'[go on receiving when all was sent, until the server closes]' \
    '(-b --binary)'{-b,--binary}'[lines are sent as binary messages]' \
    '--text[files are sent as text]' \
    '(-0 --null)'{-0,--null}'[messages end with a NUL byte instead of a line feed, in both directions]' \
    '--slash[lines as /ping, /pong, /close, /binary, /file and /help are commands (at the prompt they always are)]' \
    '--no-slash[also at the prompt all lines are messages]' \
    '--close[what our Close frame says; 1000 without it]:CODE\[\:REASON\]: ' \
    '(-j --json)'{-j,--json}'[a line of JSON for each thing that happens; binary data is base64]' \
    '(-t --timestamps)'{-t,--timestamps}'[put the time before each message]' \
    '--color[auto (the default), always or never; NO_COLOR means never]:WHEN:(auto always never)' \
    '--hex[show binary messages as hexadecimal digits]' \
    '(-O --output)'{-O,--output}'[write what is received to FILE as it comes, without anything between the messages]:FILE:_files' \
    '--progress[a line on stderr says how far a large transfer is; on a terminal it does so by itself]' \
    '(-P --show-pings)'{-P,--show-pings}'[say when a ping or pong comes, with the round trip]' \
    '--ping[send a ping so often and say the round trip of each]:SECONDS: ' \
    '(-v --verbose)'{-v,--verbose}'[say how the connection came about\: fields, TLS, times]' \
    '(-q --quiet)'{-q,--quiet}'[say errors only, beside messages]' \
    '*'{-H,--header}'[a field of the request]:NAME\: VALUE: ' \
    '--auth[Basic authentication]:USER\:PASSWORD: ' \
    '--bearer[Authorization\: Bearer TOKEN]:TOKEN: ' \
    '(-o --origin)'{-o,--origin}'[the Origin field, as "https\://example.com"]:ORIGIN: ' \
    '*'{-s,--subprotocol}'[offer a subprotocol; the first one is preferred]:NAME: ' \
    '--host[the Host field instead of the URL'\''s]:NAME: ' \
    '*--cookie[a cookie]:NAME=VALUE: ' \
    '--cookies[keep cookies of the answers, over redirects and reconnects]' \
    '(-L --location)'{-L,--location}'[follow redirects]' \
    '--max-redirects[follow so many redirects; 10 with --location]:COUNT: ' \
    '--ca[trust the authorities in FILE (PEM) instead of the system'\''s]:FILE:_files' \
    '--insecure[take any certificate\: protects from nobody on the way]' \
    '--cert[the certificate that we show when asked (PEM)]:FILE:_files' \
    '--key[its private key (PEM)]:FILE:_files' \
    '--passphrase[of an encrypted key]:TEXT: ' \
    '*--pin[the server'\''s chain must have a public key with this hash (base64 or hexadecimal)]:SHA256: ' \
    '--server-name[ask for and check this name instead of the URL'\''s]:NAME: ' \
    '--tls-min[the oldest TLS\: 1.0, 1.1, 1.2 or 1.3; 1.2 without it]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--tls-max[the newest TLS]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--ciphers[cipher suites for TLS 1.2 and older, by IANA'\''s names]:LIST: ' \
    '--key-log[append the secrets of the connection, for Wireshark]:FILE:_files' \
    '--proxy[http\://, https\:// or socks5\://\[USER\:PASSWORD@\]HOST\[\:PORT\], or "none"; without it the environment says]:URL: ' \
    '--connect-to[connect to this address; all else stays with the URL]:ADDRESS: ' \
    '--local-address[connect from this address]:ADDRESS: ' \
    '--interface[use this network interface (Linux)]:NAME: ' \
    '(-4 --ipv4)'{-4,--ipv4}'[IPv4 only]' \
    '(-6 --ipv6)'{-6,--ipv6}'[IPv6 only]' \
    '(-T --timeout)'{-T,--timeout}'[time until the connection has to be open; 15 without it]:SECONDS: ' \
    '(-z --compress)'{-z,--compress}'[offer permessage-deflate (RFC 7692); listen\: agree to it]' \
    '--takeover[with --compress\: messages may refer to earlier ones]' \
    '--max-size[largest message that is received; 64M without it]:BYTES: ' \
    '(-r --reconnect)'{-r,--reconnect}'[connect again when the connection is lost, and keep what was not sent]' \
    '--max-tries[give up after so many failed tries]:COUNT: ' \
    '--reconnect-delay[longest wait before the first try; 0.5 without it]:SECONDS: ' \
    '--record[write what is sent and received to FILE, as lines of JSON]:FILE:_files' \
    '--replay[send what a record says was sent, at the same times]:FILE:_files' \
    '--speed[with --replay\: so many times as fast; 0\: at once]:FACTOR: ' \
    '--help[say what there is]' \
    '*:URL or address: ' ;;
  (listen) _arguments \
    '(-n --count)'{-n,--count}'[end when COUNT messages were received; fewer when the wait is over is status 3]:COUNT: ' \
    '(-0 --null)'{-0,--null}'[messages end with a NUL byte instead of a line feed, in both directions]' \
    '(-j --json)'{-j,--json}'[a line of JSON for each thing that happens; binary data is base64]' \
    '(-t --timestamps)'{-t,--timestamps}'[put the time before each message]' \
    '--color[auto (the default), always or never; NO_COLOR means never]:WHEN:(auto always never)' \
    '(-v --verbose)'{-v,--verbose}'[say how the connection came about\: fields, TLS, times]' \
    '(-q --quiet)'{-q,--quiet}'[say errors only, beside messages]' \
    '*'{-H,--header}'[a field of the answers]:NAME\: VALUE: ' \
    '--auth[clients have to know it (Basic), else 401]:USER\:PASSWORD: ' \
    '--origins[whose pages may connect, separated by commas; "*"\: all]:LIST: ' \
    '*'{-s,--subprotocol}'[offer a subprotocol; the first one is preferred]:NAME: ' \
    '--cert[speak wss with this certificate (PEM, with its chain)]:FILE:_files' \
    '--key[its private key (PEM)]:FILE:_files' \
    '--client-ca[clients show a certificate of these authorities]:FILE:_files' \
    '--passphrase[of an encrypted key]:TEXT: ' \
    '--tls-min[the oldest TLS\: 1.0, 1.1, 1.2 or 1.3; 1.2 without it]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--tls-max[the newest TLS]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--ciphers[cipher suites for TLS 1.2 and older, by IANA'\''s names]:LIST: ' \
    '(-z --compress)'{-z,--compress}'[offer permessage-deflate (RFC 7692); listen\: agree to it]' \
    '--takeover[with --compress\: messages may refer to earlier ones]' \
    '--max-size[largest message that is received; 64M without it]:BYTES: ' \
    '(-e --echo)'{-e,--echo}'[send each message back]' \
    '--broadcast[send each message to all other clients]' \
    '--topics[send each message to all others that are connected to the same path]' \
    '--chat[a chat page for browsers at /; what one says goes to all]' \
    '--root[serve the files of FOLDER by HTTP beside it]:FOLDER:_files' \
    '(-1 --once)'{-1,--once}'[end when the first client has gone]' \
    '--max-connections[refuse more clients than that]:COUNT: ' \
    '--loops[threads of our own end; 1 without it]:COUNT: ' \
    '--help[say what there is]' \
    '*:URL or address: ' ;;
  (bench) _arguments \
    '*'{-x,--execute}'[send TEXT instead of what stdin says; may come again]:TEXT: ' \
    '(-j --json)'{-j,--json}'[a line of JSON for each thing that happens; binary data is base64]' \
    '--color[auto (the default), always or never; NO_COLOR means never]:WHEN:(auto always never)' \
    '*'{-H,--header}'[a field of the request]:NAME\: VALUE: ' \
    '--auth[Basic authentication]:USER\:PASSWORD: ' \
    '--bearer[Authorization\: Bearer TOKEN]:TOKEN: ' \
    '(-o --origin)'{-o,--origin}'[the Origin field, as "https\://example.com"]:ORIGIN: ' \
    '*'{-s,--subprotocol}'[offer a subprotocol; the first one is preferred]:NAME: ' \
    '--host[the Host field instead of the URL'\''s]:NAME: ' \
    '*--cookie[a cookie]:NAME=VALUE: ' \
    '--cookies[keep cookies of the answers, over redirects and reconnects]' \
    '(-L --location)'{-L,--location}'[follow redirects]' \
    '--max-redirects[follow so many redirects; 10 with --location]:COUNT: ' \
    '--ca[trust the authorities in FILE (PEM) instead of the system'\''s]:FILE:_files' \
    '--insecure[take any certificate\: protects from nobody on the way]' \
    '--cert[the certificate that we show when asked (PEM)]:FILE:_files' \
    '--key[its private key (PEM)]:FILE:_files' \
    '--passphrase[of an encrypted key]:TEXT: ' \
    '*--pin[the server'\''s chain must have a public key with this hash (base64 or hexadecimal)]:SHA256: ' \
    '--server-name[ask for and check this name instead of the URL'\''s]:NAME: ' \
    '--tls-min[the oldest TLS\: 1.0, 1.1, 1.2 or 1.3; 1.2 without it]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--tls-max[the newest TLS]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--ciphers[cipher suites for TLS 1.2 and older, by IANA'\''s names]:LIST: ' \
    '--key-log[append the secrets of the connection, for Wireshark]:FILE:_files' \
    '--proxy[http\://, https\:// or socks5\://\[USER\:PASSWORD@\]HOST\[\:PORT\], or "none"; without it the environment says]:URL: ' \
    '--connect-to[connect to this address; all else stays with the URL]:ADDRESS: ' \
    '--local-address[connect from this address]:ADDRESS: ' \
    '--interface[use this network interface (Linux)]:NAME: ' \
    '(-4 --ipv4)'{-4,--ipv4}'[IPv4 only]' \
    '(-6 --ipv6)'{-6,--ipv6}'[IPv6 only]' \
    '(-T --timeout)'{-T,--timeout}'[time until the connection has to be open; 15 without it]:SECONDS: ' \
    '(-z --compress)'{-z,--compress}'[offer permessage-deflate (RFC 7692); listen\: agree to it]' \
    '--takeover[with --compress\: messages may refer to earlier ones]' \
    '(-C --connections)'{-C,--connections}'[so many connections; 10 without it]:COUNT: ' \
    '(-d --duration)'{-d,--duration}'[measure so long; 10 without it]:SECONDS: ' \
    '(-m --size)'{-m,--size}'[bytes of a message; 64 without it]:BYTES: ' \
    '--rate[send so many messages a second, all connections together, and count delays from the time that was planned; without it each answer is followed by the next message]:PER_SECOND: ' \
    '--pipeline[messages under way on each connection; 1 without it]:COUNT: ' \
    '(-b --binary)'{-b,--binary}'[binary messages instead of text]' \
    '--loops[threads of our own end; 1 without it]:COUNT: ' \
    '--csv[a line for each second\: second, messages, bytes, p50_us, p99_us, max_us]:FILE:_files' \
    '--help[say what there is]' \
    '*:URL or address: ' ;;
  (check) _arguments \
    '(-j --json)'{-j,--json}'[a line of JSON for each thing that happens; binary data is base64]' \
    '--color[auto (the default), always or never; NO_COLOR means never]:WHEN:(auto always never)' \
    '(-v --verbose)'{-v,--verbose}'[say how the connection came about\: fields, TLS, times]' \
    '*'{-H,--header}'[a field of the request]:NAME\: VALUE: ' \
    '--auth[Basic authentication]:USER\:PASSWORD: ' \
    '--bearer[Authorization\: Bearer TOKEN]:TOKEN: ' \
    '(-o --origin)'{-o,--origin}'[the Origin field, as "https\://example.com"]:ORIGIN: ' \
    '*'{-s,--subprotocol}'[offer a subprotocol; the first one is preferred]:NAME: ' \
    '--host[the Host field instead of the URL'\''s]:NAME: ' \
    '*--cookie[a cookie]:NAME=VALUE: ' \
    '--cookies[keep cookies of the answers, over redirects and reconnects]' \
    '(-L --location)'{-L,--location}'[follow redirects]' \
    '--max-redirects[follow so many redirects; 10 with --location]:COUNT: ' \
    '--ca[trust the authorities in FILE (PEM) instead of the system'\''s]:FILE:_files' \
    '--insecure[take any certificate\: protects from nobody on the way]' \
    '--cert[the certificate that we show when asked (PEM)]:FILE:_files' \
    '--key[its private key (PEM)]:FILE:_files' \
    '--passphrase[of an encrypted key]:TEXT: ' \
    '*--pin[the server'\''s chain must have a public key with this hash (base64 or hexadecimal)]:SHA256: ' \
    '--server-name[ask for and check this name instead of the URL'\''s]:NAME: ' \
    '--tls-min[the oldest TLS\: 1.0, 1.1, 1.2 or 1.3; 1.2 without it]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--tls-max[the newest TLS]:VERSION:(1.0 1.1 1.2 1.3)' \
    '--ciphers[cipher suites for TLS 1.2 and older, by IANA'\''s names]:LIST: ' \
    '--key-log[append the secrets of the connection, for Wireshark]:FILE:_files' \
    '--proxy[http\://, https\:// or socks5\://\[USER\:PASSWORD@\]HOST\[\:PORT\], or "none"; without it the environment says]:URL: ' \
    '--connect-to[connect to this address; all else stays with the URL]:ADDRESS: ' \
    '--local-address[connect from this address]:ADDRESS: ' \
    '--interface[use this network interface (Linux)]:NAME: ' \
    '(-4 --ipv4)'{-4,--ipv4}'[IPv4 only]' \
    '(-6 --ipv6)'{-6,--ipv6}'[IPv6 only]' \
    '(-T --timeout)'{-T,--timeout}'[time until the connection has to be open; 15 without it]:SECONDS: ' \
    '(-z --compress)'{-z,--compress}'[offer permessage-deflate (RFC 7692); listen\: agree to it]' \
    '--limits[also find out how large a message may be, by sending up to 16 MiB]' \
    '--no-raw[no wrong frames\: only what a good client does]' \
    '--help[say what there is]' \
    '*:URL or address: ' ;;
  esac
}
_libws_cat "$@"
