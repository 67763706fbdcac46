// Runs once in every new context, before the task. Everything here is paid by every execution, so it only takes
// references to the intrinsics (a task may patch them later) and puts getters where the globals will be.
//
// Rules for all files of the prelude, because the task shares its intrinsics with them:
// - no method of a built-in is looked up after installation: `call(ArrayPush, list, x)`, never `list.push(x)`;
// - no `for…of`, spread or array destructuring over own arrays (they go through a patchable iterator);
// - descriptors and tables have a null prototype;
// - functions of the host stay in closures and are never handed out, stored in an object or used as `this`.
(function (load, random, legacyFetch) {
    'use strict';

    const global = globalThis;
    const { defineProperty, defineProperties } = Object;

    const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);

    const P = {
        __proto__: null,
        call: Function.prototype.call.bind(Function.prototype.call),
        apply: Reflect.apply,
        construct: Reflect.construct,
        ownKeys: Reflect.ownKeys,
        Object,
        defineProperty,
        defineProperties,
        getOwnPropertyDescriptor: Object.getOwnPropertyDescriptor,
        getPrototypeOf: Object.getPrototypeOf,
        setPrototypeOf: Object.setPrototypeOf,
        keys: Object.keys,
        create: Object.create,
        freeze: Object.freeze,
        ObjectPrototype: Object.prototype,
        hasOwn: Object.hasOwn,
        propertyIsEnumerable: Object.prototype.propertyIsEnumerable,
        objectToString: Object.prototype.toString,

        Array,
        isArray: Array.isArray,
        ArrayJoin: Array.prototype.join,
        ArraySlice: Array.prototype.slice,
        ArraySort: Array.prototype.sort,
        ArraySplice: Array.prototype.splice,

        String,
        fromCharCode: String.fromCharCode,
        StringCharCodeAt: String.prototype.charCodeAt,
        StringEndsWith: String.prototype.endsWith,
        StringIndexOf: String.prototype.indexOf,
        StringPadEnd: String.prototype.padEnd,
        StringRepeat: String.prototype.repeat,
        StringSlice: String.prototype.slice,
        StringStartsWith: String.prototype.startsWith,
        StringToLowerCase: String.prototype.toLowerCase,
        StringToUpperCase: String.prototype.toUpperCase,
        StringToWellFormed: String.prototype.toWellFormed,
        StringTrim: String.prototype.trim,
        StringValueOf: String.prototype.valueOf,

        Number,
        isInteger: Number.isInteger,
        parseFloat: Number.parseFloat,
        parseInt: Number.parseInt,
        NumberToString: Number.prototype.toString,
        NumberValueOf: Number.prototype.valueOf,
        BooleanValueOf: Boolean.prototype.valueOf,
        BigIntValueOf: BigInt.prototype.valueOf,
        SymbolToString: Symbol.prototype.toString,
        SymbolValueOf: Symbol.prototype.valueOf,
        floor: Math.floor,
        trunc: Math.trunc,
        min: Math.min,

        iterator: Symbol.iterator,
        asyncIterator: Symbol.asyncIterator,
        toStringTag: Symbol.toStringTag,
        hasInstance: Symbol.hasInstance,
        IteratorPrototype: Iterator.prototype,

        Map,
        MapPrototype: Map.prototype,
        MapGet: Map.prototype.get,
        MapSet: Map.prototype.set,
        MapHas: Map.prototype.has,
        MapDelete: Map.prototype.delete,
        MapForEach: Map.prototype.forEach,
        MapSize: Object.getOwnPropertyDescriptor(Map.prototype, 'size').get,
        Set,
        SetPrototype: Set.prototype,
        SetAdd: Set.prototype.add,
        SetHas: Set.prototype.has,
        SetDelete: Set.prototype.delete,
        SetForEach: Set.prototype.forEach,
        SetSize: Object.getOwnPropertyDescriptor(Set.prototype, 'size').get,
        WeakMap,
        WeakMapGet: WeakMap.prototype.get,
        WeakMapSet: WeakMap.prototype.set,
        WeakMapHas: WeakMap.prototype.has,
        WeakSetHas: WeakSet.prototype.has,
        WeakRefDeref: WeakRef.prototype.deref,

        Promise,
        PromisePrototype: Promise.prototype,
        PromiseThen: Promise.prototype.then,
        PromiseResolve: Promise.resolve.bind(Promise),
        PromiseReject: Promise.reject.bind(Promise),

        Error,
        ErrorPrototype: Error.prototype,
        isError,
        ErrorToString: Error.prototype.toString,
        AggregateError,
        EvalError,
        RangeError,
        ReferenceError,
        SyntaxError,
        TypeError,
        URIError,

        Date,
        DatePrototype: Date.prototype,
        DateGetTime: Date.prototype.getTime,
        DateToISOString: Date.prototype.toISOString,
        DateToString: Date.prototype.toString,
        DateParse: Date.parse,
        DateUTC: Date.UTC,
        Intl,
        DateTimeFormatPrototype: Intl.DateTimeFormat.prototype,

        RegExp,
        RegExpPrototype: RegExp.prototype,
        RegExpExec: RegExp.prototype.exec,
        RegExpToString: RegExp.prototype.toString,
        RegExpSource: Object.getOwnPropertyDescriptor(RegExp.prototype, 'source').get,
        RegExpFlags: Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get,
        RegExpUnicode: Object.getOwnPropertyDescriptor(RegExp.prototype, 'unicode').get,

        jsonParse: JSON.parse,
        jsonStringify: JSON.stringify,

        ArrayBuffer,
        ArrayBufferPrototype: ArrayBuffer.prototype,
        isView: ArrayBuffer.isView,
        ArrayBufferSlice: ArrayBuffer.prototype.slice,
        ArrayBufferTransfer: ArrayBuffer.prototype.transfer,
        ArrayBufferByteLength: Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get,
        ArrayBufferDetached: Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached').get,
        ArrayBufferResizable: Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'resizable').get,
        ArrayBufferMaxByteLength: Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'maxByteLength').get,
        SharedArrayBufferByteLength: Object.getOwnPropertyDescriptor(SharedArrayBuffer.prototype, 'byteLength').get,
        DataView,
        DataViewBuffer: Object.getOwnPropertyDescriptor(DataView.prototype, 'buffer').get,
        DataViewByteOffset: Object.getOwnPropertyDescriptor(DataView.prototype, 'byteOffset').get,
        DataViewByteLength: Object.getOwnPropertyDescriptor(DataView.prototype, 'byteLength').get,
        Uint8Array,
        Int8Array,
        Uint8ClampedArray,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float16Array,
        Float32Array,
        Float64Array,
        BigInt64Array,
        BigUint64Array,
        TypedBuffer: Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'buffer').get,
        TypedByteOffset: Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'byteOffset').get,
        TypedByteLength: Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'byteLength').get,
        TypedLength: Object.getOwnPropertyDescriptor(TypedArrayPrototype, 'length').get,
        TypedTag: Object.getOwnPropertyDescriptor(TypedArrayPrototype, Symbol.toStringTag).get,
        set: Uint8Array.prototype.set,
        subarray: Uint8Array.prototype.subarray,

        TextEncoder,
        TextDecoder,
        TextDecoderDecode: TextDecoder.prototype.decode,
        TextEncoderEncode: TextEncoder.prototype.encode,
        isNaN: Number.isNaN,
    };

    function isError(value) {
        if (P.call(P.objectToString, value) === '[object Error]') {
            return true;
        }
        for (let o = P.getPrototypeOf(value); o !== null; o = P.getPrototypeOf(o)) {
            if (o === P.ErrorPrototype) {
                return true;
            }
        }
        return false;
    }

    const groups = { __proto__: null };

    // What a file of the prelude exports, its public globals and its internals, loaded when first asked for.
    function group(name) {
        return (groups[name] ??= load(name, P, group));
    }

    function lazy(file, name) {
        return {
            __proto__: null,
            configurable: true,
            enumerable: false,
            get() {
                const value = group(file)[name];
                defineProperty(global, name, {
                    __proto__: null,
                    configurable: true,
                    enumerable: false,
                    writable: true,
                    value,
                });
                return value;
            },
            set(value) {
                defineProperty(global, name, {
                    __proto__: null,
                    configurable: true,
                    enumerable: false,
                    writable: true,
                    value,
                });
            },
        };
    }

    defineProperties(global, {
        __proto__: null,
        AbortController: lazy('events', 'AbortController'),
        AbortSignal: lazy('events', 'AbortSignal'),
        AuthenticationError: lazy('errors', 'AuthenticationError'),
        AuthorizationError: lazy('errors', 'AuthorizationError'),
        Blob: lazy('blob', 'Blob'),
        ConfigurationError: lazy('errors', 'ConfigurationError'),
        Crypto: lazy('crypto', 'Crypto'),
        CryptoKey: lazy('subtle', 'CryptoKey'),
        CustomEvent: lazy('events', 'CustomEvent'),
        DOMException: lazy('exception', 'DOMException'),
        DataError: lazy('errors', 'DataError'),
        Date: lazy('clock', 'Date'),
        Event: lazy('events', 'Event'),
        EventTarget: lazy('events', 'EventTarget'),
        File: lazy('blob', 'File'),
        FormData: lazy('form', 'FormData'),
        Headers: lazy('fetch', 'Headers'),
        HttpError: lazy('errors', 'HttpError'),
        Intl: lazy('clock', 'Intl'),
        NetworkError: lazy('errors', 'NetworkError'),
        Performance: lazy('clock', 'Performance'),
        RateLimitError: lazy('errors', 'RateLimitError'),
        Request: lazy('fetch', 'Request'),
        Response: lazy('fetch', 'Response'),
        ServiceUnavailableError: lazy('errors', 'ServiceUnavailableError'),
        SubtleCrypto: lazy('subtle', 'SubtleCrypto'),
        TextDecoder: lazy('encoding', 'TextDecoder'),
        TimeoutError: lazy('errors', 'TimeoutError'),
        URL: lazy('url', 'URL'),
        URLSearchParams: lazy('url', 'URLSearchParams'),
        ValidationError: lazy('errors', 'ValidationError'),
        atob: lazy('encoding', 'atob'),
        btoa: lazy('encoding', 'btoa'),
        clearInterval: lazy('timers', 'clearInterval'),
        clearTimeout: lazy('timers', 'clearTimeout'),
        console: lazy('console', 'console'),
        crypto: lazy('crypto', 'crypto'),
        fetch: lazy(legacyFetch ? 'legacy' : 'fetch', 'fetch'),
        navigator: lazy('clock', 'navigator'),
        performance: lazy('clock', 'performance'),
        queueMicrotask: lazy('timers', 'queueMicrotask'),
        reportError: lazy('timers', 'reportError'),
        setInterval: lazy('timers', 'setInterval'),
        setTimeout: lazy('timers', 'setTimeout'),
        structuredClone: lazy('clone', 'structuredClone'),
        self: { __proto__: null, configurable: true, enumerable: false, writable: true, value: global },
    });

    const seeded = {
        random() {
            return random();
        },
    };
    defineProperty(Math, 'random', {
        __proto__: null,
        configurable: true,
        enumerable: false,
        writable: true,
        value: seeded.random,
    });

    // How the host throws: an exception of its own would reach the task as a host object.
    function raise(name, message) {
        switch (name) {
            case 'Error':
                throw new P.Error(message);
            case 'TypeError':
                throw new P.TypeError(message);
            case 'RangeError':
                throw new P.RangeError(message);
            default:
                throw new (group('exception').DOMException)(message, name);
        }
    }

    return { __proto__: null, group, raise };
});
