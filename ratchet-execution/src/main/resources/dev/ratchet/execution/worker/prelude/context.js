// main's second argument.
(function (P, group, progress) {
    'use strict';

    const { RangeError, String, StringSlice, call, defineProperty } = P;

    let signal;

    function contextSignal() {
        return (signal ??= group('events').newSignal());
    }

    const { logger } = group('console');

    function create(executionId, taskId, taskName, taskVersion, jobId, attempt) {
        const context = { executionId, taskId, taskName, taskVersion, jobId, attempt };
        defineProperty(context, 'signal', {
            __proto__: null,
            configurable: true,
            enumerable: true,
            get: contextSignal,
        });
        const log = logger('info');
        const levels = ['debug', 'info', 'warn', 'error'];
        for (let i = 0; i < levels.length; i++) {
            defineProperty(log, levels[i], {
                __proto__: null,
                configurable: true,
                enumerable: true,
                writable: true,
                value: logger(levels[i]),
            });
        }
        context.log = log;
        context.progress = function (fraction, message = '') {
            const part = +fraction;
            if (typeof fraction !== 'number' || !(part >= 0 && part <= 1)) {
                throw new RangeError('context.progress: the first argument must be a number from 0 to 1');
            }
            const text = String(message);
            progress(part, call(StringSlice, text, 0, group('console').MESSAGE_CHARS));
        };
        return context;
    }

    function abort(name, message) {
        group('events').signalAbort(contextSignal(), new (group('exception').DOMException)(message, name));
    }

    return { __proto__: null, create, abort };
});
