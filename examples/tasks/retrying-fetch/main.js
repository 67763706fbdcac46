const BUSY = new Set([408, 429, 500, 502, 503, 504]);

export default async function main(input, context) {
  const attempts = input.attempts ?? 4;
  for (let attempt = 1; ; attempt++) {
    const result = await tryOnce(input.url, context.signal);
    if (result.data !== undefined) {
      return { data: result.data, attempts: attempt };
    }
    if (attempt === attempts) {
      throw new ServiceUnavailableError(`gave up after ${attempts} attempts: ${result.reason}`);
    }
    const delay = Math.max(2 ** (attempt - 1) * (input.firstDelayMillis ?? 500), result.retryAfterMillis ?? 0);
    console.warn(`attempt ${attempt}: ${result.reason}; next in ${delay} ms`);
    await sleep(delay, context.signal);
  }
}

async function tryOnce(url, signal) {
  let response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    signal.throwIfAborted();
    return { reason: error.message };
  }
  if (response.ok) {
    return { data: await response.json() };
  }
  if (!BUSY.has(response.status)) {
    throw new HttpError(response.status, `HTTP ${response.status} will not get better by waiting`);
  }
  const seconds = Number(response.headers.get('retry-after'));
  return { reason: `HTTP ${response.status}`, retryAfterMillis: seconds > 0 ? seconds * 1000 : 0 };
}

function sleep(millis, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
