#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every call, struct and number of the headers is documented for Doxygen, and each call and struct has a manual page that
# mandoc and man take without a warning: manual.sh SOURCE DIRECTORY VERSION
set -euo pipefail
source=$1 directory=$2 version=$3
bash "$source/tools/site/site.sh" manual "$directory" "$version"

# A parameter that is none, a name that is not there and a member without a word are found.
wrong=$directory/wrong
mkdir -p "$wrong/include/libws" "$wrong/tools" "$wrong/bindings/rust"
cp -r "$source/tools/site" "$wrong/tools/"
cp "$source/bindings/rust/manual.py" "$wrong/bindings/rust/"
for header in "$source"/include/libws/ws*.h; do
    sed 's/^ \* timeout_ms: how long/ * timeout, timeout_ms: how long/; s/see ws_send_part for/see ws_send_pieces for/; s|reserved;  */\* 0 \*/|reserved;|' \
        "$header" >"$wrong/include/libws/${header##*/}"
done
if said=$(bash "$wrong/tools/site/site.sh" manual "$wrong/out" "$version" 2>&1); then
    echo "FAILED: Doxygen finds nothing wrong" && exit 1
fi
for finds in "argument 'timeout' of command @param is not found" "'ws_send_pieces' could not be resolved" 'Member reserved (variable)'; do
    [[ $said == *"$finds"* ]] || { echo "$said"; echo "FAILED: Doxygen does not say: $finds"; exit 1; }
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
