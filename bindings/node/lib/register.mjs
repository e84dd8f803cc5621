// SPDX-License-Identifier: Apache-2.0
// node --import libws/register: the module's own import lines work as they stand, and so does
// require. The kits of the SDK whose names need no more than types give what is there of them.
import module from 'node:module';

const kit = new URL('./kits.mjs', import.meta.url).href;
const face = new URL('./index.mjs', import.meta.url).href;
const hooks = `export function resolve(specifier, context, next) {
    if (specifier === '@ohos.net.webSocket') return { url: ${JSON.stringify(face)}, shortCircuit: true };
    if (['@kit.NetworkKit', '@kit.BasicServicesKit'].includes(specifier)) return { url: ${JSON.stringify(kit)}, shortCircuit: true };
    return next(specifier, context);
}`;
if (!module.register) throw new Error('libws/register wants Node 18.19, 20.6 or newer');
module.register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const require = module.createRequire(import.meta.url);
const resolve = module._resolveFilename;
module._resolveFilename = function (request, ...rest) {
    if (request === '@ohos.net.webSocket' || request === '@kit.NetworkKit' || request === '@kit.BasicServicesKit') return require.resolve('./index.js');
    return resolve.call(this, request, ...rest);
};
