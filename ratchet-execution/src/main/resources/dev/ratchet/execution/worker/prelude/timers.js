(function (P, group, timerStart, timerClear, uncaught) {
    'use strict';

    const { PromiseResolve, PromiseThen, TypeError, apply, call, trunc } = P;

    const timers = { __proto__: null };
    const settled = PromiseResolve(undefined);
    // Otherwise `then` asks a constructor the task may have replaced.
    P.defineProperty(settled, 'constructor', { __proto__: null, value: undefined });

    function milliseconds(delay) {
        const whole = trunc(+delay);
        // As in browsers: what does not fit 31 bits, is negative or is no number waits no time.
        return whole >= 0 && whole <= 0x7fffffff ? whole : 0;
    }

    function start(name, callback, delay, rest, repeat) {
        if (typeof callback !== 'function') {
            throw new TypeError(name + ': the first argument must be a function');
        }
        const id = timerStart(milliseconds(delay), repeat);
        timers[id] = { __proto__: null, callback, rest, repeat };
        return id;
    }

    function stop(id) {
        const key = +id;
        if (timers[key] !== undefined) {
            delete timers[key];
            timerClear(key);
        }
    }

    const exported = {
        __proto__: null,

        setTimeout(callback, delay, ...rest) {
            return start('setTimeout', callback, delay, rest, false);
        },

        setInterval(callback, delay, ...rest) {
            return start('setInterval', callback, delay, rest, true);
        },

        clearTimeout(id) {
            stop(id);
        },

        clearInterval(id) {
            stop(id);
        },

        queueMicrotask(callback) {
            if (typeof callback !== 'function') {
                throw new TypeError('queueMicrotask: the argument must be a function');
            }
            call(PromiseThen, settled, () => {
                try {
                    callback();
                } catch (error) {
                    uncaught(error);
                }
            });
        },

        reportError(error) {
            uncaught(error);
        },

        // For the event loop: an exception of the callback is the caller's to see.
        fire(id) {
            const timer = timers[id];
            if (timer === undefined) {
                return;
            }
            if (!timer.repeat) {
                delete timers[id];
            }
            const callback = timer.callback;
            apply(callback, globalThis, timer.rest);
        },

        // For the rest of the prelude.
        after(delay, callback) {
            return start('timer', callback, delay, [], false);
        },
    };

    return exported;
});
