#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# site.sh manual | docs DIRECTORY VERSION
#   manual   Doxygen reads the headers, where each warning is an error, and DIRECTORY/man3 has manual pages of the calls
#            and structs
#   docs     and DIRECTORY/html has the pages and the reference, to be opened as files
set -euo pipefail
order=$1 directory=$2 version=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(dirname "$(dirname "$here")")
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)

rm -rf "$directory/headers" "$directory/xml"
python3 -B "$here/commented.py" "$source/include" "$directory/headers"
{
    cat "$here/Doxyfile"
    printf 'INPUT = "%s"\nOUTPUT_DIRECTORY = "%s"\nPROJECT_NUMBER = %s\n' "$directory/headers" "$directory" "$version"
} >"$directory/Doxyfile"
doxygen "$directory/Doxyfile"

python3 -B "$here/manual_pages.py" "$directory/xml" "$version" "$directory/man3"
[ "$order" = docs ] || exit 0

# The generator in a place of its own, made once for each set of versions.
tools=$directory/tools
if ! cmp -s "$here/requirements.txt" "$tools/made-of"; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    # What searches in pages that are opened as files; the generator would load it from elsewhere.
    (cd "$tools" && npm pack --silent iframe-worker@1.0.4 >/dev/null && tar xzf iframe-worker-*.tgz package/shim/index.js)
    cp "$here/requirements.txt" "$tools/made-of"
fi
"$tools/bin/python" -B "$here/pages.py" "$source" "$directory/xml" "$directory"
cp "$tools/package/shim/index.js" "$directory/docs/theme/iframe-worker.js"
cd "$directory"
# Its advice to try its successor is not about these pages.
NO_MKDOCS_2_WARNING=1 "$tools/bin/mkdocs" build --quiet --clean
echo "the pages: $directory/html/index.html"
