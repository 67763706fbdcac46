// The typed errors of Ratchet 0.4. Functions, not classes: the original's could be called without `new`.
(function (P, group) {
    'use strict';

    const { Error, ErrorPrototype, String, create, defineProperty, setPrototypeOf } = P;
    const { made } = group('exception');

    function hidden(target, name, value) {
        defineProperty(target, name, { __proto__: null, configurable: true, enumerable: false, writable: true, value });
    }

    function typed(type, name) {
        type.prototype = create(ErrorPrototype);
        setPrototypeOf(type, Error);
        hidden(type.prototype, 'constructor', type);
        hidden(type.prototype, 'name', name);
        hidden(type.prototype, 'message', '');
        defineProperty(type, 'name', { __proto__: null, configurable: true, value: name });
        defineProperty(type, 'prototype', { __proto__: null, writable: false });
        return type;
    }

    function simple(name, fallback) {
        const type = function (message, options) {
            const prototype = new.target === undefined ? type.prototype : new.target.prototype;
            return made(prototype, name, message === undefined ? fallback : String(message), options);
        };
        defineProperty(type, 'length', { __proto__: null, configurable: true, value: 1 });
        return typed(type, name);
    }

    function HttpError(status, message, options) {
        const prototype = new.target === undefined ? HttpError.prototype : new.target.prototype;
        const text = message === undefined ? 'HTTP ' + String(status) : String(message);
        const error = made(prototype, 'HttpError', text, options);
        defineProperty(error, 'status', {
            __proto__: null,
            configurable: true,
            enumerable: true,
            writable: true,
            value: status,
        });
        return error;
    }

    return {
        __proto__: null,
        AuthenticationError: simple('AuthenticationError', 'Authentication failed'),
        AuthorizationError: simple('AuthorizationError', 'Not authorized'),
        NetworkError: simple('NetworkError', 'Network error'),
        HttpError: typed(HttpError, 'HttpError'),
        ValidationError: simple('ValidationError', 'Validation failed'),
        ConfigurationError: simple('ConfigurationError', 'Invalid configuration'),
        RateLimitError: simple('RateLimitError', 'Rate limit exceeded'),
        ServiceUnavailableError: simple('ServiceUnavailableError', 'Service unavailable'),
        TimeoutError: simple('TimeoutError', 'Timed out'),
        DataError: simple('DataError', 'Invalid data'),
    };
});
