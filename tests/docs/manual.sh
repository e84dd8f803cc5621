#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every call, struct and number of the headers is documented for Doxygen, and each call and struct has a manual page that
# mandoc and man take without a warning: manual.sh SOURCE DIRECTORY VERSION
set -euo pipefail
source=$1 directory=$2 version=$3
bash "$source/tools/site/site.sh" manual "$directory" "$version"

# A name that is not there, and a parameter that is none, are found.
mkdir -p "$directory/wrong/include/libws"
cp "$source"/include/libws/ws*.h "$directory/wrong/include/libws/"
mkdir -p "$directory/wrong/tools" "$directory/wrong/bindings/rust"
cp -r "$source/tools/site" "$directory/wrong/tools/"
cp "$source/bindings/rust/manual.py" "$directory/wrong/bindings/rust/"
for change in 's/ \* timeout_ms: how long/ * timeout, timeout_ms: how long/' 's/see ws_send_part for/see ws_send_pieces for/' 's|reserved;  */\* 0 \*/|reserved;|'; do
    sed "$change" "$source/include/libws/ws.h" >"$directory/wrong/include/libws/ws.h"
    sed "$change" "$source/include/libws/ws_types.h" >"$directory/wrong/include/libws/ws_types.h"
    if cmp -s "$source/include/libws/ws.h" "$directory/wrong/include/libws/ws.h" &&
        cmp -s "$source/include/libws/ws_types.h" "$directory/wrong/include/libws/ws_types.h"; then
        echo "FAILED: $change changes nothing" && exit 1
    fi
    if bash "$directory/wrong/tools/site/site.sh" manual "$directory/wrong/out" "$version" >"$directory/wrong/said" 2>&1; then
        echo "FAILED: $change was not found" && exit 1
    fi
    if [[ $(cat "$directory/wrong/said") != *error:* ]]; then
        cat "$directory/wrong/said" && exit 1
    fi
done

wanted=$({
    sed -n 's/.*WS_CALL \(ws_[a-z0-9_]*\)(.*/\1/p' "$source/include/libws/ws.h"
    sed -n 's/^typedef struct \(ws_[a-z_]*\) {$/\1/p' "$source"/include/libws/ws*.h
    echo libws
} | sort -u)
made=$(cd "$directory/man3" && printf '%s\n' *.3 | sed 's/\.3$//' | sort)
[ "$wanted" = "$made" ] || { diff <(echo "$wanted") <(echo "$made"); echo "FAILED: these pages are not those of the headers"; exit 1; }

# They have no date: a page is that of a version.
said=$(cd "$directory/man3" && mandoc -T lint -W warning -- *.3 2>&1 | sed '/missing date/d' || true)
[ -z "$said" ] || { echo "$said"; exit 1; }
for page in ws_connect ws_connect_options libws; do
    [[ $(mandoc -T utf8 "$directory/man3/$page.3") == *"link with"* ]] || { echo "FAILED: $page.3 shows nothing"; exit 1; }
done
echo "$(wc -l <<<"$made") pages"
