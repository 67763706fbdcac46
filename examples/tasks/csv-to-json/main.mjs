import { parse } from './csv.mjs';

export default function main(input) {
  const [header, ...rows] = parse(input.csv, input.delimiter ?? ',');
  if (header === undefined) {
    return { records: [], columns: [] };
  }
  const repeated = header.find((name, index) => header.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new DataError(`column '${repeated}' is there twice`);
  }
  const records = rows.map((row, index) => {
    if (row.length !== header.length) {
      throw new DataError(`row ${index + 2} has ${row.length} fields, the header has ${header.length}`);
    }
    return Object.fromEntries(header.map((name, i) => [name, input.typed ? typed(row[i]) : row[i]]));
  });
  return { records, columns: header };
}

function typed(text) {
  if (text === '') {
    return null;
  }
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  // Only numbers that come out as they went in: not 007, not 1e400, not 0x10.
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}
