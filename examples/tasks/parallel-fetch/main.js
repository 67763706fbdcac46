export default async function main(input, context) {
  const results = new Array(input.urls.length);
  const queue = input.urls.entries();
  let done = 0;
  // Each lane takes the next address when it has finished the one before.
  const lane = async () => {
    for (const [index, url] of queue) {
      results[index] = await read(url, input.timeoutMillis ?? 10_000, context.signal);
      context.progress(++done / input.urls.length);
    }
  };
  await Promise.all(Array.from({ length: input.concurrency ?? 5 }, lane));
  return { results, failed: results.filter((result) => result.error !== undefined).length };
}

async function read(url, timeoutMillis, signal) {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMillis)]) });
    return response.ok ? { url, data: await response.json() } : { url, error: `HTTP ${response.status}` };
  } catch (error) {
    signal.throwIfAborted();
    return { url, error: error.name };
  }
}
