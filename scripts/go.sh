# SPDX-License-Identifier: Apache-2.0
#
# Read by build.sh: a go command for the version that go.mod wants. What is there is used; one from 1.21 on
# fetches the toolchain that go.mod names through the module proxy. Where there is none, apt-get brings one; where
# apt's is older than that, it still downloads the same toolchain as a module, which go.sum's data base
# vouches for, and build-go gets it.

# version_of_go: of the go command, as MAJOR MINOR. Not in this directory: go.mod would make an old Go fail.
version_of_go() {
    local version
    version=$(cd / && GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || return 1
    [[ $version =~ go([0-9]+)\.([0-9]+) ]] || die "cannot read the version of Go from '$version'"
    echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
}

# go_is MINOR: there is a go command of 1.MINOR or newer.
go_is() {
    local major minor
    command -v go >/dev/null || return 1
    read -r major minor < <(version_of_go)
    ((major > 1 || minor >= $1))
}

named_toolchain() {
    local named
    named=$(sed -n 's/^toolchain //p' go.mod)
    [ -n "$named" ] || named=go$(sed -n 's/^go //p' go.mod)
    echo "$named"
}

# go_by_old_go: an old go command knows nothing of toolchains, but downloads and checks modules.
go_by_old_go() {
    local module said
    module=golang.org/toolchain@v0.0.1-$(named_toolchain).linux-$(dpkg --print-architecture)
    echo "build.sh: $(cd / && go version) is too old: $module is downloaded"
    said=$(cd / && GOFLAGS='' go mod download -json "$module") || die "cannot download $module: $said"
    rm -rf build-go
    cp -r "$(sed -n 's/.*"Dir": "\(.*\)".*/\1/p' <<<"$said")" build-go
    chmod -R u+w build-go
    chmod +x build-go/bin/* build-go/pkg/tool/*/*
    PATH=$PWD/build-go/bin:$PATH
    hash -r
}

check_go() {
    if [ -x build-go/bin/go ]; then
        PATH=$PWD/build-go/bin:$PATH
    elif ! command -v go >/dev/null && [ -x /usr/local/go/bin/go ]; then
        PATH=$PATH:/usr/local/go/bin
    fi
    if go_is 26; then return; fi
    local says="Go 1.26 is needed, or 1.21 and newer, which fetches it; see https://go.dev/dl/ or run: sudo apt-get install golang-go"
    if ! command -v go >/dev/null; then
        command -v apt-get >/dev/null || die "no go command found; $says"
        [ "$(id -u)" = 0 ] || die "no go command found; $says"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update
        apt-get install -y --no-install-recommends golang-go ca-certificates
    fi
    if go_is 26; then return; fi
    if go_is 21; then
        # It looks at go.mod itself, unless somebody said that it must not.
        go version || die "the go command cannot fetch $(named_toolchain), which go.mod names; GOTOOLCHAIN is '$(go env GOTOOLCHAIN 2>/dev/null)'"
        return
    fi
    command -v dpkg >/dev/null || die "this is $(cd / && go version); $says"
    go_by_old_go
}
