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
    const constants = {
        __proto__: null,
        INDEX_SIZE_ERR: { __proto__: null, enumerable: true, value: 1 },
        DOMSTRING_SIZE_ERR: { __proto__: null, enumerable: true, value: 2 },
        HIERARCHY_REQUEST_ERR: { __proto__: null, enumerable: true, value: 3 },
        WRONG_DOCUMENT_ERR: { __proto__: null, enumerable: true, value: 4 },
        INVALID_CHARACTER_ERR: { __proto__: null, enumerable: true, value: 5 },
        NO_DATA_ALLOWED_ERR: { __proto__: null, enumerable: true, value: 6 },
        NO_MODIFICATION_ALLOWED_ERR: { __proto__: null, enumerable: true, value: 7 },
        NOT_FOUND_ERR: { __proto__: null, enumerable: true, value: 8 },
        NOT_SUPPORTED_ERR: { __proto__: null, enumerable: true, value: 9 },
        IN_USE_ATTRIBUTE_ERR: { __proto__: null, enumerable: true, value: 10 },
        INVALID_STATE_ERR: { __proto__: null, enumerable: true, value: 11 },
        SYNTAX_ERR: { __proto__: null, enumerable: true, value: 12 },
        INVALID_MODIFICATION_ERR: { __proto__: null, enumerable: true, value: 13 },
        NAMESPACE_ERR: { __proto__: null, enumerable: true, value: 14 },
        INVALID_ACCESS_ERR: { __proto__: null, enumerable: true, value: 15 },
        VALIDATION_ERR: { __proto__: null, enumerable: true, value: 16 },
        TYPE_MISMATCH_ERR: { __proto__: null, enumerable: true, value: 17 },
        SECURITY_ERR: { __proto__: null, enumerable: true, value: 18 },
        NETWORK_ERR: { __proto__: null, enumerable: true, value: 19 },
        ABORT_ERR: { __proto__: null, enumerable: true, value: 20 },
        URL_MISMATCH_ERR: { __proto__: null, enumerable: true, value: 21 },
        QUOTA_EXCEEDED_ERR: { __proto__: null, enumerable: true, value: 22 },
        TIMEOUT_ERR: { __proto__: null, enumerable: true, value: 23 },
        INVALID_NODE_TYPE_ERR: { __proto__: null, enumerable: true, value: 24 },
        DATA_CLONE_ERR: { __proto__: null, enumerable: true, value: 25 },
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

    P.defineProperties(DOMException, constants);
    P.defineProperties(DOMException.prototype, constants);

    return { __proto__: null, DOMException, made };
});
