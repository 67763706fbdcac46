(function (P, group, decoderFor, fromBase64, toBase64) {
    'use strict';

    const { String, TypeError, RangeError, StringSlice, call, defineProperty, toStringTag } = P;

    // Bytes of a BufferSource as a Uint8Array over the same memory.
    function view(source, what) {
        if (P.isView(source)) {
            const data = isDataView(source);
            const buffer = data ? call(P.DataViewBuffer, source) : call(P.TypedBuffer, source);
            const offset = data ? call(P.DataViewByteOffset, source) : call(P.TypedByteOffset, source);
            const length = data ? call(P.DataViewByteLength, source) : call(P.TypedByteLength, source);
            return new P.Uint8Array(buffer, offset, length);
        }
        if (isBuffer(source)) {
            return new P.Uint8Array(source);
        }
        throw new TypeError(what + ' must be an ArrayBuffer, a typed array or a DataView');
    }


    function isDataView(value) {
        return call(P.TypedTag, value) === undefined;
    }

    function isBuffer(value) {
        if (typeof value !== 'object' || value === null) {
            return false;
        }
        try {
            call(P.ArrayBufferByteLength, value);
            return true;
        } catch {
            try {
                call(P.SharedArrayBufferByteLength, value);
                return true;
            } catch {
                return false;
            }
        }
    }

    const encoder = new P.TextEncoder();

    function encode(text) {
        return call(P.TextEncoderEncode, encoder, text);
    }

    // UTF-8 as every body is read: replacement characters for what is malformed, no byte order mark.
    function decode(bytes) {
        return call(P.TextDecoderDecode, new P.TextDecoder(), bytes);
    }

    class TextDecoder {
        #encoding;
        #fatal;
        #ignoreBOM;
        #native;
        #legacy;

        constructor(label = 'utf-8', options = undefined) {
            const name = String(label);
            const fatal = !!options?.fatal;
            const ignoreBOM = !!options?.ignoreBOM;
            const found = decoderFor(name, fatal);
            if (found === null) {
                throw new RangeError("TextDecoder: '" + call(StringSlice, name, 0, 60) + "' is not a label of an encoding");
            }
            this.#encoding = found('name');
            this.#fatal = fatal;
            this.#ignoreBOM = ignoreBOM;
            if (call(P.StringStartsWith, this.#encoding, 'utf-')) {
                this.#native = new P.TextDecoder(this.#encoding, { __proto__: null, fatal, ignoreBOM });
            } else {
                this.#legacy = found;
            }
        }

        get encoding() {
            return this.#encoding;
        }
        get fatal() {
            return this.#fatal;
        }
        get ignoreBOM() {
            return this.#ignoreBOM;
        }

        decode(input = undefined, options = undefined) {
            const stream = !!options?.stream;
            const bytes = input === undefined ? new P.Uint8Array(0) : view(input, 'TextDecoder.decode: the input');
            if (this.#native !== undefined) {
                return call(P.TextDecoderDecode, this.#native, bytes, { __proto__: null, stream });
            }
            const text = this.#legacy(
                'decode',
                call(P.TypedBuffer, bytes),
                call(P.TypedByteOffset, bytes),
                call(P.TypedByteLength, bytes),
                stream,
            );
            if (text === null) {
                throw new TypeError('TextDecoder.decode: the bytes are not valid ' + this.#encoding);
            }
            return text;
        }
    }
    defineProperty(TextDecoder.prototype, toStringTag, { __proto__: null, configurable: true, value: 'TextDecoder' });

    function invalidCharacter(message) {
        return new (group('exception').DOMException)(message, 'InvalidCharacterError');
    }

    return {
        __proto__: null,
        TextDecoder,

        atob(data) {
            if (arguments.length === 0) {
                throw new TypeError('atob: the argument is missing');
            }
            const text = fromBase64(String(data));
            if (text === null) {
                throw invalidCharacter('atob: the string is not valid base64');
            }
            return text;
        },

        btoa(data) {
            if (arguments.length === 0) {
                throw new TypeError('btoa: the argument is missing');
            }
            const text = toBase64(String(data));
            if (text === null) {
                throw invalidCharacter('btoa: the string has a character above U+00FF; encode it with TextEncoder first');
            }
            return text;
        },

        view,
        isBuffer,
        encode,
        decode,
        // Where the bytes of a Uint8Array lie; for handing them to the host.
        bufferOf: (bytes) => call(P.TypedBuffer, bytes),
        offsetOf: (bytes) => call(P.TypedByteOffset, bytes),
        lengthOf: (bytes) => call(P.TypedByteLength, bytes),
        // Without slice() and subarray(), which ask the task's constructors what to make.
        copy(bytes) {
            const result = new P.Uint8Array(call(P.TypedByteLength, bytes));
            call(P.set, result, bytes);
            return result;
        },
        part: (bytes, from, length) =>
            new P.Uint8Array(call(P.TypedBuffer, bytes), call(P.TypedByteOffset, bytes) + from, length),
    };
});
