// SPDX-License-Identifier: Apache-2.0
/** The WebSocket of browsers, over libws; its types are those of the DOM. */
declare const constructor: typeof globalThis.WebSocket;
export { constructor as WebSocket };
export default constructor;
