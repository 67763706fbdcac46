(function (P) {
    'use strict';

    const { Error, String, defineProperty, toStringTag } = P;

    const codes = {
        __proto__: null,
        IndexSizeError: 1,
        HierarchyRequestError: 3,
        WrongDocumentError: 4,
        InvalidCharacterError: 5,
        NoModificationAllowedError: 7,
        NotFoundError: 8,
        NotSupportedError: 9,
        InUseAttributeError: 10,
        InvalidStateError: 11,
        SyntaxError: 12,
        InvalidModificationError: 13,
        NamespaceError: 14,
        InvalidAccessError: 15,
        SecurityError: 18,
        NetworkError: 19,
        AbortError: 20,
        URLMismatchError: 21,
        QuotaExceededError: 22,
        TimeoutError: 23,
        InvalidNodeTypeError: 24,
        DataCloneError: 25,
    };

    class DOMException extends Error {
        #name = 'Error';

        constructor(message = '', options = 'Error') {
            const named = typeof options === 'object' && options !== null;
            const name = named ? options.name : options;
            // The engine writes the first line of the stack inside the constructor of Error, when the instance has no
            // name yet; the name is passed through the message and taken out again.
            super(String(message), named ? options : undefined);
            this.#name = name === undefined ? 'Error' : String(name);
            const stack = this.stack;
            if (typeof stack === 'string') {
                const end = P.call(P.StringIndexOf, stack, '\n    at ');
                const first = this.#name + (this.message === '' ? '' : ': ' + this.message);
                defineProperty(this, 'stack', {
                    __proto__: null,
                    configurable: true,
                    enumerable: false,
                    writable: true,
                    value: first + (end < 0 ? '' : P.call(P.StringSlice, stack, end)),
                });
            }
        }

        get name() {
            return #name in this ? this.#name : 'Error';
        }

        get code() {
            return codes[this.#name] ?? 0;
        }
    }

    defineProperty(DOMException.prototype, toStringTag, { __proto__: null, configurable: true, value: 'DOMException' });

    const constants = P.keys(codes);
    for (let i = 0; i < constants.length; i++) {
        const name = constants[i];
        // IndexSizeError is INDEX_SIZE_ERR.
        const stem = P.call(P.StringSlice, name, 0, name.length - 5);
        let constant = '';
        for (let j = 0; j < stem.length; j++) {
            const c = stem[j];
            const upper = P.call(P.StringToUpperCase, c);
            const before = j > 0 && stem[j - 1] !== P.call(P.StringToUpperCase, stem[j - 1]);
            constant += (c === upper && before ? '_' : '') + upper;
        }
        const descriptor = { __proto__: null, enumerable: true, value: codes[name] };
        defineProperty(DOMException, constant + '_ERR', descriptor);
        defineProperty(DOMException.prototype, constant + '_ERR', descriptor);
    }

    return { __proto__: null, DOMException };
});
