// SPDX-License-Identifier: Apache-2.0
// '@kit.NetworkKit' and '@kit.BasicServicesKit', as far as webSocket needs them.
export { webSocket, BusinessError } from './index.mjs';
