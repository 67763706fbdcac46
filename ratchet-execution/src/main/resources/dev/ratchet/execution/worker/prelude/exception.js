(function (P) {
    'use strict';

    const { Error, ErrorPrototype, String, StringIndexOf, StringSlice, call, defineProperty, setPrototypeOf, toStringTag } = P;

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

    // An error whose stack shows the task's frames. The engine leaves out every frame above the constructor it was
    // called through, and finds none if that one is hidden; so the instance is made by Error itself.
    function made(prototype, name, message, options) {
        const error = new Error(message, options);
        // Read first: the engine writes the stack when it is first read, and asks the prototype for the name then.
        const stack = error.stack;
        setPrototypeOf(error, prototype);
        if (typeof stack === 'string') {
            const frames = call(StringIndexOf, stack, '\n    at ');
            const first = name + (error.message === '' ? '' : ': ' + error.message);
            defineProperty(error, 'stack', {
                __proto__: null,
                configurable: true,
                enumerable: false,
                writable: true,
                value: frames < 0 ? first : first + call(StringSlice, stack, frames),
            });
        }
        return error;
    }

    function Made(name, message, options) {
        return made(new.target.prototype, name, message, options);
    }
    Made.prototype = ErrorPrototype;

    class DOMException extends Made {
        #name;

        constructor(message = '', options = 'Error') {
            const named = typeof options === 'object' && options !== null;
            const given = named ? options.name : options;
            const name = given === undefined ? 'Error' : String(given);
            super(name, String(message), named ? options : undefined);
            this.#name = name;
        }

        get name() {
            return this.#name;
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

    return { __proto__: null, DOMException, made };
});
