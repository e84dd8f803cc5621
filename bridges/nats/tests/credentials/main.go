// SPDX-License-Identifier: Apache-2.0

// Command credentials writes keys and a configuration for a nats-server that wants them, into a directory: user.pub and
// user.seed, an nkey, with nkey.conf; and user.creds, a user's JWT, with creds.conf.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), []byte(text), 0o600); err != nil {
			log.Fatal(err)
		}
	}
	user := must(nkeys.CreateUser())
	public, seed := must(user.PublicKey()), string(must(user.Seed()))
	write("user.pub", public)
	write("user.seed", seed+"\n")
	write("nkey.conf", fmt.Sprintf("authorization: { users: [ { nkey: %s } ] }\n", public))

	// An operator trusts an account, which trusts the user.
	operator, account := must(nkeys.CreateOperator()), must(nkeys.CreateAccount())
	claims := jwt.NewOperatorClaims(must(operator.PublicKey()))
	of := jwt.NewAccountClaims(must(account.PublicKey()))
	who := jwt.NewUserClaims(public)
	creds := must(jwt.FormatUserConfig(must(who.Encode(account)), must(user.Seed())))
	write("user.creds", string(creds))
	write("creds.conf", fmt.Sprintf("operator: %s\nresolver: MEMORY\nresolver_preload: { %s: %s }\n",
		must(claims.Encode(operator)), must(account.PublicKey()), must(of.Encode(operator))))
}
