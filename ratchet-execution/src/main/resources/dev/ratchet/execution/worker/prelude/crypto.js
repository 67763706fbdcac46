// The random part of crypto; subtle is a file of its own, since most tasks only want an identifier.
(function (P, group, fillRandom, uuid) {
    'use strict';

    const { TypeError, call, defineProperty, toStringTag } = P;

    const secret = {};

    function fail(name, message) {
        return new (group('exception').DOMException)(message, name);
    }

    class Crypto {
        constructor(token) {
            if (token !== secret) {
                throw new TypeError('Crypto: there is one, globalThis.crypto');
            }
        }

        get subtle() {
            return group('subtle').subtle;
        }

        getRandomValues(array) {
            const tag = P.isView(array) ? call(P.TypedTag, array) : undefined;
            if (tag === undefined || tag === 'Float16Array' || tag === 'Float32Array' || tag === 'Float64Array') {
                throw fail('TypeMismatchError', 'getRandomValues: the argument must be an integer typed array');
            }
            const length = call(P.TypedByteLength, array);
            if (length > 65536) {
                throw fail('QuotaExceededError', 'getRandomValues: at most 65536 bytes can be had at once');
            }
            fillRandom(call(P.TypedBuffer, array), call(P.TypedByteOffset, array), length);
            return array;
        }

        randomUUID() {
            return uuid();
        }
    }
    defineProperty(Crypto.prototype, toStringTag, { __proto__: null, configurable: true, value: 'Crypto' });

    return { __proto__: null, Crypto, crypto: new Crypto(secret) };
});
