# SPDX-License-Identifier: Apache-2.0
#
# What keeps the library small: 7.59 MB, stripped (x86-64, Go 1.26), about one more without
# this file. Each saves without it being felt; "tests/bench/bench.py --figures
# size,handshakes" says so anew.
#
# What else there would be: the list of public suffixes takes 0.10 MB, the rest of the cookie jar
# 0.09, net/http another 0.13 (which goes only with the jar, the list and github.com/gobwas/ws;
# 0.04 without that one alone), and functions at multiples of 16 bytes instead of 32 would save 0.08.
# More packages that are not inlined, or segments that share pages, save nothing.

# ---- packages that are not inlined: 0.36 MB ----------------------------------------
# They run when a connection is made, or hardly ever. Inlined calls make them larger, and
# so do the tables by which the runtime finds its way back to the source. A TLS handshake
# takes 0.6 % more instructions, encrypting a message none that could be measured: the
# ciphers are elsewhere. What is not inlined inside of a package is not inlined into its
# callers either, so nothing that a message passes may stand here: not the runtime, sync,
# time, github.com/gobwas/ws, or the arithmetic of crypto/internal/fips140. Packages that
# save less than 2 KB are left alone.
set(WS_COLD_PACKAGES
    crypto/tls crypto/x509 crypto/ecdsa crypto/rsa crypto/elliptic crypto/hpke crypto/sha3
    crypto/internal/fips140/ecdsa crypto/internal/fips140/rsa
    vendor/golang.org/x/crypto/cryptobyte encoding/asn1 math/big
    crypto/ecdh net net/netip net/url mime fmt internal/fmtsort log reflect strconv strings
    libws/core/handshake libws/core/config libws/core/connect libws/core/dial libws/core/metrics
    libws/core/journal libws/core/reconnect)
list(TRANSFORM WS_COLD_PACKAGES REPLACE "(.+)" "-gcflags=\\1=-l" OUTPUT_VARIABLE WS_SIZE_GO_FLAGS)

# ---- no HTTP/2: 0.02 MB ------------------------------------------------------------
# github.com/gobwas/ws wants a few names of net/http, whose variables bring the rest.
list(APPEND WS_SIZE_GO_FLAGS -tags=nethttpomithttp2${WS_GO_TAGS})

# ---- relocations as a bitmap (DT_RELR): 0.70 MB ------------------------------------
# Go's types and tables hold 29,000 addresses for the loader to adjust. As a bitmap they
# take 10 KB instead of 700. Loaders before that of glibc 2.36 cannot read it, and refuse
# the library by name (GLIBC_ABI_DT_RELR): turn it off for a library that goes to such a
# system. Where it is built is asked here.
include(CheckCSourceRuns)
set(CMAKE_REQUIRED_FLAGS -fPIE)
set(CMAKE_REQUIRED_LINK_OPTIONS -pie -Wl,-z,pack-relative-relocs -Wl,--fatal-warnings)
if(NOT CMAKE_CROSSCOMPILING AND NOT WS_OHOS)
    check_c_source_runs("static int one; static int *volatile at = &one; int main(void) { return at != &one; }" WS_LOADER_READS_RELR)
endif()
unset(CMAKE_REQUIRED_FLAGS)
unset(CMAKE_REQUIRED_LINK_OPTIONS)
set(WS_RELR_DEFAULT OFF)
if(WS_LOADER_READS_RELR OR WS_OHOS) # OpenHarmony's reads them
    set(WS_RELR_DEFAULT ON)
endif()
option(WS_RELR "Relocations as a bitmap: the library is 0.7 MB smaller and wants glibc 2.36" ${WS_RELR_DEFAULT})
set(WS_SIZE_LDFLAGS "")
if(WS_RELR)
    set(WS_SIZE_LDFLAGS " -Wl,-z,pack-relative-relocs")
endif()
