#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the keys of this directory anew with openssl: the same test key in the forms
# that openssl writes. The password is "secret".
set -eu
cd "$(dirname "$0")"
openssl ecparam -name prime256v1 -genkey -noout -out sec1.pem
openssl req -new -x509 -key sec1.pem -subj "/CN=libws test key" -days 36500 -out certificate.pem
openssl pkcs8 -topk8 -nocrypt -in sec1.pem -out pkcs8.pem
openssl ec -in sec1.pem -aes256 -passout pass:secret -out legacy-aes256.pem
openssl ec -in sec1.pem -des3 -passout pass:secret -out legacy-des3.pem
pkcs8() {
    name="$1"
    shift
    openssl pkcs8 -topk8 -in sec1.pem "$@" -passout pass:secret -out "$name.pem"
}
pkcs8 pbes2-default
pkcs8 pbes2-des3 -v2 des3
pkcs8 pbes2-scrypt -scrypt -scrypt_N 1024
pkcs8 pbes2-sha1 -v2 aes-128-cbc -v2prf hmacWithSHA1
pkcs8 pbes2-sha512 -v2 aes-128-cbc -v2prf hmacWithSHA512
pkcs8 pbes1 -v1 PBE-SHA1-3DES
chmod 644 ./*.pem
