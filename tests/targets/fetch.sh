# SPDX-License-Identifier: Apache-2.0
#
# Read by other scripts, which set dir to a directory: packages for other systems than this one are downloaded
# and unpacked there; apt's own state is not touched, and no architecture is added to it.

# The mirror of Debian that this machine has.
mirror() {
    local found
    found=$(grep -rhoE '(https?|mirror\+[a-z]+)://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | sed -n 1p || true)
    [ -n "$found" ] || { echo "fetch.sh: the sources of apt name no mirror of Debian" >&2 && return 1; }
    echo "$found"
}

# fetch_source SUITE PACKAGE: downloads what its maker has published into DIR, without Debian's patches.
fetch_source() {
    local apt=$dir/apt-source
    mkdir -p "$apt"/{state/lists/partial,cache/archives/partial}
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $1 main" >"$apt/sources.list"
    cat >"$apt/apt.conf" <<END
Dir::State "$apt/state";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "$apt/none";
APT::Sandbox::User "root";
END
    (cd "$dir" && APT_CONFIG=$apt/apt.conf && export APT_CONFIG && apt-get -q update && apt-get -q source --download-only --only-source "$2")
}

# fetch ARCHITECTURE SUITE PACKAGE...: unpacks them in DIR/sys. SUITE "-": that of this machine.
fetch() {
    local architecture=$1 suite=$2 apt=$dir/apt-$1-$2 source=/etc/apt/sources.list parts=/etc/apt/sources.list.d
    shift 2
    mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,deb}
    if [ "$suite" != - ]; then
        source=$apt/sources.list parts=$apt/none
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $suite main" >"$source"
    fi
    cat >"$apt/apt.conf" <<END
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
Dir::State "$apt/state";
Dir::State::status "/dev/null";
Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$source";
Dir::Etc::SourceParts "$parts";
APT::Sandbox::User "root";
END
    (cd "$apt/deb" && APT_CONFIG=$apt/apt.conf && export APT_CONFIG && apt-get -q update && apt-get -q download "$@")
    mkdir -p sys
    for package in "$apt"/deb/*.deb; do dpkg -x "$package" sys; done
}
