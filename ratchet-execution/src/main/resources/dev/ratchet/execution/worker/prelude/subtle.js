(function (P, group, digest, importHostKey, generateHostKey) {
    'use strict';

    const { ArrayBuffer, PromiseReject, PromiseResolve, String, TypeError, Uint8Array } = P;
    const { call, defineProperty, toStringTag, trunc } = P;
    const { StringSlice, StringToUpperCase } = P;
    const { view, isBuffer, bufferOf, offsetOf, lengthOf, decode, copy } = group('encoding');
    const { DOMException } = group('exception');

    const secret = {};

    function fail(name, message) {
        return new DOMException(message, name);
    }

    // Bytes the host hands over, as an ArrayBuffer of ours.
    function received(read) {
        const buffer = new ArrayBuffer(read('size'));
        read('fill', buffer);
        return buffer;
    }

    // ---- algorithms

    const names = {
        __proto__: null,
        'SHA-1': 'SHA-1',
        'SHA-256': 'SHA-256',
        'SHA-384': 'SHA-384',
        'SHA-512': 'SHA-512',
        HMAC: 'HMAC',
        'AES-GCM': 'AES-GCM',
        ECDSA: 'ECDSA',
        'RSASSA-PKCS1-V1_5': 'RSASSA-PKCS1-v1_5',
        'RSA-PSS': 'RSA-PSS',
    };
    const hashBytes = { __proto__: null, 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 };
    const curves = { __proto__: null, 'P-256': 'P-256', 'P-384': 'P-384', 'P-521': 'P-521' };

    function algorithmName(algorithm, what) {
        const given = typeof algorithm === 'object' && algorithm !== null ? algorithm.name : algorithm;
        if (given === undefined) {
            throw new TypeError(what + ': the algorithm has no name');
        }
        const name = names[call(StringToUpperCase, String(given))];
        if (name === undefined) {
            throw fail(
                'NotSupportedError',
                what + ": '" + call(StringSlice, String(given), 0, 60) + "' is not supported; there are SHA-1, SHA-256, SHA-384, SHA-512, HMAC, AES-GCM, ECDSA, RSASSA-PKCS1-v1_5 and RSA-PSS",
            );
        }
        return name;
    }

    function hashName(hash, what) {
        const name = algorithmName(hash, what);
        if (hashBytes[name] === undefined) {
            throw fail('NotSupportedError', what + ': ' + name + ' is not a hash');
        }
        return name;
    }

    function curveName(curve, what) {
        const name = curves[String(curve)];
        if (name === undefined) {
            throw fail('NotSupportedError', what + ': the curve must be P-256, P-384 or P-521');
        }
        return name;
    }

    // ---- keys

    let keyState;
    let makeKey;

    class CryptoKey {
        #state;

        static {
            keyState = (key) => {
                if (typeof key !== 'object' || key === null || !(#state in key)) {
                    throw new TypeError('crypto.subtle: the key must be a CryptoKey');
                }
                return key.#state;
            };
            makeKey = (state) => {
                const key = new CryptoKey(secret);
                key.#state = state;
                return key;
            };
        }

        constructor(token) {
            if (token !== secret) {
                throw new TypeError('CryptoKey: use crypto.subtle.importKey or generateKey');
            }
        }

        get type() {
            return this.#state.type;
        }
        get extractable() {
            return this.#state.extractable;
        }
        get algorithm() {
            return this.#state.algorithm;
        }
        get usages() {
            return usageList(this.#state.usages);
        }
    }
    defineProperty(CryptoKey.prototype, toStringTag, { __proto__: null, configurable: true, value: 'CryptoKey' });

    const allUsages = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey', 'unwrapKey'];

    function usagesOf(list, allowed, what) {
        const usages = { __proto__: null };
        for (const item of list) {
            const usage = String(item);
            let known = false;
            for (let i = 0; i < allUsages.length; i++) {
                known ||= allUsages[i] === usage;
            }
            if (!known) {
                throw new TypeError(what + ": '" + call(StringSlice, usage, 0, 60) + "' is not a key usage");
            }
            if (!allowed[usage]) {
                throw fail('SyntaxError', what + ": this key cannot be used to '" + usage + "'");
            }
            usages[usage] = true;
        }
        return usages;
    }

    function usageList(usages) {
        const list = [];
        for (let i = 0; i < allUsages.length; i++) {
            if (usages[allUsages[i]]) {
                list[list.length] = allUsages[i];
            }
        }
        return list;
    }

    function define(object, name, value) {
        defineProperty(object, name, { __proto__: null, configurable: true, enumerable: true, writable: true, value });
    }

    function allowedUsages(name, type) {
        if (name === 'AES-GCM') {
            return { __proto__: null, encrypt: true, decrypt: true, wrapKey: true, unwrapKey: true };
        }
        if (name === 'HMAC') {
            return { __proto__: null, sign: true, verify: true };
        }
        return type === 'private' ? { __proto__: null, sign: true } : { __proto__: null, verify: true };
    }

    function finish(handle, name, detail, extractable, usageList, what) {
        const type = handle('type');
        const usages = usagesOf(usageList, allowedUsages(name, type), what);
        if (type !== 'public') {
            let any = false;
            for (let i = 0; i < allUsages.length; i++) {
                any ||= usages[allUsages[i]] === true;
            }
            if (!any) {
                throw fail('SyntaxError', what + ': a ' + type + ' key needs at least one usage');
            }
        }
        const bits = handle('bits');
        const algorithm =
            name === 'HMAC'
                ? { name, hash: { name: detail }, length: bits }
                : name === 'AES-GCM'
                  ? { name, length: bits }
                  : name === 'ECDSA'
                    ? { name, namedCurve: detail }
                    : { name, modulusLength: bits, publicExponent: new Uint8Array(received(handle('exponent'))), hash: { name: detail } };
        return makeKey({
            __proto__: null,
            handle,
            name,
            detail,
            type,
            usages,
            algorithm,
            extractable: type === 'public' ? true : !!extractable,
        });
    }

    function usable(key, name, usage, what) {
        const state = keyState(key);
        if (state.name !== name) {
            throw fail('InvalidAccessError', what + ': the key is for ' + state.name + ', not ' + name);
        }
        if (!state.usages[usage]) {
            throw fail('InvalidAccessError', what + ": the key's usages do not include '" + usage + "'");
        }
        return state;
    }

    function text(value) {
        return value === undefined ? null : String(value);
    }

    function promised(compute) {
        try {
            return PromiseResolve(compute());
        } catch (error) {
            return PromiseReject(error);
        }
    }

    // A BufferSource as the three arguments the host takes; the copy keeps later changes out.
    function bytesOf(source, what) {
        return copy(view(source, what));
    }

    class SubtleCrypto {
        constructor(token) {
            if (token !== secret) {
                throw new TypeError('SubtleCrypto: there is one, crypto.subtle');
            }
        }

        digest(algorithm, data) {
            return promised(() => {
                const name = hashName(algorithm, 'digest');
                const bytes = bytesOf(data, 'digest: the data');
                return received(digest(name, bufferOf(bytes), offsetOf(bytes), lengthOf(bytes)));
            });
        }

        importKey(format, keyData, algorithm, extractable, keyUsages) {
            return promised(() => {
                const what = 'importKey';
                const name = algorithmName(algorithm, what);
                if (hashBytes[name] !== undefined) {
                    throw fail('NotSupportedError', what + ': ' + name + ' has no keys');
                }
                const detail =
                    name === 'AES-GCM' ? '' : name === 'ECDSA' ? curveName(algorithm.namedCurve, what) : hashName(algorithm.hash, what);
                const kind = String(format);
                let handle;
                if (kind === 'jwk') {
                    if (typeof keyData !== 'object' || keyData === null || P.isView(keyData) || isBuffer(keyData)) {
                        throw new TypeError("importKey: a key in the format 'jwk' must be an object");
                    }
                    const k = keyData;
                    if (k.ext === false && extractable) {
                        throw fail('DataError', "importKey: the JWK says ext: false, so the key cannot be extractable");
                    }
                    handle = importHostKey(
                        'jwk', name, detail, text(k.kty), text(k.crv), text(k.k), text(k.n), text(k.e), text(k.x),
                        text(k.y), text(k.d), text(k.p), text(k.q), text(k.dp), text(k.dq), text(k.qi),
                    );
                } else if (kind === 'raw' || kind === 'spki' || kind === 'pkcs8') {
                    const bytes = bytesOf(keyData, 'importKey: the key data');
                    handle = importHostKey(kind, name, detail, bufferOf(bytes), offsetOf(bytes), lengthOf(bytes));
                } else {
                    throw new TypeError("importKey: the format must be 'raw', 'spki', 'pkcs8' or 'jwk'");
                }
                return finish(handle, name, detail, extractable, keyUsages, what);
            });
        }

        exportKey(format, key) {
            return promised(() => {
                const state = keyState(key);
                if (!state.extractable) {
                    throw fail('InvalidAccessError', 'exportKey: the key is not extractable');
                }
                const kind = String(format);
                if (kind !== 'jwk') {
                    return received(state.handle('export', kind));
                }
                const read = state.handle('export', 'jwk');
                const jwk = P.jsonParse(decode(new Uint8Array(received(read))));
                define(jwk, 'key_ops', usageList(state.usages));
                define(jwk, 'ext', state.extractable);
                return jwk;
            });
        }

        generateKey(algorithm, extractable, keyUsages) {
            return promised(() => {
                const what = 'generateKey';
                const name = algorithmName(algorithm, what);
                if (name === 'HMAC') {
                    const hash = hashName(algorithm.hash, what);
                    const bits = algorithm.length === undefined ? (hashBytes[hash] <= 32 ? 512 : 1024) : trunc(+algorithm.length);
                    return finish(generateHostKey(name, bits), name, hash, extractable, keyUsages, what);
                }
                if (name === 'AES-GCM') {
                    const bits = trunc(+algorithm.length);
                    return finish(generateHostKey(name, bits), name, '', extractable, keyUsages, what);
                }
                throw fail('NotSupportedError', what + ': keys can be generated for HMAC and AES-GCM, not for ' + name);
            });
        }

        sign(algorithm, key, data) {
            return promised(() => {
                const name = algorithmName(algorithm, 'sign');
                const state = usable(key, name, 'sign', 'sign');
                if (name !== 'HMAC' && name !== 'RSASSA-PKCS1-v1_5') {
                    throw fail('NotSupportedError', 'sign: HMAC and RSASSA-PKCS1-v1_5 can sign, ' + name + ' cannot here');
                }
                const bytes = bytesOf(data, 'sign: the data');
                return received(state.handle('sign', state.detail, bufferOf(bytes), offsetOf(bytes), lengthOf(bytes)));
            });
        }

        verify(algorithm, key, signature, data) {
            return promised(() => {
                const name = algorithmName(algorithm, 'verify');
                const state = usable(key, name, 'verify', 'verify');
                const hash = name === 'ECDSA' ? hashName(algorithm.hash, 'verify') : state.detail;
                const salt = name === 'RSA-PSS' ? trunc(+algorithm.saltLength) : 0;
                if (!(salt >= 0 && salt <= 4096)) {
                    throw new TypeError('verify: saltLength must be a number of bytes');
                }
                const mark = bytesOf(signature, 'verify: the signature');
                const bytes = bytesOf(data, 'verify: the data');
                return state.handle(
                    'verify', hash, salt, bufferOf(mark), offsetOf(mark), lengthOf(mark), bufferOf(bytes),
                    offsetOf(bytes), lengthOf(bytes),
                );
            });
        }

        encrypt(algorithm, key, data) {
            return cipher('encrypt', algorithm, key, data);
        }

        decrypt(algorithm, key, data) {
            return cipher('decrypt', algorithm, key, data);
        }
    }
    defineProperty(SubtleCrypto.prototype, toStringTag, { __proto__: null, configurable: true, value: 'SubtleCrypto' });

    function cipher(direction, algorithm, key, data) {
        return promised(() => {
            const name = algorithmName(algorithm, direction);
            if (name !== 'AES-GCM') {
                throw fail('NotSupportedError', direction + ': AES-GCM is supported, ' + name + ' is not');
            }
            const state = usable(key, name, direction, direction);
            const iv = bytesOf(algorithm.iv, direction + ': algorithm.iv');
            const extra = algorithm.additionalData === undefined ? new Uint8Array(0) : bytesOf(algorithm.additionalData, direction + ': algorithm.additionalData');
            const tag = algorithm.tagLength === undefined ? 128 : trunc(+algorithm.tagLength);
            const bytes = bytesOf(data, direction + ': the data');
            return received(
                state.handle(
                    direction, tag, bufferOf(iv), offsetOf(iv), lengthOf(iv), bufferOf(extra), offsetOf(extra),
                    lengthOf(extra), bufferOf(bytes), offsetOf(bytes), lengthOf(bytes),
                ),
            );
        });
    }

    return { __proto__: null, CryptoKey, SubtleCrypto, subtle: new SubtleCrypto(secret) };
});
