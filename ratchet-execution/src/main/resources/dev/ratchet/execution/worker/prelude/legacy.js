// fetch(url, options?, body?) of Ratchet 0.4: blocks, returns { ok, status, statusText, headers, body } and throws a
// typed error for every status that is not 2xx.
(function (P, group, fetchBlocking) {
    'use strict';

    const { String, StringIndexOf, StringToUpperCase, call, defineProperty, hasOwn, keys } = P;
    const { Headers, flatHeaders, send, targetOf, withoutFragment } = group('fetch');
    const { appendHeader: append, hasHeader: has, getHeader: get } = group('fetch');

    const methods = {
        __proto__: null,
        GET: true,
        POST: true,
        PUT: true,
        DELETE: true,
        PATCH: true,
        HEAD: true,
        OPTIONS: true,
    };

    function errorFor(status, text) {
        const errors = group('errors');
        const message = 'HTTP ' + status + ': ' + text;
        if (status === 401) {
            return new errors.AuthenticationError(message);
        }
        if (status === 403) {
            return new errors.AuthorizationError(message);
        }
        if (status === 429) {
            return new errors.RateLimitError(message);
        }
        if (status >= 500) {
            return new errors.ServiceUnavailableError(message);
        }
        if (status >= 400) {
            return new errors.HttpError(status, message);
        }
        return new errors.NetworkError(message);
    }

    function fetch(url, options = undefined, body = undefined) {
        if (typeof url !== 'string') {
            throw new P.Error('URL must be a string');
        }
        const target = targetOf(url);
        const wanted = options?.method === undefined ? 'GET' : call(StringToUpperCase, String(options.method));
        const method = methods[wanted] ? wanted : 'GET';
        const headers = new Headers();
        const given = options?.headers;
        let form = false;
        if (given !== undefined && given !== null) {
            const names = keys(given);
            for (let i = 0; i < names.length; i++) {
                const value = String(given[names[i]]);
                call(append, headers, names[i], value);
                if (names[i] === 'Content-Type') {
                    form = call(StringIndexOf, value, 'application/x-www-form-urlencoded') >= 0;
                }
            }
        }
        let source = null;
        if (body !== undefined && body !== null) {
            const text = form && typeof body === 'string' ? body : P.jsonStringify(body);
            if (text !== undefined) {
                source = { __proto__: null, text: call(P.StringToWellFormed, text) };
                if (!call(has, headers, 'content-type')) {
                    call(append, headers, 'content-type', 'application/json');
                }
            }
        }
        const answer = send(fetchBlocking, method, withoutFragment(target), flatHeaders(headers), 'follow', source);
        if (answer.length === 2) {
            const error = new (group('errors').NetworkError)('fetch failed: ' + answer[1]);
            defineProperty(error, 'code', { __proto__: null, configurable: true, writable: true, value: answer[0] });
            throw error;
        }
        const status = answer[0];
        const statusText = answer[1];
        const text = answer[3];
        if (status < 200 || status > 299) {
            throw errorFor(status, statusText === '' ? text : statusText);
        }
        return { ok: true, status, statusText, headers: plain(answer[2]), body: parsed(text) };
    }

    function plain(flat) {
        const headers = new Headers();
        for (let i = 0; i < flat.length; i += 2) {
            call(append, headers, flat[i], flat[i + 1]);
        }
        const result = {};
        for (let i = 0; i < flat.length; i += 2) {
            const name = call(P.StringToLowerCase, flat[i]);
            if (!hasOwn(result, name)) {
                defineProperty(result, name, {
                    __proto__: null,
                    configurable: true,
                    enumerable: true,
                    writable: true,
                    value: call(get, headers, name),
                });
            }
        }
        return result;
    }

    function parsed(text) {
        try {
            return P.jsonParse(text);
        } catch {
            return text;
        }
    }

    return { __proto__: null, fetch };
});
