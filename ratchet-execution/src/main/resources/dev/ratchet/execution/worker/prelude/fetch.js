(function (P, group, fetchStart, fetchAbort) {
    'use strict';

    const { ArraySort, ArraySplice, Promise, PromiseReject, RangeError, String, TypeError } = P;
    const { call, defineProperty, toStringTag } = P;
    const { StringCharCodeAt, StringIndexOf, StringSlice, StringStartsWith, StringToLowerCase, StringToUpperCase } = P;
    const { pairIterable, collect } = group('iterate');

    // ---- Headers

    // The characters of a token (RFC 9110): letters, digits and !#$%&'*+-.^_`|~
    function isTokenChar(c) {
        return (
            (c >= 94 && c <= 122) ||
            (c >= 65 && c <= 90) ||
            (c >= 48 && c <= 57) ||
            c === 45 ||
            c === 33 ||
            (c >= 35 && c <= 39) ||
            c === 42 ||
            c === 43 ||
            c === 46 ||
            c === 124 ||
            c === 126
        );
    }

    function isToken(text) {
        for (let i = 0; i < text.length; i++) {
            if (!isTokenChar(call(StringCharCodeAt, text, i))) {
                return false;
            }
        }
        return text.length > 0;
    }

    function headerName(value) {
        const name = String(value);
        if (!isToken(name)) {
            throw new TypeError("Headers: '" + call(StringSlice, name, 0, 100) + "' is not a header name");
        }
        return call(StringToLowerCase, name);
    }

    function isWhite(c) {
        return c === 9 || c === 10 || c === 13 || c === 32;
    }

    function headerValue(value, name) {
        const text = String(value);
        let start = 0;
        let end = text.length;
        while (start < end && isWhite(call(StringCharCodeAt, text, start))) {
            start++;
        }
        while (end > start && isWhite(call(StringCharCodeAt, text, end - 1))) {
            end--;
        }
        for (let i = start; i < end; i++) {
            const c = call(StringCharCodeAt, text, i);
            if (c === 0 || c === 10 || c === 13) {
                throw new TypeError("Headers: the value of '" + name + "' has a line end or NUL in it");
            }
            if (c > 255) {
                throw new TypeError(
                    "Headers: the value of '" + name + "' has a character above U+00FF; encode it, for example with encodeURIComponent",
                );
            }
        }
        return call(StringSlice, text, start, end);
    }

    let rawHeaders;
    let makeHeaders;
    let sortedHeaders;
    let isHeaders;

    class Headers {
        // Pairs of lower-case name and value, in the order they came.
        #list = [];
        #immutable = false;
        #sorted = null;

        static {
            isHeaders = (value) => typeof value === 'object' && value !== null && #list in value;
            rawHeaders = (headers) => headers.#list;
            makeHeaders = (list, immutable) => {
                const headers = new Headers();
                headers.#list = list;
                headers.#immutable = immutable;
                return headers;
            };
            sortedHeaders = (headers) => {
                if (headers.#sorted !== null) {
                    return headers.#sorted;
                }
                const list = headers.#list;
                const byName = { __proto__: null };
                const result = [];
                for (let i = 0; i < list.length; i++) {
                    const name = list[i][0];
                    const value = list[i][1];
                    if (name === 'set-cookie') {
                        result[result.length] = [name, value];
                    } else if (byName[name] === undefined) {
                        result[result.length] = byName[name] = [name, value];
                    } else {
                        byName[name][1] += ', ' + value;
                    }
                }
                call(ArraySort, result, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
                return (headers.#sorted = result);
            };
        }

        constructor(init = undefined) {
            if (init === undefined) {
                return;
            }
            if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
                throw new TypeError('Headers: the argument must be an object, an array of pairs or Headers');
            }
            if (isHeaders(init) && init[P.iterator] === entries) {
                const from = rawHeaders(init);
                for (let i = 0; i < from.length; i++) {
                    this.#list[i] = [from[i][0], from[i][1]];
                }
                return;
            }
            collect(init, 'Headers', (name, value) => this.#append(name, value));
        }

        #append(name, value) {
            const key = headerName(name);
            const text = headerValue(value, key);
            const list = this.#list;
            list[list.length] = [key, text];
            this.#sorted = null;
        }

        #writable() {
            if (this.#immutable) {
                throw new TypeError('Headers: these headers are those of a received response and cannot be changed; copy them with new Headers(headers)');
            }
        }

        append(name, value) {
            required(arguments.length, 2, 'Headers.append');
            this.#writable();
            this.#append(name, value);
        }

        delete(name) {
            required(arguments.length, 1, 'Headers.delete');
            const key = headerName(name);
            this.#writable();
            const list = this.#list;
            for (let i = list.length - 1; i >= 0; i--) {
                if (list[i][0] === key) {
                    call(ArraySplice, list, i, 1);
                }
            }
            this.#sorted = null;
        }

        get(name) {
            required(arguments.length, 1, 'Headers.get');
            const key = headerName(name);
            const list = this.#list;
            let found = null;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === key) {
                    found = found === null ? list[i][1] : found + ', ' + list[i][1];
                }
            }
            return found;
        }

        getSetCookie() {
            const found = [];
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === 'set-cookie') {
                    found[found.length] = list[i][1];
                }
            }
            return found;
        }

        has(name) {
            required(arguments.length, 1, 'Headers.has');
            const key = headerName(name);
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === key) {
                    return true;
                }
            }
            return false;
        }

        set(name, value) {
            required(arguments.length, 2, 'Headers.set');
            const key = headerName(name);
            const text = headerValue(value, key);
            this.#writable();
            const list = this.#list;
            let done = false;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === key) {
                    if (done) {
                        call(ArraySplice, list, i--, 1);
                    } else {
                        list[i] = [key, text];
                        done = true;
                    }
                }
            }
            if (!done) {
                list[list.length] = [key, text];
            }
            this.#sorted = null;
        }
    }
    pairIterable(Headers, 'Headers', (headers) => sortedHeaders(headers));
    const { get: getHeader, has: hasHeader, append: appendHeader, set: setHeader, entries } = Headers.prototype;

    function required(given, wanted, what) {
        if (given < wanted) {
            throw new TypeError(what + ': ' + wanted + ' argument' + (wanted > 1 ? 's are' : ' is') + ' required');
        }
    }

    // ---- Bodies
    //
    // A source is one of: null; { text }; { bytes } that nobody changes any more; { read }, the host's own copy, which
    // is asked for its text or bytes so that a large answer is never walked in here.

    function extract(body) {
        if (typeof body === 'object' && body !== null) {
            const { isBlob, bytesOf, typeOf } = group('blob');
            if (isBlob(body)) {
                const type = typeOf(body);
                return { __proto__: null, source: { __proto__: null, bytes: bytesOf(body) }, type: type === '' ? null : type };
            }
            const encoding = group('encoding');
            if (P.isView(body) || encoding.isBuffer(body)) {
                const bytes = encoding.copy(encoding.view(body, 'the body'));
                return { __proto__: null, source: { __proto__: null, bytes }, type: null };
            }
            const url = group('url');
            if (url.isParams(body)) {
                return {
                    __proto__: null,
                    source: { __proto__: null, text: url.paramsText(body) },
                    type: 'application/x-www-form-urlencoded;charset=UTF-8',
                };
            }
            const form = group('form');
            if (form.isForm(body)) {
                const { type, bytes } = form.multipart(body);
                return { __proto__: null, source: { __proto__: null, bytes }, type };
            }
            if (isPlain(body)) {
                throw new TypeError(
                    'a plain object cannot be a body; send JSON.stringify(object) with the header content-type: application/json',
                );
            }
        }
        return {
            __proto__: null,
            source: { __proto__: null, text: call(P.StringToWellFormed, String(body)) },
            type: 'text/plain;charset=UTF-8',
        };
    }

    function isPlain(value) {
        const prototype = P.getPrototypeOf(value);
        return prototype === null || prototype === P.ObjectPrototype || P.isArray(value);
    }

    function sourceText(source) {
        if (source === null) {
            return '';
        }
        if (source.text !== undefined) {
            // A leading byte order mark is a mark here too.
            return call(StringCharCodeAt, source.text, 0) === 0xfeff ? call(StringSlice, source.text, 1) : source.text;
        }
        if (source.read !== undefined) {
            const read = source.read;
            return read('text');
        }
        return group('encoding').decode(source.bytes);
    }

    // A Uint8Array the caller may keep.
    function sourceBytes(source) {
        if (source === null) {
            return new P.Uint8Array(0);
        }
        if (source.text !== undefined) {
            return group('encoding').encode(source.text);
        }
        if (source.read !== undefined) {
            const read = source.read;
            const buffer = new P.ArrayBuffer(read('size'));
            read('fill', buffer);
            return new P.Uint8Array(buffer);
        }
        return group('encoding').copy(source.bytes);
    }

    let setBody;
    let bodySource;
    let teeBody;
    let useBody;

    class Body {
        #source = null;
        #used = false;
        #stream = null;

        static {
            setBody = (body, source) => {
                body.#source = source;
            };
            bodySource = (body) => body.#source;
            useBody = (body) => {
                body.#used = true;
            };
            teeBody = (body, what) => {
                if (body.#used || body.#stream?.locked) {
                    throw new TypeError(what + ': the body has been read already');
                }
                return body.#source;
            };
        }

        #take(method) {
            if (this.#source !== null) {
                if (this.#used) {
                    throw new TypeError(method + ': the body has been read already; use clone() before reading it twice');
                }
                if (this.#stream?.locked) {
                    throw new TypeError(method + ': the body is locked to a reader');
                }
                this.#used = true;
            }
            return this.#source;
        }

        get bodyUsed() {
            return this.#used;
        }

        // The whole body as one chunk: enough for `for await` and for getReader().
        get body() {
            if (this.#source === null) {
                return null;
            }
            const body = this;
            return (this.#stream ??= new BodyStream(
                () => sourceBytes(body.#source),
                () => {
                    const before = body.#used;
                    body.#used = true;
                    return before;
                },
            ));
        }

        text() {
            return promised(() => sourceText(this.#take('text')));
        }

        json() {
            return promised(() => P.jsonParse(sourceText(this.#take('json'))));
        }

        arrayBuffer() {
            return promised(() => group('encoding').bufferOf(sourceBytes(this.#take('arrayBuffer'))));
        }

        bytes() {
            return promised(() => sourceBytes(this.#take('bytes')));
        }

        blob() {
            return promised(() => {
                const bytes = sourceBytes(this.#take('blob'));
                return group('blob').fromBytes(bytes, contentType(this) ?? '');
            });
        }

        formData() {
            return promised(() => {
                const source = this.#take('formData');
                const type = contentType(this) ?? '';
                const essence = call(StringToLowerCase, type);
                const form = group('form');
                let parsed = null;
                if (call(StringStartsWith, essence, 'application/x-www-form-urlencoded')) {
                    parsed = form.fromPairs(group('url').formPairs(sourceText(source)));
                } else if (call(StringStartsWith, essence, 'multipart/form-data')) {
                    parsed = form.parse(type, sourceBytes(source));
                }
                if (parsed === null) {
                    throw new TypeError(
                        "formData: the body of type '" + type + "' is neither well-formed multipart/form-data nor application/x-www-form-urlencoded",
                    );
                }
                return parsed;
            });
        }
    }

    class BodyStream {
        #bytes;
        #claim;
        #locked = false;

        constructor(bytes, claim) {
            this.#bytes = bytes;
            this.#claim = claim;
        }

        get locked() {
            return this.#locked;
        }

        getReader() {
            if (this.#locked) {
                throw new TypeError('getReader: the body is locked to a reader already');
            }
            this.#locked = true;
            const stream = this;
            let open = true;
            return {
                read() {
                    return promised(() => {
                        if (!open) {
                            throw new TypeError('read: the reader has been released');
                        }
                        return stream.#claim()
                            ? { value: undefined, done: true }
                            : { value: stream.#bytes(), done: false };
                    });
                },
                releaseLock() {
                    open = false;
                    stream.#locked = false;
                },
                cancel() {
                    return promised(() => void stream.#claim());
                },
            };
        }

        cancel() {
            return promised(() => void this.#claim());
        }

        [P.asyncIterator]() {
            const reader = this.getReader();
            return {
                next: reader.read,
                return(value) {
                    reader.cancel();
                    return P.PromiseResolve({ value, done: true });
                },
                [P.asyncIterator]() {
                    return this;
                },
            };
        }
    }
    defineProperty(BodyStream.prototype, toStringTag, { __proto__: null, configurable: true, value: 'ReadableStream' });

    function promised(compute) {
        try {
            return P.PromiseResolve(compute());
        } catch (error) {
            return PromiseReject(error);
        }
    }

    function contentType(body) {
        return call(getHeader, headersOf(body), 'content-type');
    }

    // ---- Request

    const normalised = {
        __proto__: null,
        DELETE: true,
        GET: true,
        HEAD: true,
        OPTIONS: true,
        POST: true,
        PUT: true,
    };

    function methodOf(value) {
        const method = String(value);
        if (!isToken(method)) {
            throw new TypeError("Request: '" + call(StringSlice, method, 0, 100) + "' is not an HTTP method");
        }
        const upper = call(StringToUpperCase, method);
        if (upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') {
            throw new TypeError('Request: the method ' + upper + ' is not allowed');
        }
        return normalised[upper] ? upper : method;
    }

    function choice(value, name, allowed) {
        const text = String(value);
        for (let i = 0; i < allowed.length; i++) {
            if (allowed[i] === text) {
                return text;
            }
        }
        throw new TypeError(
            'Request: ' + name + " '" + call(StringSlice, text, 0, 100) + "' is not one of " + call(P.ArrayJoin, allowed, ', '),
        );
    }

    function targetOf(input) {
        const text = call(P.StringToWellFormed, String(input));
        const { parse, PROTOCOL, USERNAME, PASSWORD } = group('url');
        const url = parse(text);
        const shown = "'" + call(StringSlice, text, 0, 200) + "'";
        if (url === null) {
            throw new TypeError('fetch: ' + shown + ' is not an absolute URL');
        }
        const protocol = url(PROTOCOL);
        if (protocol !== 'http:' && protocol !== 'https:') {
            throw new TypeError('fetch: ' + shown + ' has the scheme ' + protocol + '; only http: and https: can be fetched');
        }
        if (url(USERNAME) !== '' || url(PASSWORD) !== '') {
            throw new TypeError('fetch: the URL contains credentials; send an Authorization header instead');
        }
        return url;
    }

    let requestState;
    let requestSignal;
    let headersOf;

    class Request extends Body {
        #state;
        #headers;

        static {
            requestState = (request) => request.#state;
            requestSignal = (request) => {
                const state = request.#state;
                if (state.signal === undefined) {
                    const events = group('events');
                    state.signal = state.follows === null ? events.newSignal() : events.follow(state.follows);
                }
                return state.signal;
            };
            headersOf = (body) =>
                typeof body === 'object' && body !== null && #state in body ? body.#headers : responseHeaders(body);
        }

        constructor(input, init = undefined) {
            required(arguments.length, 1, 'Request');
            super();
            const options = init === undefined || init === null ? { __proto__: null } : init;
            if (typeof options !== 'object' && typeof options !== 'function') {
                throw new TypeError('Request: the second argument must be an object');
            }
            const from = typeof input === 'object' && input !== null && #state in input ? input : null;
            const old = from === null ? null : from.#state;
            const url = old === null ? targetOf(input) : old.url;
            const { redirect, method, headers, body, signal } = options;
            this.#state = {
                __proto__: null,
                url,
                method: method === undefined ? (old === null ? 'GET' : old.method) : methodOf(method),
                redirect:
                    redirect === undefined
                        ? old === null
                            ? 'follow'
                            : old.redirect
                        : choice(redirect, 'redirect', ['follow', 'error', 'manual']),
                mode: options.mode === undefined ? (old?.mode ?? 'cors') : String(options.mode),
                credentials: options.credentials === undefined ? (old?.credentials ?? 'same-origin') : String(options.credentials),
                cache: options.cache === undefined ? (old?.cache ?? 'default') : String(options.cache),
                referrer: options.referrer === undefined ? (old?.referrer ?? 'about:client') : String(options.referrer),
                referrerPolicy: options.referrerPolicy === undefined ? (old?.referrerPolicy ?? '') : String(options.referrerPolicy),
                integrity: options.integrity === undefined ? (old?.integrity ?? '') : String(options.integrity),
                keepalive: options.keepalive === undefined ? (old?.keepalive ?? false) : !!options.keepalive,
                signal: undefined,
                follows: undefined,
            };
            if (signal !== undefined && signal !== null && !group('events').isSignal(signal)) {
                throw new TypeError('Request: signal must be an AbortSignal');
            }
            this.#state.follows = signal === undefined ? inheritedSignal(from) : signal;
            this.#headers = new Headers(headers === undefined ? (from === null ? undefined : from.#headers) : headers);

            let source = null;
            if (body !== undefined && body !== null) {
                const name = this.#state.method;
                if (name === 'GET' || name === 'HEAD') {
                    throw new TypeError('Request: a ' + name + ' request cannot have a body');
                }
                const extracted = extract(body);
                source = extracted.source;
                if (extracted.type !== null && !call(hasHeader, this.#headers, 'content-type')) {
                    call(appendHeader, this.#headers, 'content-type', extracted.type);
                }
            } else if (from !== null && body !== null && bodySource(from) !== null) {
                const name = this.#state.method;
                if (name === 'GET' || name === 'HEAD') {
                    throw new TypeError('Request: a ' + name + ' request cannot have a body');
                }
                source = teeBody(from, 'Request');
                useBody(from);
            }
            setBody(this, source);
        }

        get method() {
            return this.#state.method;
        }
        get url() {
            return this.#state.url(group('url').HREF);
        }
        get headers() {
            return this.#headers;
        }
        get signal() {
            return requestSignal(this);
        }
        get redirect() {
            return this.#state.redirect;
        }
        get mode() {
            return this.#state.mode;
        }
        get credentials() {
            return this.#state.credentials;
        }
        get cache() {
            return this.#state.cache;
        }
        get referrer() {
            return this.#state.referrer;
        }
        get referrerPolicy() {
            return this.#state.referrerPolicy;
        }
        get integrity() {
            return this.#state.integrity;
        }
        get keepalive() {
            return this.#state.keepalive;
        }
        get destination() {
            return '';
        }
        get duplex() {
            return 'half';
        }

        clone() {
            const source = teeBody(this, 'Request.clone');
            const copy = new Request(this.#state.url(group('url').HREF), {
                __proto__: null,
                method: this.#state.method,
                headers: this.#headers,
                redirect: this.#state.redirect,
                mode: this.#state.mode,
                credentials: this.#state.credentials,
                cache: this.#state.cache,
                referrer: this.#state.referrer,
                referrerPolicy: this.#state.referrerPolicy,
                integrity: this.#state.integrity,
                keepalive: this.#state.keepalive,
                signal: requestSignal(this),
            });
            setBody(copy, source);
            return copy;
        }
    }
    defineProperty(Request.prototype, toStringTag, { __proto__: null, configurable: true, value: 'Request' });

    // ---- Response

    let makeResponse;
    let responseHeaders;

    function mayHaveBody(status) {
        return status !== 101 && status !== 103 && status !== 204 && status !== 205 && status !== 304;
    }

    class Response extends Body {
        #status = 200;
        #statusText = '';
        #headers;
        #type = 'default';
        #url = '';
        #redirected = false;

        static {
            responseHeaders = (response) => response.#headers;
            makeResponse = (status, statusText, url, redirected, headers, source) => {
                const response = new Response();
                response.#status = status;
                response.#statusText = statusText;
                response.#type = 'basic';
                response.#url = url;
                response.#redirected = redirected;
                response.#headers = makeHeaders(headers, true);
                setBody(response, source);
                return response;
            };
        }

        constructor(body = null, init = undefined) {
            super();
            const options = init === undefined || init === null ? { __proto__: null } : init;
            if (typeof options !== 'object' && typeof options !== 'function') {
                throw new TypeError('Response: the second argument must be an object');
            }
            const { status, statusText, headers } = options;
            if (status !== undefined) {
                this.#status = +status & 0xffff;
                if (this.#status < 200 || this.#status > 599) {
                    throw new RangeError('Response: the status must be from 200 to 599, not ' + String(status));
                }
            }
            if (statusText !== undefined) {
                const text = String(statusText);
                for (let i = 0; i < text.length; i++) {
                    const c = call(StringCharCodeAt, text, i);
                    if (c > 255 || c === 127 || (c < 32 && c !== 9)) {
                        throw new TypeError('Response: the status text has a character that is not allowed in it');
                    }
                }
                this.#statusText = text;
            }
            this.#headers = new Headers(headers);
            if (body !== null && body !== undefined) {
                if (!mayHaveBody(this.#status)) {
                    throw new TypeError('Response: a response of status ' + this.#status + ' cannot have a body');
                }
                const extracted = extract(body);
                if (extracted.type !== null && !call(hasHeader, this.#headers, 'content-type')) {
                    call(appendHeader, this.#headers, 'content-type', extracted.type);
                }
                setBody(this, extracted.source);
            }
        }

        static error() {
            const response = new Response();
            response.#status = 0;
            response.#type = 'error';
            response.#headers = makeHeaders([], true);
            return response;
        }

        static redirect(url, status = 302) {
            required(arguments.length, 1, 'Response.redirect');
            const { parse, HREF } = group('url');
            const text = call(P.StringToWellFormed, String(url));
            const target = parse(text);
            if (target === null) {
                throw new TypeError("Response.redirect: '" + call(StringSlice, text, 0, 200) + "' is not an absolute URL");
            }
            const code = +status;
            if (code !== 301 && code !== 302 && code !== 303 && code !== 307 && code !== 308) {
                throw new RangeError('Response.redirect: the status must be 301, 302, 303, 307 or 308');
            }
            const response = new Response(null, { __proto__: null, status: code });
            response.#headers = makeHeaders([['location', target(HREF)]], true);
            return response;
        }

        static json(data, init = undefined) {
            required(arguments.length, 1, 'Response.json');
            const text = P.jsonStringify(data);
            if (text === undefined) {
                throw new TypeError('Response.json: the value has no JSON form');
            }
            const response = new Response(text, init);
            const given = init?.headers === undefined ? null : call(getHeader, new Headers(init.headers), 'content-type');
            if (given === null) {
                call(setHeader, response.#headers, 'content-type', 'application/json');
            }
            return response;
        }

        get status() {
            return this.#status;
        }
        get ok() {
            return this.#status >= 200 && this.#status <= 299;
        }
        get statusText() {
            return this.#statusText;
        }
        get headers() {
            return this.#headers;
        }
        get type() {
            return this.#type;
        }
        get url() {
            return this.#url;
        }
        get redirected() {
            return this.#redirected;
        }

        clone() {
            const source = teeBody(this, 'Response.clone');
            const copy = new Response();
            copy.#status = this.#status;
            copy.#statusText = this.#statusText;
            copy.#type = this.#type;
            copy.#url = this.#url;
            copy.#redirected = this.#redirected;
            copy.#headers = makeHeaders(copied(rawHeaders(this.#headers)), this.#type === 'basic');
            setBody(copy, source);
            return copy;
        }
    }
    defineProperty(Response.prototype, toStringTag, { __proto__: null, configurable: true, value: 'Response' });

    // A request made of another follows its signal; one that never had a signal cannot fire.
    function inheritedSignal(from) {
        if (from === null) {
            return null;
        }
        const state = requestState(from);
        return state.follows === null && state.signal === undefined ? null : requestSignal(from);
    }

    function copied(list) {
        const copy = [];
        for (let i = 0; i < list.length; i++) {
            copy[i] = [list[i][0], list[i][1]];
        }
        return copy;
    }

    // ---- fetch

    const pending = { __proto__: null };

    function flatHeaders(headers) {
        const list = rawHeaders(headers);
        const flat = [];
        for (let i = 0; i < list.length; i++) {
            flat[2 * i] = list[i][0];
            flat[2 * i + 1] = list[i][1];
        }
        return flat;
    }

    function withoutFragment(url) {
        const { HREF, HASH } = group('url');
        const href = url(HREF);
        const hash = call(StringIndexOf, href, '#');
        return hash < 0 ? href : call(StringSlice, href, 0, hash);
    }

    // Calls a host function that takes a request: method, url, headers, redirect, body text or body bytes.
    function send(host, method, url, headers, redirect, source) {
        if (source === null) {
            return host(method, url, headers, redirect);
        }
        if (source.text !== undefined) {
            return host(method, url, headers, redirect, source.text);
        }
        const { bufferOf, offsetOf, lengthOf } = group('encoding');
        const bytes = source.bytes ?? sourceBytes(source);
        return host(method, url, headers, redirect, bufferOf(bytes), offsetOf(bytes), lengthOf(bytes));
    }

    function start(request) {
        const state = requestState(request);
        const signal = state.follows;
        const events = signal === null ? null : group('events');
        if (signal !== null && events.isAborted(signal)) {
            return PromiseReject(events.reasonOf(signal));
        }
        const source = teeBody(request, 'fetch');
        if (source !== null) {
            useBody(request);
        }
        return new Promise((resolve, reject) => {
            const id = send(
                fetchStart,
                state.method,
                withoutFragment(state.url),
                flatHeaders(headersOf(request)),
                state.redirect,
                source,
            );
            const entry = (pending[id] = { __proto__: null, resolve, reject, signal: null, step: null });
            if (signal !== null) {
                entry.signal = signal;
                entry.step = events.onAbort(signal, () => {
                    if (pending[id] !== undefined) {
                        delete pending[id];
                        fetchAbort(id);
                        reject(events.reasonOf(signal));
                    }
                });
            }
        });
    }

    // The mistake everyone makes who knew the old, blocking form.
    const guards = { __proto__: null };
    const guarded = ['arrayBuffer', 'blob', 'body', 'formData', 'headers', 'json', 'ok', 'status', 'statusText', 'text'];
    for (let i = 0; i < guarded.length; i++) {
        const name = guarded[i];
        guards[name] = {
            __proto__: null,
            configurable: true,
            enumerable: false,
            get() {
                throw new P.Error(
                    "fetch returns a Promise, which has no '" +
                        name +
                        "': write `const response = await fetch(...)` and then `response." +
                        name +
                        '`, or set "compat": "ratchet-0.4" in the task\'s metadata to get the blocking fetch of Ratchet 0.4',
                );
            },
        };
    }

    function fetch(input, init = undefined) {
        let promise;
        try {
            required(arguments.length, 1, 'fetch');
            promise = start(new Request(input, init));
        } catch (error) {
            promise = PromiseReject(error);
        }
        return P.defineProperties(promise, guards);
    }

    function take(id) {
        const entry = pending[id];
        if (entry !== undefined) {
            delete pending[id];
            if (entry.signal !== null) {
                group('events').offAbort(entry.signal, entry.step);
            }
        }
        return entry;
    }

    function received(headers) {
        const list = [];
        for (let i = 0; i < headers.length; i += 2) {
            list[i / 2] = [call(StringToLowerCase, headers[i]), headers[i + 1]];
        }
        return list;
    }

    return {
        __proto__: null,
        Headers,
        Request,
        Response,
        fetch,
        getHeader,
        hasHeader,
        appendHeader,
        sortedHeaders,
        send,
        flatHeaders,
        targetOf,
        withoutFragment,

        // For the event loop.
        settle(id, status, statusText, url, redirected, headers, read) {
            const entry = take(id);
            if (entry !== undefined) {
                const source = mayHaveBody(status) && read !== null ? { __proto__: null, read } : null;
                const resolve = entry.resolve;
                resolve(makeResponse(status, statusText, url, redirected, received(headers), source));
            }
        },

        fail(id, code, message) {
            const entry = take(id);
            if (entry !== undefined) {
                const cause = new P.Error(message);
                defineProperty(cause, 'code', {
                    __proto__: null,
                    configurable: true,
                    enumerable: true,
                    writable: true,
                    value: code,
                });
                const reject = entry.reject;
                reject(new TypeError('fetch failed: ' + message, { __proto__: null, cause }));
            }
        },
    };
});
