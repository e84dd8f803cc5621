#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""auth_server lets in who has the token, by field or subprotocol, at once or later."""
from kit import UPGRADE, main


async def script(kit):
    for how in ((), ("--later",)):
        url = f"ws://127.0.0.1:{await kit.server('auth_server', '--token', 's3cret', *how)}/"
        bearer = "Authorization: Bearer "
        await kit.expect("the right token", 0, "echo: Hello", url, "--header", bearer + "s3cret")
        await kit.expect("as a subprotocol", 0, "echo: Hello", url, "--protocol", "chat, token.s3cret")
        for case, *arguments in (("none",), ("another", "--header", bearer + "s3creT"), ("more", "--header", bearer + "s3cret1"),
                                 ("less", "--header", bearer + "s3cre"), ("another subprotocol", "--protocol", "token.")):
            await kit.expect(f"{case}: 401", UPGRADE, "stage upgrade, status 401", url, *arguments)


main(script)
