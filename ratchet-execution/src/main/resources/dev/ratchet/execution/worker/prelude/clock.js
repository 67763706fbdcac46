// The host's clock in place of the engine's, wherever a program can read the time.
(function (P, group, now, performanceNow, timeOrigin) {
    'use strict';

    const { Date: NativeDate, DatePrototype, DateTimeFormatPrototype, call, construct, defineProperty, floor } = P;

    function hidden(target, name, value) {
        defineProperty(target, name, { __proto__: null, configurable: true, enumerable: false, writable: true, value });
    }

    function Date(year, month, date, hours, minutes, seconds, ms) {
        if (new.target === undefined) {
            return call(P.DateToString, new NativeDate(floor(now())));
        }
        return construct(NativeDate, arguments.length === 0 ? [floor(now())] : arguments, new.target);
    }
    defineProperty(Date, 'prototype', { __proto__: null, writable: false, value: DatePrototype });
    hidden(DatePrototype, 'constructor', Date);
    hidden(Date, 'parse', P.DateParse);
    hidden(Date, 'UTC', P.DateUTC);
    hidden(Date, 'now', { now: () => floor(now()) }.now);

    // Without an argument both mean "now".
    const formatGetter = P.getOwnPropertyDescriptor(DateTimeFormatPrototype, 'format').get;
    const formatToParts = DateTimeFormatPrototype.formatToParts;
    const bound = new P.WeakMap();
    defineProperty(DateTimeFormatPrototype, 'format', {
        __proto__: null,
        configurable: true,
        enumerable: false,
        get: P.getOwnPropertyDescriptor(
            {
                get format() {
                    const native = call(formatGetter, this);
                    let format = call(P.WeakMapGet, bound, this);
                    if (format === undefined) {
                        format = (date) => native(date === undefined ? floor(now()) : date);
                        call(P.WeakMapSet, bound, this, format);
                    }
                    return format;
                },
            },
            'format',
        ).get,
    });
    hidden(
        DateTimeFormatPrototype,
        'formatToParts',
        {
            formatToParts(date) {
                return call(formatToParts, this, date === undefined ? floor(now()) : date);
            },
        }.formatToParts,
    );

    const secret = {};

    class Performance {
        constructor(key) {
            if (key !== secret) {
                throw new P.TypeError('Performance: there is one, globalThis.performance');
            }
        }

        now() {
            return performanceNow();
        }

        get timeOrigin() {
            return timeOrigin();
        }

        toJSON() {
            return { timeOrigin: timeOrigin() };
        }
    }
    defineProperty(Performance.prototype, P.toStringTag, { __proto__: null, configurable: true, value: 'Performance' });

    const navigator = P.create(P.create(P.ObjectPrototype, { [P.toStringTag]: { value: 'Navigator' } }), {
        userAgent: { __proto__: null, enumerable: true, value: 'Ratchet' },
    });

    return { __proto__: null, Date, Intl: P.Intl, Performance, performance: new Performance(secret), navigator };
});
