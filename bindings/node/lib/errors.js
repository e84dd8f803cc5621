// SPDX-License-Identifier: Apache-2.0
// Errors as the module has them: a documented id with its documented message, and beside
// it what libws knows, all in own enumerable fields, because users log JSON.stringify(err).
'use strict';
const native = require('./load');
const { ERR, NAMES } = require('./members');

class BusinessError extends Error {
    /** fields: data, stage, osError, text and so on; those that are undefined are left out. */
    constructor(code, fields) {
        super();
        Object.defineProperty(this, 'name', { value: 'BusinessError', writable: true, configurable: true });
        Object.defineProperty(this, 'code', { value: code, enumerable: true, writable: true, configurable: true });
        Object.defineProperty(this, 'message', { value: native.strerror(code), enumerable: true, writable: true, configurable: true });
        for (const [name, value] of Object.entries(fields || {})) if (value !== undefined) this[name] = value;
    }
}

/** The documented id for one of libws. about: 'connect', 'connection' (of a server), or anything else. */
function documented(status, about) {
    if (status > 0) return status;
    switch (status) {
    case ERR.TOO_LARGE:
        return ERR.PARAMETER;
    case ERR.HANDLE:
    case ERR.STATE:
        return about === 'connection' ? ERR.NO_CONNECTION : ERR.UNKNOWN;
    case ERR.TIMEOUT:
    case ERR.CANCELLED:
    case ERR.PROTOCOL:
        return about === 'connect' ? ERR.CONNECT_FAILED : ERR.UNKNOWN;
    default:
        return about === 'connect' ? ERR.CONNECT_FAILED : ERR.UNKNOWN;
    }
}

/** A text of libws begins with the member that it is about, whose name is another one here. */
function translated(text) {
    const [, path, rest] = /^([a-z_0-9.[\]]+)((?::| is| has| cannot| does).*)$/s.exec(text) ?? [];
    if (path === undefined) return { text };
    const own = path.replace(/^(config|options|changes|answer)\./, '').replace(/[a-z_0-9]+/g, (name) => NAMES[name] ?? name);
    return { parameter: own, text: own + rest };
}

/** Of a call that has just returned a status. */
function ofStatus(status, about) {
    const text = native.why() || native.strerror(status);
    return new BusinessError(documented(status, about), { ...(status === ERR.PARAMETER ? translated(text) : { text }), id: native.errorName(status) });
}

/** Fields of an answer, {name: value} with a list for a name that came more than once. */
function fieldsOf(list) {
    const fields = {};
    for (let i = 0; i + 1 < list.length; i += 2) {
        const name = list[i].toLowerCase();
        const before = Object.hasOwn(fields, name) ? fields[name] : undefined;
        const value = before === undefined ? list[i + 1] : [].concat(before, list[i + 1]);
        if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true, writable: true, configurable: true });
        else fields[name] = value;
    }
    return fields;
}

/** Of an error event, or a completion that has failed. data is the HTTP status as the module has it, "0" for none. */
function ofFailure(failure, about) {
    return new BusinessError(documented(failure.error, about), {
        data: about === 'connect' ? String(failure.status) : undefined,
        stage: stageName(failure.stage),
        osError: failure.osError,
        text: failure.text,
        id: native.errorName(failure.error),
        header: failure.header && fieldsOf(failure.header),
        body: failure.body,
    });
}

/** "tls" for WS_STAGE_TLS, "" for none. */
function stageName(stage) {
    const name = native.stageName(stage).replace(/^WS_STAGE_/, '').toLowerCase();
    return name === 'none' ? '' : name;
}

/** A wrong argument, by its name. */
function parameter(name, what) {
    return new BusinessError(ERR.PARAMETER, { parameter: name, text: `${name} ${what}` });
}

module.exports = { BusinessError, documented, ofStatus, ofFailure, fieldsOf, parameter };
