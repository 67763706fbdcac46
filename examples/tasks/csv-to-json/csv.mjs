// RFC 4180: fields may be in double quotes, in which a doubled quote stands for one and line ends are text.
export function parse(text, delimiter) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    rows.push(row);
    row = [];
    field = '';
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted) {
      if (character !== '"') {
        field += character;
      } else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else {
        quoted = false;
      }
    } else if (character === '"' && field === '') {
      quoted = true;
    } else if (character === delimiter) {
      row.push(field);
      field = '';
    } else if (character === '\n') {
      endRow();
    } else if (character !== '\r' || text[i + 1] !== '\n') {
      field += character;
    }
  }
  if (quoted) {
    throw new DataError(`the quoted field in row ${rows.length + 1} does not end`);
  }
  if (field !== '' || row.length > 0) {
    endRow();
  }
  return rows;
}
