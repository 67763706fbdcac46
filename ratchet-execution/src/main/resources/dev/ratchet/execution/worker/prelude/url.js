(function (P, group, parse, formParse, formSerialize) {
    'use strict';

    const { ArraySort, ArraySplice, String, TypeError, call, defineProperty, toStringTag } = P;

    // What to ask a parsed URL of the host for.
    const HREF = 0;
    const PROTOCOL = 1;
    const USERNAME = 2;
    const PASSWORD = 3;
    const HOST = 4;
    const HOSTNAME = 5;
    const PORT = 6;
    const PATHNAME = 7;
    const SEARCH = 8;
    const HASH = 9;
    const ORIGIN = 10;
    const QUERY = 11;

    const { pairIterable, collect } = group('iterate');

    function wellFormed(value) {
        return call(P.StringToWellFormed, String(value));
    }

    function listOf(query) {
        const flat = formParse(query);
        const list = [];
        for (let i = 0; i < flat.length; i += 2) {
            list[i / 2] = [flat[i], flat[i + 1]];
        }
        return list;
    }

    function textOf(list) {
        const flat = [];
        for (let i = 0; i < list.length; i++) {
            flat[2 * i] = list[i][0];
            flat[2 * i + 1] = list[i][1];
        }
        return formSerialize(flat);
    }

    let pairsOf;
    let bind;
    let refill;
    let isParams;

    class URLSearchParams {
        #list = [];
        #url = null;

        static {
            isParams = (value) => #list in value;
            pairsOf = (params) => params.#list;
            bind = (url, query) => {
                const params = new URLSearchParams();
                params.#list = listOf(query);
                params.#url = url;
                return params;
            };
            refill = (params, query) => {
                params.#list = listOf(query);
            };
        }

        constructor(init = '') {
            if (init !== null && (typeof init === 'object' || typeof init === 'function')) {
                const list = this.#list;
                collect(init, 'URLSearchParams', (name, value) => {
                    list[list.length] = [wellFormed(name), wellFormed(value)];
                });
            } else {
                const text = wellFormed(init);
                this.#list = listOf(text[0] === '?' ? call(P.StringSlice, text, 1) : text);
            }
        }

        #changed() {
            if (this.#url !== null) {
                this.#url(QUERY, textOf(this.#list));
            }
        }

        get size() {
            return this.#list.length;
        }

        append(name, value) {
            required(arguments.length, 2, 'URLSearchParams.append');
            const list = this.#list;
            list[list.length] = [wellFormed(name), wellFormed(value)];
            this.#changed();
        }

        delete(name, value = undefined) {
            required(arguments.length, 1, 'URLSearchParams.delete');
            const wanted = wellFormed(name);
            const only = value === undefined ? undefined : wellFormed(value);
            const kept = [];
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] !== wanted || (only !== undefined && list[i][1] !== only)) {
                    kept[kept.length] = list[i];
                }
            }
            this.#list = kept;
            this.#changed();
        }

        get(name) {
            required(arguments.length, 1, 'URLSearchParams.get');
            const wanted = wellFormed(name);
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === wanted) {
                    return list[i][1];
                }
            }
            return null;
        }

        getAll(name) {
            required(arguments.length, 1, 'URLSearchParams.getAll');
            const wanted = wellFormed(name);
            const found = [];
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === wanted) {
                    found[found.length] = list[i][1];
                }
            }
            return found;
        }

        has(name, value = undefined) {
            required(arguments.length, 1, 'URLSearchParams.has');
            const wanted = wellFormed(name);
            const only = value === undefined ? undefined : wellFormed(value);
            const list = this.#list;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] === wanted && (only === undefined || list[i][1] === only)) {
                    return true;
                }
            }
            return false;
        }

        set(name, value) {
            required(arguments.length, 2, 'URLSearchParams.set');
            const wanted = wellFormed(name);
            const text = wellFormed(value);
            const list = this.#list;
            let first = -1;
            for (let i = 0; i < list.length; i++) {
                if (list[i][0] !== wanted) {
                    continue;
                }
                if (first < 0) {
                    first = i;
                    list[i][1] = text;
                } else {
                    call(ArraySplice, list, i--, 1);
                }
            }
            if (first < 0) {
                list[list.length] = [wanted, text];
            }
            this.#changed();
        }

        sort() {
            call(ArraySort, this.#list, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
            this.#changed();
        }

        toString() {
            return textOf(this.#list);
        }
    }
    pairIterable(URLSearchParams, 'URLSearchParams', pairsOf);

    function required(given, wanted, what) {
        if (given < wanted) {
            throw new TypeError(what + ': ' + wanted + ' argument' + (wanted > 1 ? 's are' : ' is') + ' required');
        }
    }

    function invalid(input, base) {
        const shown = "'" + call(P.StringSlice, input, 0, 200) + "'";
        const error = new TypeError(
            base === undefined
                ? 'Invalid URL: ' + shown
                : 'Invalid URL: ' + shown + " with base '" + call(P.StringSlice, base, 0, 200) + "'",
        );
        defineProperty(error, 'code', { __proto__: null, configurable: true, writable: true, value: 'ERR_INVALID_URL' });
        return error;
    }

    class URL {
        #url;
        #params = null;

        constructor(input, base = undefined) {
            required(arguments.length, 1, 'URL');
            const text = wellFormed(input);
            const baseText = base === undefined ? undefined : wellFormed(base);
            const url = baseText === undefined ? parse(text) : parse(text, baseText);
            if (url === null) {
                throw invalid(text, baseText);
            }
            this.#url = url;
        }

        static canParse(input, base = undefined) {
            required(arguments.length, 1, 'URL.canParse');
            const text = wellFormed(input);
            return (base === undefined ? parse(text) : parse(text, wellFormed(base))) !== null;
        }

        static parse(input, base = undefined) {
            required(arguments.length, 1, 'URL.parse');
            return URL.canParse(input, base) ? new URL(input, base) : null;
        }

        #set(what, value) {
            const done = this.#url(what, wellFormed(value));
            if (this.#params !== null && (what === SEARCH || what === HREF)) {
                refill(this.#params, this.#url(QUERY));
            }
            return done;
        }

        get href() {
            return this.#url(HREF);
        }
        set href(value) {
            if (!this.#set(HREF, value)) {
                throw invalid(wellFormed(value), undefined);
            }
        }
        get origin() {
            return this.#url(ORIGIN);
        }
        get protocol() {
            return this.#url(PROTOCOL);
        }
        set protocol(value) {
            this.#set(PROTOCOL, value);
        }
        get username() {
            return this.#url(USERNAME);
        }
        set username(value) {
            this.#set(USERNAME, value);
        }
        get password() {
            return this.#url(PASSWORD);
        }
        set password(value) {
            this.#set(PASSWORD, value);
        }
        get host() {
            return this.#url(HOST);
        }
        set host(value) {
            this.#set(HOST, value);
        }
        get hostname() {
            return this.#url(HOSTNAME);
        }
        set hostname(value) {
            this.#set(HOSTNAME, value);
        }
        get port() {
            return this.#url(PORT);
        }
        set port(value) {
            this.#set(PORT, value);
        }
        get pathname() {
            return this.#url(PATHNAME);
        }
        set pathname(value) {
            this.#set(PATHNAME, value);
        }
        get search() {
            return this.#url(SEARCH);
        }
        set search(value) {
            this.#set(SEARCH, value);
        }
        get hash() {
            return this.#url(HASH);
        }
        set hash(value) {
            this.#set(HASH, value);
        }

        get searchParams() {
            return (this.#params ??= bind(this.#url, this.#url(QUERY)));
        }

        toString() {
            return this.#url(HREF);
        }

        toJSON() {
            return this.#url(HREF);
        }
    }
    defineProperty(URL.prototype, toStringTag, { __proto__: null, configurable: true, value: 'URL' });

    return {
        __proto__: null,
        URL,
        URLSearchParams,
        isParams: (value) => typeof value === 'object' && value !== null && isParams(value),
        paramsText: (params) => textOf(pairsOf(params)),
        formPairs: listOf,
        // A URL for a request, as the host sees it, or null.
        parse,
        HREF,
        PROTOCOL,
        USERNAME,
        PASSWORD,
        HASH,
    };
});
