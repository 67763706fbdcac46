const DEFAULT_OPERATION = "{{default_operation}}";

// A task has no file system: the content of the file is part of its input.
export default function main(input) {
  const text = input.encoding === 'base64' ? decoded(input.content) : input.content;
  const operation = input.operation ?? DEFAULT_OPERATION;
  return { filename: input.filename, operation, result: OPERATIONS[operation](text) };
}

const OPERATIONS = {
  stats(text) {
    return {
      bytes: new TextEncoder().encode(text).length,
      lines: lines(text).length,
      words: text.split(/\s+/u).filter(Boolean).length,
    };
  },
  lines,
  csv(text) {
    const [header, ...rows] = rowsOf(text);
    if (header === undefined) {
      return [];
    }
    return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
  },
  json(text) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new DataError(`content is not JSON: ${error.message}`);
    }
  },
};

function decoded(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function lines(text) {
  return text === '' ? [] : text.replace(/\r?\n$/u, '').split(/\r?\n/u);
}

// RFC 4180: fields may be in quotes, a quote within them is doubled.
function rowsOf(text) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted && character === '"' && text[i + 1] === '"') {
      field += '"';
      i++;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && character === ',') {
      row.push(field);
      field = '';
    } else if (!quoted && character === '\n') {
      row.push(field.replace(/\r$/u, ''));
      rows.push(row);
      row = [];
      field = '';
    } else {
      field += character;
    }
  }
  if (quoted) {
    throw new DataError('content is not CSV: a quoted field does not end');
  }
  if (field !== '' || row.length > 0) {
    rows.push([...row, field]);
  }
  return rows;
}
