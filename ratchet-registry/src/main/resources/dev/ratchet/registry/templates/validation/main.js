const CHECKS = {
  required: (value, wanted) => !wanted || (value !== undefined && value !== null && value !== ''),
  type: (value, wanted) => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value) === wanted,
  min: (value, wanted) => size(value) >= wanted,
  max: (value, wanted) => size(value) <= wanted,
  pattern: (value, wanted) => typeof value === 'string' && new RegExp(wanted, 'u').test(value),
  oneOf: (value, wanted) => wanted.includes(value),
};

export default function main(input) {
  const violations = [];
  for (const [field, rules] of Object.entries(input.rules)) {
    const value = Object.hasOwn(input.record, field) ? input.record[field] : undefined;
    for (const [rule, wanted] of Object.entries(rules)) {
      // An absent value breaks the rule that it is required, and no other.
      if ((rule === 'required' || value !== undefined) && !CHECKS[rule](value, wanted)) {
        violations.push({ field, rule, accepted: wanted });
      }
    }
  }
  if (input.strict && violations.length > 0) {
    throw new ValidationError(
      `${violations.length} violation(s): ${violations.map(({ field, rule }) => `${field} (${rule})`).join(', ')}`,
    );
  }
  return { valid: violations.length === 0, violations };
}

// Numbers by value, texts and lists by length.
function size(value) {
  return typeof value === 'number' ? value : (value?.length ?? Number.NaN);
}
