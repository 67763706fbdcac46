// Touches what tasks touch most, without a network.
async function main(input) {
  const url = new URL('/items?page=1', 'https://api.example.com/v1/');
  url.searchParams.set('limit', '20');
  const headers = new Headers({ accept: 'application/json' });
  headers.append('x-request-id', crypto.randomUUID());
  const request = new Request(url, { method: 'POST', headers, body: JSON.stringify(input) });
  const response = new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } });
  const { ok } = await response.json();
  return { ok, method: request.method, href: url.href, canFetch: typeof fetch === 'function' };
}
