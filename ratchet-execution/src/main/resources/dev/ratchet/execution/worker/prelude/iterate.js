// Iterators over lists of [name, value] pairs that stay live while the list changes, as Web IDL wants them.
(function (P) {
    'use strict';

    const { IteratorPrototype, create, defineProperty, toStringTag } = P;

    const prototypes = { __proto__: null };

    class Walk {
        #pairs;
        #kind;
        #index = 0;

        constructor(pairs, kind) {
            this.#pairs = pairs;
            this.#kind = kind;
        }

        next() {
            const list = this.#pairs();
            const index = this.#index;
            if (index >= list.length) {
                return { value: undefined, done: true };
            }
            this.#index = index + 1;
            const pair = list[index];
            const kind = this.#kind;
            return { value: kind === 0 ? pair[0] : kind === 1 ? pair[1] : [pair[0], pair[1]], done: false };
        }
    }
    const { next } = Walk.prototype;

    return {
        __proto__: null,

        // Gives a class entries, keys, values, forEach and the default iterator; `pairs(instance)` is its current list.
        pairIterable(type, name, pairs) {
            const prototype = (prototypes[name] = create(IteratorPrototype));
            defineProperty(prototype, 'next', {
                __proto__: null,
                configurable: true,
                enumerable: true,
                writable: true,
                value: next,
            });
            defineProperty(prototype, toStringTag, {
                __proto__: null,
                configurable: true,
                value: name + ' Iterator',
            });
            function walk(instance, kind) {
                pairs(instance);
                const iterator = new Walk(() => pairs(instance), kind);
                P.setPrototypeOf(iterator, prototype);
                return iterator;
            }
            const methods = {
                keys() {
                    return walk(this, 0);
                },
                values() {
                    return walk(this, 1);
                },
                entries() {
                    return walk(this, 2);
                },
                forEach(callback, thisArgument = undefined) {
                    if (typeof callback !== 'function') {
                        throw new P.TypeError(name + '.forEach: the first argument must be a function');
                    }
                    for (let i = 0; i < pairs(this).length; i++) {
                        const pair = pairs(this)[i];
                        P.call(callback, thisArgument, pair[1], pair[0], this);
                    }
                },
            };
            const names = ['keys', 'values', 'entries', 'forEach'];
            for (let i = 0; i < names.length; i++) {
                defineProperty(type.prototype, names[i], {
                    __proto__: null,
                    configurable: true,
                    enumerable: true,
                    writable: true,
                    value: methods[names[i]],
                });
            }
            defineProperty(type.prototype, P.iterator, {
                __proto__: null,
                configurable: true,
                enumerable: false,
                writable: true,
                value: methods.entries,
            });
            defineProperty(type.prototype, toStringTag, { __proto__: null, configurable: true, value: name });
        },

        // The pairs of a sequence of pairs or of a plain object, each turned into strings by `convert(name, value)`.
        collect(init, what, add) {
            const method = init[P.iterator];
            if (method !== undefined && method !== null) {
                for (const entry of init) {
                    if (entry === null || (typeof entry !== 'object' && typeof entry !== 'function')) {
                        throw new P.TypeError(what + ': every element must be a [name, value] pair');
                    }
                    const pair = [];
                    for (const part of entry) {
                        if (pair.length === 2) {
                            throw new P.TypeError(what + ': every pair must have exactly two elements');
                        }
                        defineProperty(pair, pair.length, { __proto__: null, value: part });
                    }
                    if (pair.length !== 2) {
                        throw new P.TypeError(what + ': every pair must have exactly two elements');
                    }
                    add(pair[0], pair[1]);
                }
                return;
            }
            const names = P.ownKeys(init);
            for (let i = 0; i < names.length; i++) {
                const name = names[i];
                const descriptor = P.getOwnPropertyDescriptor(init, name);
                if (descriptor !== undefined && descriptor.enumerable) {
                    if (typeof name === 'symbol') {
                        throw new P.TypeError(what + ': a symbol is no name');
                    }
                    add(name, init[name]);
                }
            }
        },
    };
});
