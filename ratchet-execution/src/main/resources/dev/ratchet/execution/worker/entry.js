// Calls a task's function and turns what comes of it into text. Runs once in every new context, after the prelude and
// before the task, which may patch every intrinsic afterwards: nothing built in is looked up later than here.
(function (report) {
    'use strict';

    const { parse, stringify } = JSON;
    const { apply, ownKeys } = Reflect;
    const { defineProperty, getOwnPropertyDescriptor, create } = Object;
    const { isArray } = Array;
    const ErrorConstructor = Error;
    const ReferenceErrorConstructor = ReferenceError;
    const SyntaxErrorConstructor = SyntaxError;
    const ProxyConstructor = Proxy;
    const StringConstructor = String;
    const slice = String.prototype.slice;
    const hasInstance = Function.prototype[Symbol.hasInstance];
    const global = globalThis;

    const MAX_MESSAGE_CHARS = 16_384;
    const MAX_STACK_CHARS = 65_536;
    const MAX_DETAILS = 32;
    const MAX_DETAIL_CHARS = 4_096;
    const MAX_CAUSES = 5;
    const MAX_ERRORS = 10;

    const track = global.Graal.setUnhandledPromiseRejectionHandler;
    delete global.Graal;
    track((reason) => report('unhandled', summary(reason)));

    // ---- what the task sees

    // Reading a name nobody supplied is a mistake that should not travel on as `undefined`.
    function secretsFrom(text) {
        const secrets = parse(text);
        return new ProxyConstructor(secrets, {
            __proto__: null,
            get(target, key) {
                const own = getOwnPropertyDescriptor(target, key);
                if (own !== undefined) {
                    return own.value;
                }
                // Asked for by `await`, JSON.stringify and string conversion, not by people.
                if (typeof key === 'symbol' || key === 'then' || key === 'toJSON' || key in target) {
                    return target[key];
                }
                throw new ReferenceErrorConstructor(
                    `secret '${key}' is not available: declare it under "secrets" in the task's metadata and supply a value`,
                );
            },
            set: () => false,
            defineProperty: () => false,
            deleteProperty: () => false,
            setPrototypeOf: () => false,
        });
    }

    function hidden(name, value) {
        defineProperty(global, name, { __proto__: null, configurable: true, enumerable: false, writable: true, value });
    }

    let entryModule = null;

    function begin(secretsText, commonJsPath) {
        if (secretsText !== null) {
            hidden('secrets', secretsFrom(secretsText));
        } else {
            defineProperty(global, 'secrets', {
                __proto__: null,
                configurable: true,
                enumerable: false,
                get() {
                    const value = secretsFrom('{}');
                    hidden('secrets', value);
                    return value;
                },
                set(value) {
                    hidden('secrets', value);
                },
            });
        }
        if (commonJsPath !== null) {
            entryModule = { exports: {} };
            modules[commonJsPath] = entryModule;
            hidden('module', entryModule);
            hidden('exports', entryModule.exports);
            hidden('require', requireFrom(commonJsPath));
        }
    }

    // ---- CommonJS

    const modules = create(null);

    function requireFrom(from) {
        return function require(specifier) {
            const found = report('resolve', from, typeof specifier === 'string' ? specifier : typeof specifier);
            const path = apply(slice, found, [1]);
            if (found[0] === '!') {
                const error = new ErrorConstructor(path);
                error.code = 'MODULE_NOT_FOUND';
                throw error;
            }
            const known = modules[path];
            if (known !== undefined) {
                return known.exports;
            }
            const module = { exports: {} };
            modules[path] = module;
            let complete = false;
            try {
                if (found[0] === 'j') {
                    module.exports = json(path);
                } else {
                    const body = report('compile', path);
                    apply(body, module.exports, [module.exports, requireFrom(path), module]);
                }
                complete = true;
            } finally {
                if (!complete) {
                    delete modules[path];
                }
            }
            return module.exports;
        };
    }

    function json(path) {
        try {
            return parse(report('text', path));
        } catch (error) {
            throw new SyntaxErrorConstructor(`${path}: not JSON: ${error.message}`);
        }
    }


    // ---- finding the function

    function functionIn(value) {
        if (typeof value === 'function') {
            return value;
        }
        if (typeof value === 'object' && value !== null) {
            if (typeof value.default === 'function') {
                return value.default;
            }
            if (typeof value.main === 'function') {
                return value.main;
            }
            const inner = value.default;
            if (typeof inner === 'object' && inner !== null && typeof inner.main === 'function') {
                return inner.main;
            }
        }
        return undefined;
    }

    function exported() {
        return entryModule === null ? undefined : functionIn(entryModule.exports);
    }

    // ---- running

    function run(main, inputText, context) {
        let value;
        try {
            value = apply(main, undefined, [parse(inputText), context]);
        } catch (error) {
            fail(error);
            return;
        }
        finish(value);
    }

    function finish(value) {
        let thenable;
        try {
            thenable =
                ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
                typeof value.then === 'function';
        } catch (error) {
            fail(error);
            return;
        }
        if (thenable) {
            settle(value, complete);
        } else {
            complete(value);
        }
    }

    async function settle(promise, next) {
        let value;
        try {
            value = await promise;
        } catch (error) {
            fail(error);
            return;
        }
        next(value);
    }

    function load(path) {
        settle(import(path), (namespace) => report('loaded', namespace));
    }

    // ---- output

    const STOP = { __proto__: null };

    function complete(value) {
        let text;
        try {
            text = stringify(value);
        } catch (error) {
            const reason = notJson(value);
            if (reason === undefined) {
                fail(error);
            } else {
                report('nojson', reason);
            }
            return;
        }
        if (text !== undefined) {
            report('returned', text);
        } else if (value === undefined) {
            report('returned', 'null');
        } else {
            report('nojson', `the task returned a ${typeof value}, which JSON cannot express`);
        }
    }

    // Walks exactly as stringify did, to name the place it stopped at.
    function notJson(value) {
        const holders = [];
        const keys = [];
        let depth = 0;
        let reason;
        try {
            stringify(value, function (key, member) {
                while (depth > 0 && holders[depth - 1] !== this) {
                    depth--;
                }
                if (typeof member === 'bigint') {
                    reason = `${place(keys, depth, key)} is a BigInt, which JSON cannot express: convert it to a string or a number`;
                    throw STOP;
                }
                if (typeof member === 'object' && member !== null) {
                    for (let i = 0; i < depth; i++) {
                        if (holders[i] === member) {
                            reason = `${place(keys, depth, key)} contains itself (it is the same object as ${place(keys, i, i === 0 ? '' : keys[i])}), which JSON cannot express`;
                            throw STOP;
                        }
                    }
                    define(holders, depth, member);
                    define(keys, depth, key);
                    depth++;
                }
                return member;
            });
        } catch (error) {
            if (error !== STOP) {
                return undefined;
            }
        }
        return reason;
    }

    function define(list, index, value) {
        defineProperty(list, index, { __proto__: null, configurable: true, enumerable: true, writable: true, value });
    }

    function place(keys, depth, key) {
        let path = '';
        for (let i = 1; i < depth; i++) {
            path += `/${keys[i]}`;
        }
        if (depth > 0) {
            path += `/${key}`;
        }
        return path === '' ? 'the returned value' : `${path} in the returned value`;
    }

    // ---- errors

    function clip(text, limit) {
        return text.length <= limit ? text : `${apply(slice, text, [0, limit])}…`;
    }

    function isError(value) {
        return apply(hasInstance, ErrorConstructor, [value]);
    }

    // Whatever a task throws may be a proxy or have getters that throw.
    function attempt(action, otherwise) {
        try {
            return action();
        } catch {
            return otherwise;
        }
    }

    function isObject(value) {
        return (typeof value === 'object' && value !== null) || typeof value === 'function';
    }

    function typeOf(value) {
        if (!isObject(value)) {
            return value === null ? 'null' : typeof value;
        }
        const name = attempt(() => (isError(value) ? value.name : undefined), undefined);
        if (typeof name === 'string' && name !== '' && name !== 'Error') {
            return clip(name, 200);
        }
        const made = attempt(() => value.constructor.name, undefined);
        if (typeof made === 'string' && made !== '') {
            return clip(made, 200);
        }
        return attempt(() => isError(value), false) ? 'Error' : 'Object';
    }

    const UNREADABLE = 'what was thrown cannot be read: it throws in turn';

    function messageOf(value) {
        if (isObject(value)) {
            const message = attempt(() => value.message, STOP);
            if (typeof message === 'string') {
                return clip(message, MAX_MESSAGE_CHARS);
            }
            if (message === STOP) {
                return UNREADABLE;
            }
            if (!attempt(() => isError(value), false)) {
                const text = attempt(() => stringify(value), 'what was thrown has no message, and JSON cannot express it');
                if (typeof text === 'string') {
                    return clip(text, MAX_MESSAGE_CHARS);
                }
            }
            return '';
        }
        return clip(attempt(() => StringConstructor(value), ''), MAX_MESSAGE_CHARS);
    }

    function stackOf(value) {
        const stack = isObject(value) ? attempt(() => value.stack, undefined) : undefined;
        return typeof stack === 'string' ? apply(slice, stack, [0, MAX_STACK_CHARS]) : '';
    }

    const TOLD_ELSEWHERE = { __proto__: null, name: 1, message: 1, stack: 1, cause: 1, errors: 1 };

    // Own properties as a JSON object: `status` of an HTTP error, say.
    function detailsOf(value) {
        const keys = ownKeys(value);
        let text = '';
        for (let i = 0, kept = 0; i < keys.length && kept < MAX_DETAILS; i++) {
            const key = keys[i];
            if (typeof key === 'symbol' || TOLD_ELSEWHERE[key] === 1) {
                continue;
            }
            const own = getOwnPropertyDescriptor(value, key);
            if (own === undefined || !own.enumerable || own.get !== undefined || own.set !== undefined) {
                continue;
            }
            const json = attempt(() => stringify(own.value), undefined);
            if (json !== undefined && json.length <= MAX_DETAIL_CHARS) {
                text += `${kept === 0 ? '' : ','}${stringify(key)}:${json}`;
                kept++;
            }
        }
        return text === '' ? null : `{${text}}`;
    }

    function summary(value) {
        const message = messageOf(value);
        const type = typeOf(value);
        if (!isObject(value)) {
            return message;
        }
        return message === '' ? type : `${type}: ${message}`;
    }

    // Frames come after lines that say what they belong to: "caused by RangeError: …".
    function fail(error) {
        let stacks = stackOf(error);
        const add = (heading, value) => {
            stacks = clip(`${stacks}\n\u0000${heading}${summary(value)}\u0000\n${stackOf(value)}`, 4 * MAX_STACK_CHARS);
        };
        if (isObject(error)) {
            const errors = attempt(() => error.errors, undefined);
            if (attempt(() => isArray(errors), false)) {
                const total = attempt(() => errors.length, 0);
                for (let i = 0; i < total && i < MAX_ERRORS; i++) {
                    add('including ', attempt(() => errors[i], undefined));
                }
            }
            let cause = error;
            for (let i = 0; i < MAX_CAUSES && isObject(cause); i++) {
                const holder = cause;
                const own = attempt(() => getOwnPropertyDescriptor(holder, 'cause'), undefined);
                if (own === undefined) {
                    break;
                }
                cause = attempt(() => holder.cause, undefined);
                add('caused by ', cause);
            }
        }
        report(
            'threw',
            typeOf(error),
            messageOf(error),
            stacks,
            isObject(error) ? attempt(() => detailsOf(error), null) : null,
            error,
        );
    }

    return [begin, exported, functionIn, run, load, fail, summary];
});
