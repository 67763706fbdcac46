const OPERATORS = {
  equals: (value, wanted) => value === wanted,
  not_equals: (value, wanted) => value !== wanted,
  greater_than: (value, wanted) => value > wanted,
  less_than: (value, wanted) => value < wanted,
  contains: (value, wanted) => (typeof value === 'string' || Array.isArray(value)) && value.includes(wanted),
};

export default function main(input) {
  const kept = input.items.filter((item) => (input.filters ?? []).every((filter) => matches(item, filter)));
  const items = kept.map((item) => mapped(item, input.mapping));
  if (input.sortBy !== undefined) {
    const sign = input.order === 'desc' ? -1 : 1;
    items.sort((a, b) => sign * compared(a[input.sortBy], b[input.sortBy]));
  }
  return { items, count: items.length, dropped: input.items.length - kept.length };
}

function matches(item, filter) {
  const operator = Object.hasOwn(OPERATORS, filter.operator) ? OPERATORS[filter.operator] : undefined;
  if (operator === undefined) {
    throw new ConfigurationError(
      `unknown operator '${filter.operator}'; accepted: ${Object.keys(OPERATORS).join(', ')}`,
    );
  }
  return operator(read(item, filter.field), filter.value);
}

function mapped(item, mapping) {
  if (mapping === undefined) {
    return item;
  }
  return Object.fromEntries(
    Object.entries(mapping).map(([target, source]) => [target, read(item, source) ?? null]),
  );
}

// 'address.city' reads item.address.city.
function read(item, path) {
  let value = item;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = value[name];
  }
  return value;
}

function compared(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
