// The structured clone algorithm of the HTML Standard over what exists here: no ports, no image data.
(function (P, group) {
    'use strict';

    const { Error, Map, Set, String, TypeError, isError } = P;
    const { call, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, keys } = P;

    function uncloneable(value) {
        let shown;
        if (typeof value === 'symbol') {
            shown = call(P.SymbolToString, value);
        } else if (typeof value === 'function') {
            shown = 'a function';
        } else {
            shown = 'an object of this kind';
        }
        return new (group('exception').DOMException)('structuredClone: ' + shown + ' cannot be cloned', 'DataCloneError');
    }

    const constructors = {
        __proto__: null,
        Error,
        EvalError: P.EvalError,
        RangeError: P.RangeError,
        ReferenceError: P.ReferenceError,
        SyntaxError: P.SyntaxError,
        TypeError: P.TypeError,
        URIError: P.URIError,
    };
    const views = {
        __proto__: null,
        Int8Array: P.Int8Array,
        Uint8Array: P.Uint8Array,
        Uint8ClampedArray: P.Uint8ClampedArray,
        Int16Array: P.Int16Array,
        Uint16Array: P.Uint16Array,
        Int32Array: P.Int32Array,
        Uint32Array: P.Uint32Array,
        Float16Array: P.Float16Array,
        Float32Array: P.Float32Array,
        Float64Array: P.Float64Array,
        BigInt64Array: P.BigInt64Array,
        BigUint64Array: P.BigUint64Array,
    };

    // The result of a method that throws for objects without the internal slot it needs, else undefined.
    function probe(method, value) {
        try {
            return call(method, value);
        } catch {
            return undefined;
        }
    }

    // Whether the object carries the slot the method needs; a method's result may be undefined or false itself.
    function has(method, value, argument) {
        try {
            call(method, value, argument);
            return true;
        } catch {
            return false;
        }
    }

    function put(target, name, value) {
        defineProperty(target, name, {
            __proto__: null,
            configurable: true,
            enumerable: true,
            writable: true,
            value,
        });
    }

    function hidden(target, name, value) {
        defineProperty(target, name, { __proto__: null, configurable: true, enumerable: false, writable: true, value });
    }

    function cloneBuffer(buffer, memory) {
        const length = call(P.ArrayBufferByteLength, buffer);
        if (call(P.ArrayBufferDetached, buffer)) {
            throw new (group('exception').DOMException)('structuredClone: the ArrayBuffer is detached', 'DataCloneError');
        }
        const copy = call(P.ArrayBufferResizable, buffer)
            ? new P.ArrayBuffer(length, { __proto__: null, maxByteLength: call(P.ArrayBufferMaxByteLength, buffer) })
            : new P.ArrayBuffer(length);
        call(P.set, new P.Uint8Array(copy), new P.Uint8Array(buffer));
        call(P.MapSet, memory, buffer, copy);
        return copy;
    }

    function cloneError(value, memory) {
        const prototypeName = value.name;
        const name = prototypeName === undefined ? 'Error' : String(prototypeName);
        const type = constructors[name] ?? Error;
        const message = getOwnPropertyDescriptor(value, 'message');
        const copy = new type();
        call(P.MapSet, memory, value, copy);
        if (message !== undefined && hasOwn(message, 'value')) {
            hidden(copy, 'message', String(message.value));
        }
        const stack = getOwnPropertyDescriptor(value, 'stack');
        hidden(copy, 'stack', stack !== undefined && hasOwn(stack, 'value') ? String(stack.value) : value.stack);
        const cause = getOwnPropertyDescriptor(value, 'cause');
        if (cause !== undefined && hasOwn(cause, 'value')) {
            hidden(copy, 'cause', clone(cause.value, memory));
        }
        return copy;
    }

    function clone(value, memory) {
        if (typeof value === 'symbol' || typeof value === 'function') {
            throw uncloneable(value);
        }
        if (typeof value !== 'object' || value === null) {
            return value;
        }
        const known = call(P.MapGet, memory, value);
        if (known !== undefined) {
            return known;
        }
        const remember = (copy) => {
            call(P.MapSet, memory, value, copy);
            return copy;
        };

        if (P.isArray(value)) {
            const copy = remember(new P.Array(value.length));
            return properties(value, copy, memory);
        }
        // The tag only says which slot to look for: every kind is made sure of by its own methods.
        const kind = call(P.objectToString, value);
        switch (kind) {
            case '[object Object]':
            case '[object Arguments]':
                return isPlatformObject(value) ? reject(value) : properties(value, remember({}), memory);
            case '[object Date]': {
                const time = probe(P.DateGetTime, value);
                return time === undefined ? properties(value, remember({}), memory) : remember(new P.Date(time));
            }
            case '[object Boolean]':
                return boxed(P.BooleanValueOf, value, memory);
            case '[object Number]':
                return boxed(P.NumberValueOf, value, memory);
            case '[object String]':
                return boxed(P.StringValueOf, value, memory);
            case '[object BigInt]':
                return boxed(P.BigIntValueOf, value, memory);
        }
        if (isError(value)) {
            const { DOMException } = group('exception');
            if (inherits(value, DOMException.prototype)) {
                const copy = new DOMException(value.message, value.name);
                hidden(copy, 'stack', value.stack);
                return remember(copy);
            }
            return cloneError(value, memory);
        }
        if (has(P.RegExpUnicode, value) && value !== P.RegExpPrototype) {
            return remember(new P.RegExp(call(P.RegExpSource, value), call(P.RegExpFlags, value)));
        }
        if (P.isView(value)) {
            const tag = call(P.TypedTag, value);
            if (tag === undefined) {
                const buffer = clone(call(P.DataViewBuffer, value), memory);
                return remember(
                    new P.DataView(buffer, call(P.DataViewByteOffset, value), call(P.DataViewByteLength, value)),
                );
            }
            const buffer = clone(call(P.TypedBuffer, value), memory);
            return remember(new views[tag](buffer, call(P.TypedByteOffset, value), call(P.TypedLength, value)));
        }
        if (has(P.ArrayBufferByteLength, value)) {
            return cloneBuffer(value, memory);
        }
        if (has(P.MapSize, value)) {
            const copy = remember(new Map());
            const entries = [];
            call(P.MapForEach, value, (item, key) => {
                put(entries, entries.length, { __proto__: null, key, item });
            });
            for (let i = 0; i < entries.length; i++) {
                call(P.MapSet, copy, clone(entries[i].key, memory), clone(entries[i].item, memory));
            }
            return copy;
        }
        if (has(P.SetSize, value)) {
            const copy = remember(new Set());
            const items = [];
            call(P.SetForEach, value, (item) => {
                put(items, items.length, item);
            });
            for (let i = 0; i < items.length; i++) {
                call(P.SetAdd, copy, clone(items[i], memory));
            }
            return copy;
        }
        if (kind === '[object Blob]' || kind === '[object File]') {
            const blob = group('blob');
            if (blob.isBlob(value)) {
                return remember(blob.cloneBlob(value));
            }
        }
        return isUncloneable(value) ? reject(value) : properties(value, remember({}), memory);
    }

    function reject(value) {
        throw uncloneable(value);
    }

    function boxed(valueOf, value, memory) {
        const primitive = probe(valueOf, value);
        const copy = primitive === undefined ? {} : P.Object(primitive);
        call(P.MapSet, memory, value, copy);
        return primitive === undefined ? properties(value, copy, memory) : copy;
    }

    function inherits(value, prototype) {
        for (let o = getPrototypeOf(value); o !== null; o = getPrototypeOf(o)) {
            if (o === prototype) {
                return true;
            }
        }
        return false;
    }

    // Built-in kinds that have state no copy can have.
    function isUncloneable(value) {
        return (
            has(P.SymbolValueOf, value) ||
            has(P.SharedArrayBufferByteLength, value) ||
            has(P.WeakMapHas, value, value) ||
            has(P.WeakSetHas, value, value) ||
            has(P.WeakRefDeref, value) ||
            inherits(value, P.PromisePrototype) ||
            isPlatformObject(value)
        );
    }

    // Classes of the prelude whose instances live in private fields.
    function isPlatformObject(value) {
        for (let o = getPrototypeOf(value); o !== null; o = getPrototypeOf(o)) {
            const tag = getOwnPropertyDescriptor(o, P.toStringTag)?.value;
            const type = getOwnPropertyDescriptor(o, 'constructor')?.value;
            if (typeof tag === 'string' && typeof type === 'function' && platform[tag] !== undefined) {
                return true;
            }
        }
        return false;
    }
    const platform = {
        __proto__: null,
        URL: 1,
        URLSearchParams: 1,
        Headers: 1,
        Request: 1,
        Response: 1,
        FormData: 1,
        AbortSignal: 1,
        AbortController: 1,
        EventTarget: 1,
        Event: 1,
        CryptoKey: 1,
        Crypto: 1,
        SubtleCrypto: 1,
        Performance: 1,
        TextDecoder: 1,
    };

    function properties(from, to, memory) {
        const names = keys(from);
        for (let i = 0; i < names.length; i++) {
            const name = names[i];
            if (hasOwn(from, name)) {
                put(to, name, clone(from[name], memory));
            }
        }
        return to;
    }

    return {
        __proto__: null,

        structuredClone(value, options = undefined) {
            if (arguments.length === 0) {
                throw new TypeError('structuredClone: the value is missing');
            }
            const memory = new Map();
            const transfers = [];
            const list = options?.transfer;
            if (list !== undefined) {
                for (const item of list) {
                    const buffer = typeof item === 'object' && item !== null && has(P.ArrayBufferByteLength, item);
                    if (!buffer || call(P.ArrayBufferDetached, item) || call(P.MapHas, memory, item)) {
                        throw new (group('exception').DOMException)(
                            'structuredClone: only an ArrayBuffer can be transferred, once and while it is not detached',
                            'DataCloneError',
                        );
                    }
                    put(transfers, transfers.length, item);
                    call(P.MapSet, memory, item, cloneBuffer(item, memory));
                }
            }
            const copy = clone(value, memory);
            for (let i = 0; i < transfers.length; i++) {
                call(P.ArrayBufferTransfer, transfers[i], 0);
            }
            return copy;
        },
    };
});
