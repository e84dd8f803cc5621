# bash completion of libws-cat; made by "libws-cat help bash"
_libws_cat()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=connect words
    case ${COMP_WORDS[1]} in listen|bench|check) command=${COMP_WORDS[1]} ;; esac
    COMPREPLY=()
    case $before in
    --execute) return ;;
    --file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --count) return ;;
    --wait) return ;;
    --close) return ;;
    --color) mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$current"); return ;;
    --output) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --ping) return ;;
    --header) return ;;
    --header) return ;;
    --auth) return ;;
    --auth) return ;;
    --bearer) return ;;
    --origin) return ;;
    --origins) return ;;
    --subprotocol) return ;;
    --host) return ;;
    --cookie) return ;;
    --max-redirects) return ;;
    --ca) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --cert) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --key) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --cert) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --key) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --client-ca) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --passphrase) return ;;
    --pin) return ;;
    --server-name) return ;;
    --tls-min) mapfile -t COMPREPLY < <(compgen -W "1.0 1.1 1.2 1.3" -- "$current"); return ;;
    --tls-max) mapfile -t COMPREPLY < <(compgen -W "1.0 1.1 1.2 1.3" -- "$current"); return ;;
    --ciphers) return ;;
    --key-log) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --proxy) return ;;
    --connect-to) return ;;
    --local-address) return ;;
    --interface) return ;;
    --timeout) return ;;
    --max-size) return ;;
    --max-tries) return ;;
    --reconnect-delay) return ;;
    --record) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --replay) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --speed) return ;;
    --root) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --max-connections) return ;;
    --connections) return ;;
    --duration) return ;;
    --size) return ;;
    --rate) return ;;
    --pipeline) return ;;
    --loops) return ;;
    --csv) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    esac
    case $command in
    connect) words='--execute --file --count --wait --stay --binary --text --null --slash --no-slash --close --json --timestamps --color --hex --output --progress --show-pings --ping --verbose --quiet --header --auth --bearer --origin --subprotocol --host --cookie --cookies --location --max-redirects --ca --insecure --cert --key --passphrase --pin --server-name --tls-min --tls-max --ciphers --key-log --proxy --connect-to --local-address --interface --ipv4 --ipv6 --timeout --compress --takeover --max-size --reconnect --max-tries --reconnect-delay --record --replay --speed --help' ;;
    listen) words='--count --null --json --timestamps --color --verbose --quiet --header --auth --origins --subprotocol --cert --key --client-ca --passphrase --tls-min --tls-max --ciphers --compress --takeover --max-size --echo --broadcast --topics --chat --root --once --max-connections --loops --help' ;;
    bench) words='--execute --json --color --header --auth --bearer --origin --subprotocol --host --cookie --cookies --location --max-redirects --ca --insecure --cert --key --passphrase --pin --server-name --tls-min --tls-max --ciphers --key-log --proxy --connect-to --local-address --interface --ipv4 --ipv6 --timeout --compress --takeover --connections --duration --size --rate --pipeline --binary --loops --csv --help' ;;
    check) words='--json --color --verbose --header --auth --bearer --origin --subprotocol --host --cookie --cookies --location --max-redirects --ca --insecure --cert --key --passphrase --pin --server-name --tls-min --tls-max --ciphers --key-log --proxy --connect-to --local-address --interface --ipv4 --ipv6 --timeout --compress --limits --no-raw --help' ;;
    esac
    [ "$COMP_CWORD" = 1 ] && words="connect listen bench check help $words"
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _libws_cat libws-cat
