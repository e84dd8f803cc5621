// SPDX-License-Identifier: Apache-2.0
// The listeners of one object. A list is never changed, only replaced, so that one that is
// being called stays; what was removed meanwhile is not called any more.
'use strict';
const { call } = require('./hub');
const { parameter } = require('./errors');

class Listeners {
    #lists = new Map();
    #types;
    count = 0;

    constructor(types) {
        this.#types = types;
    }

    #check(type, callback, wanted) {
        if (typeof type !== 'string') throw parameter('type', 'is not a string');
        if (!this.#types.includes(type)) throw parameter('type', `is '${type.slice(0, 40)}'; the events are ${this.#types.join(', ')}`);
        if (typeof callback !== 'function' && (wanted || (callback !== undefined && callback !== null))) throw parameter('callback', 'is not a function');
    }

    add(type, callback) {
        this.#check(type, callback, true);
        this.#lists.set(type, [...(this.#lists.get(type) || []), callback]);
        this.count++;
    }

    remove(type, callback) {
        this.#check(type, callback, false);
        const before = this.#lists.get(type) || [];
        const after = callback ? before.filter((one) => one !== callback) : [];
        this.count -= before.length - after.length;
        if (after.length) this.#lists.set(type, after);
        else this.#lists.delete(type);
    }

    has(type) {
        return this.#lists.has(type);
    }

    tell(type, a, b) {
        const list = this.#lists.get(type);
        if (list === undefined) return;
        for (const listener of list) {
            const now = this.#lists.get(type);
            if (now === list || (now !== undefined && now.includes(listener))) call(listener, a, b);
        }
    }
}

module.exports = { Listeners };
