(function (P, group, randomHex, parseMultipart) {
    'use strict';

    const { ArraySplice, String, TypeError, call } = P;
    const { pairIterable } = group('iterate');
    const { isBlob, isFile, bytesOf, typeOf, nameOf, makeFile } = group('blob');
    const { encode, part, lengthOf, bufferOf, offsetOf } = group('encoding');
    const { set } = P;

    function wellFormed(value) {
        return call(P.StringToWellFormed, String(value));
    }

    function entry(args, what) {
        if (args.length < 2) {
            throw new TypeError(what + ': 2 arguments are required');
        }
        const name = wellFormed(args[0]);
        const value = args[1];
        if (!isBlob(value)) {
            if (args.length > 2) {
                throw new TypeError(what + ': a file name needs a Blob as the value');
            }
            return [name, wellFormed(value)];
        }
        if (isFile(value) && args.length < 3) {
            return [name, value];
        }
        const fileName = args.length > 2 ? wellFormed(args[2]) : 'blob';
        return [name, makeFile(bytesOf(value), fileName, typeOf(value))];
    }

    let listOf;
    let isForm;

    class FormData {
        #list = [];

        static {
            listOf = (form) => form.#list;
            isForm = (value) => typeof value === 'object' && value !== null && #list in value;
        }

        constructor(form = undefined) {
            if (form !== undefined) {
                throw new TypeError('FormData: there are no HTML forms here; call it without arguments');
            }
        }

        append(name, value, fileName = undefined) {
            const list = this.#list;
            list[list.length] = entry(arguments, 'FormData.append');
        }

        delete(name) {
            const wanted = wellFormed(name);
            const list = this.#list;
            for (let i = list.length - 1; i >= 0; i--) {
                if (list[i][0] === wanted) {
                    call(ArraySplice, list, i, 1);
                }
            }
        }

        get(name) {
            const wanted = wellFormed(name);
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === wanted) {
                    return list[i][1];
                }
            }
            return null;
        }

        getAll(name) {
            const wanted = wellFormed(name);
            const found = [];
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === wanted) {
                    found[found.length] = list[i][1];
                }
            }
            return found;
        }

        has(name) {
            const wanted = wellFormed(name);
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === wanted) {
                    return true;
                }
            }
            return false;
        }

        set(name, value, fileName = undefined) {
            const made = entry(arguments, 'FormData.set');
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === made[0]) {
                    list[i] = made;
                    for (let j = list.length - 1; j > i; j--) {
                        if (list[j][0] === made[0]) {
                            call(ArraySplice, list, j, 1);
                        }
                    }
                    return;
                }
            }
            list[list.length] = made;
        }
    }
    pairIterable(FormData, 'FormData', (form) => listOf(form));

    // Line ends as CRLF; quotes and, in names, line ends percent-encoded, as the HTML Standard has it.
    function escaped(text, name) {
        let result = '';
        for (let i = 0; i < text.length; i++) {
            const c = text[i];
            if (c === '\r' || c === '\n') {
                if (c === '\r' && text[i + 1] === '\n') {
                    i++;
                }
                result += name ? '%0D%0A' : '\r\n';
            } else if (name && c === '"') {
                result += '%22';
            } else {
                result += c;
            }
        }
        return result;
    }

    // A multipart/form-data body: { type, bytes }.
    function multipart(form) {
        const boundary = '----RatchetFormBoundary' + randomHex(16);
        const chunks = [];
        let size = 0;
        const add = (bytes) => {
            chunks[chunks.length] = bytes;
            size += lengthOf(bytes);
        };
        const list = listOf(form);
        for (let i = 0; i < list.length; i++) {
            const name = list[i][0];
            const value = list[i][1];
            let head = '--' + boundary + '\r\nContent-Disposition: form-data; name="' + escaped(name, true) + '"';
            if (typeof value === 'string') {
                add(encode(head + '\r\n\r\n' + escaped(value, false) + '\r\n'));
            } else {
                head += '; filename="' + escaped(nameOf(value), true) + '"\r\nContent-Type: ';
                add(encode(head + (typeOf(value) || 'application/octet-stream') + '\r\n\r\n'));
                add(bytesOf(value));
                add(encode('\r\n'));
            }
        }
        add(encode('--' + boundary + '--\r\n'));
        const bytes = new P.Uint8Array(size);
        let offset = 0;
        for (let i = 0; i < chunks.length; i++) {
            call(set, bytes, chunks[i], offset);
            offset += lengthOf(chunks[i]);
        }
        return { __proto__: null, type: 'multipart/form-data; boundary=' + boundary, bytes };
    }

    function fromPairs(pairs) {
        const form = new FormData();
        const list = listOf(form);
        for (let i = 0; i < pairs.length; i++) {
            list[i] = [pairs[i][0], pairs[i][1]];
        }
        return form;
    }

    // The form in a body, or null if the type is no form's or the body does not parse.
    function parse(type, bytes) {
        // Five values a part: name, file name or null, content type, start and length of its content.
        const flat = parseMultipart(type, bufferOf(bytes), offsetOf(bytes), lengthOf(bytes));
        if (flat === null) {
            return null;
        }
        const form = new FormData();
        const list = listOf(form);
        for (let i = 0; i < flat.length; i += 5) {
            const content = part(bytes, flat[i + 3], flat[i + 4]);
            list[list.length] = [
                flat[i],
                flat[i + 1] === null
                    ? group('encoding').decode(content)
                    : makeFile(group('encoding').copy(content), flat[i + 1], flat[i + 2]),
            ];
        }
        return form;
    }

    return { __proto__: null, FormData, isForm, multipart, fromPairs, parse };
});
