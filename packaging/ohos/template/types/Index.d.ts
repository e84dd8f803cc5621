// SPDX-License-Identifier: Apache-2.0

/** The ABIs that this package has libraries for. A device with another one cannot load them. */
export type Abi = 'arm64-v8a' | 'x86_64';

/** Version of the libraries, as ws_version_string of ws.h tells it. */
export const version: string;
