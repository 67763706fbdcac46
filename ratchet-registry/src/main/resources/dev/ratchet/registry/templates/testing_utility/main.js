const TARGET_TASK = "{{target_task}}";
const SLOW_MILLIS = "{{test_timeout}}";

export default function main(input) {
  const results = input.cases.map((testCase) => {
    const difference = firstDifference(testCase.expected, testCase.actual, '');
    const slow = (testCase.durationMillis ?? 0) > SLOW_MILLIS;
    return {
      name: testCase.name,
      passed: difference === null && !slow,
      reason: difference ?? (slow ? `took ${testCase.durationMillis} ms, more than ${SLOW_MILLIS} ms` : null),
    };
  });
  const failed = results.filter((result) => !result.passed);
  if (input.throwOnFailure && failed.length > 0) {
    throw new ValidationError(`${TARGET_TASK}: ${failed.length} failed, first ${failed[0].name}: ${failed[0].reason}`);
  }
  return { task: TARGET_TASK, passed: results.length - failed.length, failed: failed.length, results };
}

// Where and how two JSON values differ first; null when they are equal.
function firstDifference(expected, actual, path) {
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const here = `${path}/${key}`;
      if (!Object.hasOwn(actual, key)) {
        return `${here} is missing`;
      }
      if (!Object.hasOwn(expected, key)) {
        return `${here} is not expected`;
      }
      const difference = firstDifference(expected[key], actual[key], here);
      if (difference !== null) {
        return difference;
      }
    }
    return null;
  }
  return expected === actual
    ? null
    : `${path || '/'} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}
