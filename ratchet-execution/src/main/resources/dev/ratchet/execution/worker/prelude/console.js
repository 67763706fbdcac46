// console, and the text form of values. Bounded in every direction: depth, elements, string length and total size, so
// that printing costs the task what it prints and no more.
(function (P, group, log, performanceNow, MESSAGE_CHARS) {
    'use strict';

    const { Map, Set, String, isError, call, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, isArray, ownKeys } = P;
    const { ArrayJoin, NumberToString, StringCharCodeAt, StringIndexOf, StringPadEnd, StringRepeat, StringSlice } = P;

    const DEPTH = 4;
    const ELEMENTS = 100;
    const STRING_CHARS = 10_000;
    const LINE_CHARS = 76;
    const CUT = '... [cut after ' + MESSAGE_CHARS + ' characters]';

    // What may still be written of one message; when it is used up, walks end early.
    class Budget {
        left = MESSAGE_CHARS;
        seen = new Set();

        take(text) {
            const room = this.left;
            if (room <= 0) {
                return '';
            }
            if (text.length > room) {
                this.left = 0;
                return call(StringSlice, text, 0, room) + '...';
            }
            this.left = room - text.length;
            return text;
        }
    }

    function attempt(method, value) {
        try {
            return call(method, value);
        } catch {
            return undefined;
        }
    }

    function quoted(text) {
        const long = text.length > STRING_CHARS;
        const shown = long ? call(StringSlice, text, 0, STRING_CHARS) : text;
        const quote = call(StringIndexOf, shown, "'") < 0 ? "'" : call(StringIndexOf, shown, '"') < 0 ? '"' : "'";
        let result = quote;
        let from = 0;
        for (let i = 0; i < shown.length; i++) {
            const c = call(StringCharCodeAt, shown, i);
            if (c >= 32 && c !== 92 && c !== 127 && shown[i] !== quote) {
                continue;
            }
            result += call(StringSlice, shown, from, i);
            from = i + 1;
            if (c === 10) {
                result += '\\n';
            } else if (c === 9) {
                result += '\\t';
            } else if (c === 13) {
                result += '\\r';
            } else if (c === 92 || shown[i] === quote) {
                result += '\\' + shown[i];
            } else {
                result += '\\x' + (c < 16 ? '0' : '') + call(NumberToString, c, 16);
            }
        }
        result += call(StringSlice, shown, from) + quote;
        return long ? result + '... ' + (text.length - STRING_CHARS) + ' more characters' : result;
    }

    function isIdentifier(name) {
        for (let i = 0; i < name.length; i++) {
            const c = call(StringCharCodeAt, name, i);
            const letter = (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 36;
            if (!letter && !(i > 0 && c >= 48 && c <= 57)) {
                return false;
            }
        }
        return name.length > 0;
    }

    function dataValue(object, name) {
        const descriptor = getOwnPropertyDescriptor(object, name);
        return descriptor !== undefined && hasOwn(descriptor, 'value') ? descriptor.value : undefined;
    }

    // The name of the nearest constructor, found without running code of the task; null for no prototype at all.
    function constructorName(value) {
        for (let o = value; o !== null; o = getPrototypeOf(o)) {
            const type = dataValue(o, 'constructor');
            if (typeof type === 'function') {
                const name = dataValue(type, 'name');
                if (typeof name === 'string' && name !== '') {
                    return name;
                }
            }
        }
        return null;
    }

    function tagOf(value) {
        for (let o = value; o !== null; o = getPrototypeOf(o)) {
            const tag = dataValue(o, P.toStringTag);
            if (tag !== undefined) {
                return typeof tag === 'string' ? tag : '';
            }
        }
        return '';
    }

    function primitive(value, budget) {
        switch (typeof value) {
            case 'string':
                return budget.take(quoted(value));
            case 'bigint':
                return budget.take(String(value) + 'n');
            case 'symbol':
                return budget.take(call(P.SymbolToString, value));
            case 'number':
                return budget.take(value === 0 && 1 / value < 0 ? '-0' : String(value));
            default:
                return budget.take(String(value));
        }
    }

    function functionText(value) {
        const name = dataValue(value, 'name');
        const prototype = getOwnPropertyDescriptor(value, 'prototype');
        const kind = prototype !== undefined && prototype.writable === false ? 'class' : 'Function';
        return typeof name === 'string' && name !== ''
            ? kind === 'class'
                ? '[class ' + name + ']'
                : '[Function: ' + name + ']'
            : kind === 'class'
              ? '[class (anonymous)]'
              : '[Function (anonymous)]';
    }

    function errorText(value) {
        const stack = dataValue(value, 'stack') ?? attempt(stackOf, value);
        if (typeof stack === 'string' && stack !== '') {
            return stack;
        }
        const plain = attempt(P.ErrorToString, value);
        return '[' + (plain === undefined ? 'Error' : plain) + ']';
    }

    function stackOf() {
        return this.stack;
    }

    function key(name, symbolic) {
        if (typeof name === 'symbol') {
            return '[' + call(P.SymbolToString, name) + ']';
        }
        return isIdentifier(name) ? name : symbolic ? name : quoted(name);
    }

    function property(object, name, depth, budget) {
        const descriptor = getOwnPropertyDescriptor(object, name);
        if (descriptor === undefined) {
            return budget.take('undefined');
        }
        if (hasOwn(descriptor, 'value')) {
            return text(descriptor.value, depth + 1, budget);
        }
        return budget.take(
            descriptor.get === undefined ? '[Setter]' : descriptor.set === undefined ? '[Getter]' : '[Getter/Setter]',
        );
    }

    function isIndex(name) {
        return typeof name === 'string' && String(+name) === name && P.isInteger(+name) && +name >= 0;
    }

    // Adds the enumerable own properties; those that are elements have been shown already.
    function addProperties(value, parts, depth, budget, skipIndices) {
        const names = ownKeys(value);
        let shown = 0;
        let more = 0;
        for (let i = 0; i < names.length; i++) {
            const name = names[i];
            if (skipIndices && isIndex(name)) {
                continue;
            }
            const descriptor = getOwnPropertyDescriptor(value, name);
            if (descriptor === undefined || !descriptor.enumerable) {
                continue;
            }
            if (shown === ELEMENTS || budget.left <= 0) {
                more++;
                continue;
            }
            shown++;
            parts[parts.length] = budget.take(key(name)) + ': ' + property(value, name, depth, budget);
        }
        if (more > 0) {
            parts[parts.length] = '... ' + more + ' more propert' + (more > 1 ? 'ies' : 'y');
        }
    }

    function assemble(prefix, parts, open, close, depth) {
        const start = prefix === '' ? open : prefix + ' ' + open;
        if (parts.length === 0) {
            return start + close;
        }
        let length = start.length + parts.length;
        let lines = false;
        for (let i = 0; i < parts.length; i++) {
            length += parts[i].length + 1;
            lines ||= call(StringIndexOf, parts[i], '\n') >= 0;
        }
        if (!lines && length <= LINE_CHARS) {
            return start + ' ' + call(ArrayJoin, parts, ', ') + ' ' + close;
        }
        const indent = '\n' + call(StringRepeat, '  ', depth + 1);
        if (open === '[' && !lines && parts.length > 6) {
            parts = packed(parts);
        }
        return start + indent + call(ArrayJoin, parts, ',' + indent) + '\n' + call(StringRepeat, '  ', depth) + close;
    }

    // Short elements share lines.
    function packed(parts) {
        const rows = [];
        let row = '';
        for (let i = 0; i < parts.length; i++) {
            if (row !== '' && row.length + parts[i].length + 2 > LINE_CHARS) {
                rows[rows.length] = row;
                row = '';
            }
            row = row === '' ? parts[i] : row + ', ' + parts[i];
        }
        rows[rows.length] = row;
        return rows;
    }

    function text(value, depth, budget) {
        if (typeof value === 'function') {
            return budget.take(functionText(value));
        }
        if (typeof value !== 'object' || value === null) {
            return primitive(value, budget);
        }
        if (call(P.SetHas, budget.seen, value)) {
            return budget.take('[Circular]');
        }
        call(P.SetAdd, budget.seen, value);
        try {
            return object(value, depth, budget);
        } finally {
            call(P.SetDelete, budget.seen, value);
        }
    }

    function object(value, depth, budget) {
        const name = constructorName(value);
        if (isError(value)) {
            const parts = [];
            const stack = budget.take(errorText(value));
            if (depth <= DEPTH) {
                addProperties(value, parts, depth, budget, false);
                const cause = getOwnPropertyDescriptor(value, 'cause');
                if (cause !== undefined && !cause.enumerable && hasOwn(cause, 'value')) {
                    parts[parts.length] = '[cause]: ' + text(cause.value, depth + 1, budget);
                }
                const errors = getOwnPropertyDescriptor(value, 'errors');
                if (errors !== undefined && !errors.enumerable && hasOwn(errors, 'value')) {
                    parts[parts.length] = '[errors]: ' + text(errors.value, depth + 1, budget);
                }
            }
            return parts.length === 0 ? stack : assemble(stack, parts, '{', '}', depth);
        }
        if (isArray(value)) {
            if (depth > DEPTH) {
                return budget.take('[Array]');
            }
            return list(value, value.length, name === 'Array' ? '' : (name ?? 'Array') + '(' + value.length + ')', depth, budget);
        }
        // The tag only says which slot to look for: every kind is made sure of by its own methods.
        const kind = call(P.objectToString, value);
        if (kind !== '[object Object]') {
            const special = builtIn(value, kind, name, depth, budget);
            if (special !== undefined) {
                return special;
            }
        }
        if (depth > DEPTH) {
            return budget.take('[' + (name ?? 'Object: null prototype') + ']');
        }
        const described = platform(value, name);
        if (described !== undefined) {
            return budget.take(described);
        }

        const parts = [];
        addProperties(value, parts, depth, budget, false);
        const tag = tagOf(value);
        let prefix = name === null ? '[Object: null prototype]' : name === 'Object' ? '' : name;
        if (tag !== '' && tag !== name) {
            prefix = (prefix === '' ? 'Object' : prefix) + ' [' + tag + ']';
        }
        return assemble(budget.take(prefix), parts, '{', '}', depth);
    }

    function builtIn(value, kind, name, depth, budget) {
        switch (kind) {
            case '[object Date]': {
                const time = attempt(P.DateGetTime, value);
                return time === undefined
                    ? undefined
                    : budget.take(P.isNaN(time) ? 'Invalid Date' : call(P.DateToISOString, value));
            }
            case '[object Boolean]':
                return boxed(P.BooleanValueOf, value, name, budget);
            case '[object Number]':
                return boxed(P.NumberValueOf, value, name, budget);
            case '[object String]':
                return boxed(P.StringValueOf, value, name, budget);
            case '[object BigInt]':
                return boxed(P.BigIntValueOf, value, name, budget);
            case '[object Symbol]':
                return boxed(P.SymbolValueOf, value, name, budget);
        }
        if (attempt(P.RegExpUnicode, value) !== undefined) {
            return budget.take('/' + call(P.RegExpSource, value) + '/' + (attempt(P.RegExpFlags, value) ?? ''));
        }
        const typed = P.isView(value) ? call(P.TypedTag, value) : undefined;
        if (typed !== undefined) {
            const length = call(P.TypedLength, value);
            return depth > DEPTH ? budget.take('[' + typed + ']') : list(value, length, typed + '(' + length + ')', depth, budget);
        }
        if (depth > DEPTH) {
            return undefined;
        }
        const mapSize = attempt(P.MapSize, value);
        if (mapSize !== undefined) {
            const parts = [];
            let seen = 0;
            call(P.MapForEach, value, (item, itemKey) => {
                if (seen++ < ELEMENTS && budget.left > 0) {
                    parts[parts.length] = text(itemKey, depth + 1, budget) + ' => ' + text(item, depth + 1, budget);
                }
            });
            remaining(parts, mapSize);
            return assemble(budget.take((name ?? 'Map') + '(' + mapSize + ')'), parts, '{', '}', depth);
        }
        const setSize = attempt(P.SetSize, value);
        if (setSize !== undefined) {
            const parts = [];
            let seen = 0;
            call(P.SetForEach, value, (item) => {
                if (seen++ < ELEMENTS && budget.left > 0) {
                    parts[parts.length] = text(item, depth + 1, budget);
                }
            });
            remaining(parts, setSize);
            return assemble(budget.take((name ?? 'Set') + '(' + setSize + ')'), parts, '{', '}', depth);
        }
        const bufferSize = attempt(P.ArrayBufferByteLength, value);
        if (bufferSize !== undefined) {
            return budget.take('ArrayBuffer { byteLength: ' + bufferSize + ' }');
        }
        return undefined;
    }

    function boxed(valueOf, value, name, budget) {
        const plain = attempt(valueOf, value);
        return plain === undefined ? undefined : budget.take('[' + (name ?? 'Object') + ': ') + primitive(plain, budget) + ']';
    }

    // Objects of the prelude keep their state where properties do not show it.
    function platform(value, name) {
        switch (name) {
            case 'URL':
            case 'URLSearchParams':
                return guardedText(() => name + " '" + call(value.toString, value) + "'", name);
            case 'Headers':
                return guardedText(() => {
                    const parts = [];
                    const pairs = group('fetch').sortedHeaders(value);
                    for (let i = 0; i < pairs.length; i++) {
                        parts[i] = quoted(pairs[i][0]) + ': ' + quoted(pairs[i][1]);
                    }
                    return assemble('Headers', parts, '{', '}', 0);
                }, name);
            case 'Response':
                return guardedText(() => "Response { status: " + value.status + ", ok: " + value.ok + ", url: " + quoted(value.url) + ' }', name);
            case 'Request':
                return guardedText(() => 'Request { method: ' + quoted(value.method) + ', url: ' + quoted(value.url) + ' }', name);
            case 'Blob':
                return guardedText(() => 'Blob { size: ' + value.size + ', type: ' + quoted(value.type) + ' }', name);
            case 'File':
                return guardedText(() => 'File { name: ' + quoted(value.name) + ', size: ' + value.size + ', type: ' + quoted(value.type) + ' }', name);
            case 'AbortSignal':
                return guardedText(() => 'AbortSignal { aborted: ' + value.aborted + ' }', name);
            default:
                return undefined;
        }
    }

    function guardedText(describe, name) {
        try {
            return describe();
        } catch {
            return name + ' {}';
        }
    }

    function remaining(parts, size) {
        if (size > ELEMENTS) {
            parts[parts.length] = '... ' + (size - ELEMENTS) + ' more item' + (size - ELEMENTS > 1 ? 's' : '');
        }
    }

    function list(value, length, prefix, depth, budget) {
        const parts = [];
        const shown = P.min(length, ELEMENTS);
        let holes = 0;
        const flush = () => {
            if (holes > 0) {
                parts[parts.length] = '<' + holes + ' empty item' + (holes > 1 ? 's' : '') + '>';
                holes = 0;
            }
        };
        for (let i = 0; i < shown && budget.left > 0; i++) {
            if (getOwnPropertyDescriptor(value, i) === undefined) {
                holes++;
                continue;
            }
            flush();
            parts[parts.length] = property(value, i, depth, budget);
        }
        flush();
        remaining(parts, length);
        if (length <= ELEMENTS * 100) {
            addProperties(value, parts, depth, budget, true);
        }
        return assemble(budget.take(prefix), parts, '[', ']', depth);
    }

    // The message of console.log(...args): %-directives in the first argument, the rest appended.
    function format(args, from) {
        const budget = new Budget();
        let out = '';
        const add = (more) => {
            // One more than fits, to see later that something was cut.
            out += call(StringSlice, more, 0, MESSAGE_CHARS + 1 - out.length);
        };
        let next = from;
        if (args.length > from + 1 && typeof args[from] === 'string' && call(StringIndexOf, args[from], '%') >= 0) {
            const pattern = args[from];
            next = from + 1;
            let start = 0;
            for (let i = 0; i < pattern.length - 1; i++) {
                if (pattern[i] !== '%') {
                    continue;
                }
                const directive = pattern[i + 1];
                if (directive === '%') {
                    add(call(StringSlice, pattern, start, i + 1));
                } else if (next < args.length && call(StringIndexOf, 'sdifjoOc', directive) >= 0) {
                    add(call(StringSlice, pattern, start, i));
                    add(directed(directive, args[next++], budget));
                } else {
                    continue;
                }
                start = i + 2;
                i++;
            }
            add(call(StringSlice, pattern, start));
            if (next < args.length) {
                add(' ');
            }
        }
        for (let i = next; i < args.length && out.length <= MESSAGE_CHARS; i++) {
            if (i > next) {
                add(' ');
            }
            add(typeof args[i] === 'string' ? args[i] : text(args[i], 0, budget));
        }
        return cut(out);
    }

    function cut(message) {
        return message.length <= MESSAGE_CHARS ? message : call(StringSlice, message, 0, MESSAGE_CHARS - CUT.length) + CUT;
    }

    function directed(directive, value, budget) {
        switch (directive) {
            case 's':
                return typeof value === 'string' ? value : text(value, DEPTH - 1, budget);
            case 'd':
                return typeof value === 'bigint' ? value + 'n' : typeof value === 'object' || typeof value === 'symbol' ? 'NaN' : String(+value);
            case 'i':
                return typeof value === 'object' || typeof value === 'symbol' ? 'NaN' : String(P.parseInt(value));
            case 'f':
                return typeof value === 'symbol' ? 'NaN' : String(P.parseFloat(value));
            case 'j':
                return json(value);
            case 'c':
                return '';
            default:
                return text(value, 0, budget);
        }
    }

    function json(value) {
        try {
            return String(P.jsonStringify(value));
        } catch {
            return '[Circular]';
        }
    }

    // ---- console

    let indent = '';
    const timers = new Map();
    const counters = new Map();

    function write(level, message) {
        if (indent === '') {
            log(level, message);
            return;
        }
        let result = '';
        let from = 0;
        for (let end = call(StringIndexOf, message, '\n'); end >= 0; end = call(StringIndexOf, message, '\n', from)) {
            result += indent + call(StringSlice, message, from, end + 1);
            from = end + 1;
            if (result.length > MESSAGE_CHARS) {
                break;
            }
        }
        log(level, cut(result + indent + call(StringSlice, message, from)));
    }

    function logger(level) {
        return function (...args) {
            write(level, format(args, 0));
        };
    }

    function label(value) {
        return value === undefined ? 'default' : call(StringSlice, String(value), 0, 1000);
    }

    function elapsed(name) {
        const ms = performanceNow() - call(P.MapGet, timers, name);
        return ms >= 1000 ? P.floor(ms) / 1000 + ' s' : P.floor(ms * 1000) / 1000 + ' ms';
    }

    function table(data, columns) {
        if (typeof data !== 'object' || data === null) {
            write('info', format([data], 0));
            return;
        }
        const budget = new Budget();
        const names = [];
        const known = { __proto__: null };
        const rows = [];
        const add = (index, value) => {
            if (rows.length >= ELEMENTS || budget.left <= 0) {
                return;
            }
            const row = { __proto__: null, index: String(index), cells: { __proto__: null }, value: undefined };
            if (typeof value === 'object' && value !== null) {
                const own = P.keys(value);
                for (let i = 0; i < own.length && i < ELEMENTS; i++) {
                    if (!known[own[i]] && names.length < ELEMENTS) {
                        known[own[i]] = true;
                        names[names.length] = own[i];
                    }
                    row.cells[own[i]] = property(value, own[i], DEPTH - 1, budget);
                }
            } else {
                row.value = text(value, 0, budget);
            }
            rows[rows.length] = row;
        };
        if (attempt(P.MapSize, data) !== undefined) {
            let i = 0;
            call(P.MapForEach, data, (item, itemKey) => add(i++, { key: itemKey, value: item }));
        } else {
            const own = P.keys(data);
            for (let i = 0; i < own.length && i < ELEMENTS; i++) {
                add(own[i], data[own[i]]);
            }
        }
        // Padding multiplies what little was written, so a table that is too wide is shown as a value.
        const drawn = drawTable(rows, columns === undefined ? names : columns, MESSAGE_CHARS);
        write('info', drawn === null ? format([data], 0) : drawn);
    }

    function drawTable(rows, columns, room) {
        const heads = ['(index)'];
        for (let i = 0; i < columns.length; i++) {
            heads[i + 1] = String(columns[i]);
        }
        let values = false;
        for (let i = 0; i < rows.length; i++) {
            values ||= rows[i].value !== undefined;
        }
        if (values) {
            heads[heads.length] = 'Values';
        }
        const grid = [heads];
        for (let i = 0; i < rows.length; i++) {
            const line = [rows[i].index];
            for (let j = 0; j < columns.length; j++) {
                line[j + 1] = rows[i].cells[heads[j + 1]] ?? '';
            }
            if (values) {
                line[line.length] = rows[i].value ?? '';
            }
            grid[i + 1] = line;
        }
        const widths = [];
        let total = 2;
        for (let j = 0; j < heads.length; j++) {
            let width = 0;
            for (let i = 0; i < grid.length; i++) {
                width = grid[i][j].length > width ? grid[i][j].length : width;
            }
            widths[j] = width;
            total += width + 3;
        }
        if (total * (grid.length + 3) > room) {
            return null;
        }
        const rule = (left, middle, right) => {
            let line = left;
            for (let j = 0; j < widths.length; j++) {
                line += call(StringRepeat, '─', widths[j] + 2) + (j === widths.length - 1 ? right : middle);
            }
            return line;
        };
        let out = rule('┌', '┬', '┐');
        for (let i = 0; i < grid.length; i++) {
            let line = '\n│';
            for (let j = 0; j < widths.length; j++) {
                line += ' ' + call(StringPadEnd, grid[i][j], widths[j]) + ' │';
            }
            out += line;
            if (i === 0) {
                out += '\n' + rule('├', '┼', '┤');
            }
        }
        return out + '\n' + rule('└', '┴', '┘');
    }

    const console = {
        log: logger('info'),
        info: logger('info'),
        warn: logger('warn'),
        error: logger('error'),
        debug: logger('debug'),

        trace(...args) {
            const message = format(args, 0);
            const stack = new P.Error().stack;
            const frames = typeof stack === 'string' ? call(StringIndexOf, stack, '\n') : -1;
            const head = message === '' ? 'Trace' : 'Trace: ' + message;
            const whole = frames < 0 ? head : head + call(StringSlice, stack, frames);
            write('debug', cut(whole));
        },

        assert(condition, ...args) {
            if (condition) {
                return;
            }
            const message = args.length === 0 ? '' : format(args, 0);
            write('error', cut(message === '' ? 'Assertion failed' : 'Assertion failed: ' + message));
        },

        dir(value) {
            write('info', format([value], 0));
        },

        dirxml: logger('info'),

        table(data, columns = undefined) {
            table(data, columns);
        },

        group(...args) {
            if (args.length > 0) {
                write('info', format(args, 0));
            }
            if (indent.length < 100) {
                indent += '  ';
            }
        },

        groupCollapsed(...args) {
            console_group(args);
        },

        groupEnd() {
            indent = call(StringSlice, indent, 2);
        },

        time(name = undefined) {
            const text = label(name);
            if (call(P.MapHas, timers, text)) {
                write('warn', "Timer '" + text + "' already exists");
            } else if (call(P.MapSize, timers) < 1000) {
                call(P.MapSet, timers, text, performanceNow());
            }
        },

        timeLog(name = undefined, ...args) {
            const text = label(name);
            if (!call(P.MapHas, timers, text)) {
                write('warn', "Timer '" + text + "' does not exist");
                return;
            }
            write('info', cut(text + ': ' + elapsed(text) + (args.length > 0 ? ' ' + format(args, 0) : '')));
        },

        timeEnd(name = undefined) {
            const text = label(name);
            if (!call(P.MapHas, timers, text)) {
                write('warn', "Timer '" + text + "' does not exist");
                return;
            }
            write('info', text + ': ' + elapsed(text));
            call(P.MapDelete, timers, text);
        },

        count(name = undefined) {
            const text = label(name);
            const count = (call(P.MapGet, counters, text) ?? 0) + 1;
            if (count > 1 || call(P.MapSize, counters) < 1000) {
                call(P.MapSet, counters, text, count);
            }
            write('info', text + ': ' + count);
        },

        countReset(name = undefined) {
            call(P.MapDelete, counters, label(name));
        },

        clear() {
            // There is no screen to clear.
        },
    };
    const open = console.group;
    function console_group(args) {
        P.apply(open, console, args);
    }
    defineProperty(console, P.toStringTag, { __proto__: null, configurable: true, value: 'console' });

    return { __proto__: null, console, logger, format, MESSAGE_CHARS };
});
