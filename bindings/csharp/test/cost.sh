#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# cost.sh LIBRARY DIRECTORY: the figures of docs/languages/csharp.md. DIRECTORY is that of run.sh.
set -euo pipefail
mcs -langversion:latest -out:"$2/Cost.exe" -r:"$2/Libws.dll" -r:System.Core.dll "$(dirname "${BASH_SOURCE[0]}")/Cost.cs"
# As a rule Mono stops threads by a signal, which those of the library block: after a callback there it would wait for ever.
MONO_THREADS_SUSPEND=coop LD_LIBRARY_PATH=$(dirname "$1") mono "$2/Cost.exe" || [ $? = 137 ]
