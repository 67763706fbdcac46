(function (P, group, now, uncaught) {
    'use strict';

    const { ArraySlice, ArraySplice, String, TypeError, call, defineProperty, toStringTag } = P;

    const NONE = 0;
    const AT_TARGET = 2;
    const secret = {};

    let isEvent;
    let dispatching;
    let stopped;
    let trusted;

    class Event {
        #type;
        #bubbles;
        #cancelable;
        #composed;
        #canceled = false;
        #stopped = false;
        #dispatching = false;
        #passive = false;
        #trusted = false;
        #target = null;
        #phase = NONE;
        #timeStamp = now();

        static {
            isEvent = (value) => typeof value === 'object' && value !== null && #type in value;
            dispatching = (event, target) => {
                if (target !== null && event.#dispatching) {
                    throw new (group('exception').DOMException)(
                        'dispatchEvent: the event is being dispatched already',
                        'InvalidStateError',
                    );
                }
                event.#dispatching = target !== null;
                event.#phase = target === null ? NONE : AT_TARGET;
                if (target === null) {
                    event.#stopped = false;
                } else {
                    event.#target = target;
                }
                return event.#type;
            };
            stopped = (event, passive) => {
                event.#passive = passive;
                return event.#stopped;
            };
            trusted = (event) => {
                event.#trusted = true;
                return event;
            };
        }

        constructor(type, init = undefined) {
            if (arguments.length === 0) {
                throw new TypeError('Event: the type is missing');
            }
            this.#type = String(type);
            this.#bubbles = !!init?.bubbles;
            this.#cancelable = !!init?.cancelable;
            this.#composed = !!init?.composed;
        }

        get type() {
            return this.#type;
        }
        get target() {
            return this.#target;
        }
        get srcElement() {
            return this.#target;
        }
        get currentTarget() {
            return this.#dispatching ? this.#target : null;
        }
        get eventPhase() {
            return this.#phase;
        }
        get bubbles() {
            return this.#bubbles;
        }
        get cancelable() {
            return this.#cancelable;
        }
        get composed() {
            return this.#composed;
        }
        get defaultPrevented() {
            return this.#canceled;
        }
        get returnValue() {
            return !this.#canceled;
        }
        get cancelBubble() {
            return this.#stopped;
        }
        get isTrusted() {
            return this.#trusted;
        }
        get timeStamp() {
            return this.#timeStamp;
        }

        composedPath() {
            return this.#dispatching ? [this.#target] : [];
        }
        preventDefault() {
            if (this.#cancelable && !this.#passive) {
                this.#canceled = true;
            }
        }
        stopPropagation() {
            // There is one target and no tree, so there is nothing further to reach.
            return undefined;
        }
        stopImmediatePropagation() {
            this.#stopped = true;
        }
    }

    const phases = { __proto__: null, NONE, CAPTURING_PHASE: 1, AT_TARGET, BUBBLING_PHASE: 3 };
    const phaseNames = P.keys(phases);
    for (let i = 0; i < phaseNames.length; i++) {
        const name = phaseNames[i];
        const descriptor = { __proto__: null, enumerable: true, value: phases[name] };
        defineProperty(Event, name, descriptor);
        defineProperty(Event.prototype, name, descriptor);
    }

    class CustomEvent extends Event {
        #detail;

        constructor(type, init = undefined) {
            super(type, init);
            this.#detail = init?.detail === undefined ? null : init.detail;
        }

        get detail() {
            return this.#detail;
        }
    }

    function flatten(options) {
        return typeof options === 'boolean' ? options : !!options?.capture;
    }

    class EventTarget {
        // Type to list of listeners; lists are replaced, not changed, while they may be walked.
        #lists = { __proto__: null };

        addEventListener(type, callback, options = undefined) {
            const lists = this.#lists;
            const name = String(type);
            const capture = flatten(options);
            const own = typeof options === 'object' && options !== null ? options : undefined;
            const once = !!own?.once;
            const passive = !!own?.passive;
            const signal = own?.signal;
            if (signal !== undefined && !isSignal(signal)) {
                throw new TypeError('addEventListener: options.signal must be an AbortSignal');
            }
            if (callback === null || callback === undefined || (signal !== undefined && isAborted(signal))) {
                return;
            }
            if (typeof callback !== 'function' && typeof callback !== 'object') {
                throw new TypeError('addEventListener: the listener must be a function or an object with handleEvent');
            }
            const list = lists[name] ?? [];
            for (let i = 0; i < list.length; i++) {
                if (list[i].callback === callback && list[i].capture === capture) {
                    return;
                }
            }
            const grown = call(ArraySlice, list);
            grown[list.length] = { __proto__: null, callback, capture, once, passive, removed: false };
            lists[name] = grown;
            if (signal !== undefined) {
                onAbort(signal, () => this.#remove(name, callback, capture));
            }
        }

        removeEventListener(type, callback, options = undefined) {
            this.#remove(String(type), callback, flatten(options));
        }

        #remove(name, callback, capture) {
            const list = this.#lists[name];
            if (list === undefined) {
                return;
            }
            for (let i = 0; i < list.length; i++) {
                if (list[i].callback === callback && list[i].capture === capture) {
                    list[i].removed = true;
                    const shrunk = call(ArraySlice, list);
                    call(ArraySplice, shrunk, i, 1);
                    this.#lists[name] = shrunk;
                    return;
                }
            }
        }

        dispatchEvent(event) {
            const lists = this.#lists;
            if (!isEvent(event)) {
                throw new TypeError('dispatchEvent: the argument must be an Event');
            }
            const type = dispatching(event, this);
            const list = lists[type];
            for (let i = 0; list !== undefined && i < list.length; i++) {
                const listener = list[i];
                if (listener.removed) {
                    continue;
                }
                if (listener.once) {
                    this.#remove(type, listener.callback, listener.capture);
                }
                if (stopped(event, listener.passive)) {
                    break;
                }
                try {
                    const callback = listener.callback;
                    if (typeof callback === 'function') {
                        call(callback, this, event);
                    } else {
                        callback.handleEvent(event);
                    }
                } catch (error) {
                    uncaught(error);
                }
                if (stopped(event, false)) {
                    break;
                }
            }
            dispatching(event, null);
            return !event.defaultPrevented;
        }
    }

    let isSignal;
    let onAbort;
    let offAbort;
    let signalAbort;
    let dependsOn;
    let isAborted;
    let reasonOf;

    class AbortSignal extends EventTarget {
        #aborted = false;
        #reason = undefined;
        #algorithms = [];
        #handler = null;
        #calling = null;

        static {
            isAborted = (signal) => signal.#aborted;
            reasonOf = (signal) => signal.#reason;
            isSignal = (value) => typeof value === 'object' && value !== null && #aborted in value;
            // Runs a step of the prelude when the signal fires, before the listeners of the task.
            onAbort = (signal, step) => {
                const steps = signal.#algorithms;
                defineProperty(steps, steps.length, {
                    __proto__: null,
                    configurable: true,
                    enumerable: true,
                    writable: true,
                    value: step,
                });
                return step;
            };
            offAbort = (signal, step) => {
                const steps = signal.#algorithms;
                for (let i = 0; i < steps.length; i++) {
                    if (steps[i] === step) {
                        call(ArraySplice, steps, i, 1);
                        return;
                    }
                }
            };
            signalAbort = (signal, reason) => {
                if (signal.#aborted) {
                    return;
                }
                signal.#aborted = true;
                signal.#reason =
                    reason === undefined
                        ? new (group('exception').DOMException)('This operation was aborted', 'AbortError')
                        : reason;
                const steps = signal.#algorithms;
                signal.#algorithms = [];
                for (let i = 0; i < steps.length; i++) {
                    const step = steps[i];
                    step();
                }
                call(dispatchEvent, signal, trusted(new Event('abort')));
            };
            dependsOn = (signal, source) => {
                onAbort(source, () => signalAbort(signal, source.#reason));
            };
        }

        constructor(key) {
            if (key !== secret) {
                throw new TypeError('AbortSignal: use new AbortController().signal, AbortSignal.timeout or AbortSignal.any');
            }
            super();
        }

        static abort(reason = undefined) {
            const signal = new AbortSignal(secret);
            signalAbort(signal, reason);
            return signal;
        }

        static timeout(milliseconds) {
            const delay = +milliseconds;
            if (!(delay >= 0 && delay <= 0x1fffffffffffff)) {
                throw new TypeError('AbortSignal.timeout: the argument must be a number of milliseconds from 0 on');
            }
            const signal = new AbortSignal(secret);
            group('timers').after(delay > 0x7fffffff ? 0x7fffffff : delay, () => {
                signalAbort(
                    signal,
                    new (group('exception').DOMException)('The operation timed out after ' + delay + ' ms', 'TimeoutError'),
                );
            });
            return signal;
        }

        static any(signals) {
            const result = new AbortSignal(secret);
            const sources = [];
            for (const source of signals) {
                if (!isSignal(source)) {
                    throw new TypeError('AbortSignal.any: every element must be an AbortSignal');
                }
                defineProperty(sources, sources.length, { __proto__: null, value: source });
            }
            for (let i = 0; i < sources.length; i++) {
                if (sources[i].#aborted) {
                    result.#aborted = true;
                    result.#reason = sources[i].#reason;
                    return result;
                }
            }
            for (let i = 0; i < sources.length; i++) {
                dependsOn(result, sources[i]);
            }
            return result;
        }

        get aborted() {
            return this.#aborted;
        }

        get reason() {
            return this.#reason;
        }

        throwIfAborted() {
            if (this.#aborted) {
                throw this.#reason;
            }
        }

        get onabort() {
            return this.#handler;
        }

        set onabort(handler) {
            this.#handler = typeof handler === 'function' || (typeof handler === 'object' && handler) ? handler : null;
            if (this.#calling === null && this.#handler !== null) {
                this.#calling = (event) => {
                    const current = this.#handler;
                    return typeof current === 'function' ? call(current, this, event) : undefined;
                };
                call(addEventListener, this, 'abort', this.#calling);
            }
        }
    }

    const { addEventListener, dispatchEvent } = EventTarget.prototype;

    class AbortController {
        #signal = new AbortSignal(secret);

        get signal() {
            return this.#signal;
        }

        abort(reason = undefined) {
            signalAbort(this.#signal, reason);
        }
    }

    function tag(type, name) {
        defineProperty(type.prototype, toStringTag, { __proto__: null, configurable: true, value: name });
    }
    tag(Event, 'Event');
    tag(CustomEvent, 'CustomEvent');
    tag(EventTarget, 'EventTarget');
    tag(AbortSignal, 'AbortSignal');
    tag(AbortController, 'AbortController');

    return {
        __proto__: null,
        Event,
        CustomEvent,
        EventTarget,
        AbortSignal,
        AbortController,
        isSignal,
        isAborted,
        reasonOf,
        onAbort,
        offAbort,
        signalAbort,
        newSignal() {
            return new AbortSignal(secret);
        },
        // A signal that fires with another; what Request.signal is.
        follow(source) {
            const signal = new AbortSignal(secret);
            if (isAborted(source)) {
                signalAbort(signal, reasonOf(source));
            } else {
                dependsOn(signal, source);
            }
            return signal;
        },
    };
});
