const MAX_REDIRECTS = 10;

export default async function main(input, context) {
  const startedAt = performance.now();
  const hops = [];
  let url = new URL(input.url);
  while (true) {
    const response = await ask(url, context.signal);
    hops.push({ url: url.href, status: response.status });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) {
      return {
        finalUrl: url.href,
        status: response.status,
        ok: response.ok,
        secure: hops.every((hop) => hop.url.startsWith('https:')),
        hops,
        millis: Math.round(performance.now() - startedAt),
      };
    }
    if (hops.length > MAX_REDIRECTS) {
      throw new DataError(`${input.url} redirects more than ${MAX_REDIRECTS} times`);
    }
    url = new URL(location, url);
  }
}

// Some servers know no HEAD.
async function ask(url, signal) {
  const response = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
  return response.status === 405 || response.status === 501
    ? fetch(url, { method: 'GET', redirect: 'manual', signal })
    : response;
}
