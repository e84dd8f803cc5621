# SPDX-License-Identifier: Apache-2.0
#
# Read by other scripts, which set dir to a directory: packages for other systems than this one are downloaded
# and unpacked there; apt's own state is not touched, and no architecture is added to it.

# fetch ARCHITECTURE SUITE PACKAGE...: unpacks them in DIR/sys. SUITE "-": that of this machine.
fetch() {
    local architecture=$1 suite=$2 apt=$dir/apt-$1-$2 source=/etc/apt/sources.list parts=/etc/apt/sources.list.d
    shift 2
    mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,deb}
    if [ "$suite" != - ]; then
        source=$apt/sources.list parts=$apt/none
        # The same mirror that this machine has.
        local mirror
        mirror=$(grep -rhoE '(https?|mirror\+[a-z]+)://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | sed -n 1p || true)
        [ -n "$mirror" ] || { echo "target.sh: the sources of apt name no mirror of Debian, which has $suite" >&2 && exit 1; }
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$source"
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
