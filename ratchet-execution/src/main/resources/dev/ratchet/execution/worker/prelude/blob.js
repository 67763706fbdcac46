(function (P, group, now) {
    'use strict';

    const { PromiseReject, PromiseResolve, String, TypeError, call, defineProperty, floor, toStringTag, trunc } = P;
    const { view, isBuffer, encode, decode, copy, part, lengthOf } = group('encoding');
    const { set } = P;

    let bytesOf;
    let isBlob;
    let fromBytes;
    let withBytes;
    let cloneBlob;
    let typeOf;
    let nameOf;
    let copyFile;
    let isFile;

    // Lower case if every character is printable ASCII, else empty.
    function normalType(type) {
        for (let i = 0; i < type.length; i++) {
            const c = call(P.StringCharCodeAt, type, i);
            if (c < 0x20 || c > 0x7e) {
                return '';
            }
        }
        return call(P.StringToLowerCase, type);
    }

    function nativeLineEnds(text) {
        let result = '';
        let from = 0;
        for (let i = 0; i < text.length; i++) {
            if (text[i] === '\r') {
                result += call(P.StringSlice, text, from, i) + '\n';
                if (text[i + 1] === '\n') {
                    i++;
                }
                from = i + 1;
            }
        }
        return from === 0 ? text : result + call(P.StringSlice, text, from);
    }

    function concatenate(parts, native) {
        const chunks = [];
        let size = 0;
        for (const item of parts) {
            let chunk;
            if (isBlob(item)) {
                chunk = bytesOf(item);
            } else if (P.isView(item) || isBuffer(item)) {
                chunk = view(item, 'Blob: the part');
            } else {
                const text = call(P.StringToWellFormed, String(item));
                chunk = encode(native ? nativeLineEnds(text) : text);
            }
            chunks[chunks.length] = chunk;
            size += lengthOf(chunk);
        }
        const bytes = new P.Uint8Array(size);
        let offset = 0;
        for (let i = 0; i < chunks.length; i++) {
            call(set, bytes, chunks[i], offset);
            offset += lengthOf(chunks[i]);
        }
        return bytes;
    }

    class Blob {
        // Never changed once the blob exists, so that slices and bodies can share it.
        #bytes;
        #type;

        static {
            bytesOf = (blob) => blob.#bytes;
            typeOf = (blob) => blob.#type;
            isBlob = (value) => typeof value === 'object' && value !== null && #bytes in value;
            cloneBlob = (blob) => {
                const copy = isFile(blob) ? copyFile(blob) : new Blob();
                copy.#bytes = blob.#bytes;
                copy.#type = blob.#type;
                return copy;
            };
            withBytes = (blob, bytes, type) => {
                blob.#bytes = bytes;
                blob.#type = normalType(type);
                return blob;
            };
            fromBytes = (bytes, type) => withBytes(new Blob(), bytes, type);
        }

        constructor(parts = undefined, options = undefined) {
            if (parts !== undefined && (parts === null || typeof parts !== 'object' || !parts[P.iterator])) {
                throw new TypeError('Blob: the first argument must be an array of strings, buffers and blobs');
            }
            const endings = options?.endings === undefined ? 'transparent' : String(options.endings);
            if (endings !== 'transparent' && endings !== 'native') {
                throw new TypeError("Blob: options.endings must be 'transparent' or 'native'");
            }
            this.#bytes = parts === undefined ? new P.Uint8Array(0) : concatenate(parts, endings === 'native');
            this.#type = options?.type === undefined ? '' : normalType(String(options.type));
        }

        get size() {
            return lengthOf(this.#bytes);
        }

        get type() {
            return this.#type;
        }

        slice(start = 0, end = undefined, contentType = '') {
            const size = lengthOf(this.#bytes);
            const position = (value) => {
                const whole = trunc(+value) || 0;
                return whole < 0 ? (size + whole > 0 ? size + whole : 0) : P.min(whole, size);
            };
            const from = position(start);
            const to = end === undefined ? size : position(end);
            return fromBytes(part(this.#bytes, from, to > from ? to - from : 0), String(contentType));
        }

        text() {
            return promised(() => decode(this.#bytes));
        }

        arrayBuffer() {
            return promised(() => group('encoding').bufferOf(copy(this.#bytes)));
        }

        bytes() {
            return promised(() => copy(this.#bytes));
        }
    }
    defineProperty(Blob.prototype, toStringTag, { __proto__: null, configurable: true, value: 'Blob' });

    class File extends Blob {
        #name;
        #lastModified;

        static {
            copyFile = (file) => {
                const copy = new File(undefined, file.#name);
                copy.#lastModified = file.#lastModified;
                return copy;
            };
            nameOf = (file) => file.#name;
            isFile = (value) => typeof value === 'object' && value !== null && #name in value;
        }

        constructor(parts, name, options = undefined) {
            if (arguments.length < 2) {
                throw new TypeError('File: two arguments are required, the parts and the name');
            }
            super(parts, options);
            this.#name = call(P.StringToWellFormed, String(name));
            this.#lastModified =
                options?.lastModified === undefined ? floor(now()) : trunc(+options.lastModified) || 0;
        }

        get name() {
            return this.#name;
        }

        get lastModified() {
            return this.#lastModified;
        }

        get webkitRelativePath() {
            return '';
        }
    }
    defineProperty(File.prototype, toStringTag, { __proto__: null, configurable: true, value: 'File' });

    // A file over the bytes of a blob or over bytes nobody changes any more.
    function makeFile(bytes, name, type) {
        return withBytes(new File(undefined, name), bytes, type);
    }

    function promised(compute) {
        try {
            return PromiseResolve(compute());
        } catch (error) {
            return PromiseReject(error);
        }
    }

    return { __proto__: null, Blob, File, isBlob, isFile, bytesOf, typeOf, nameOf, makeFile, fromBytes, cloneBlob, promised };
});
