export default async function main(input, context) {
  const body = JSON.stringify(input.payload);
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = await sign(`${timestamp}.${body}`);
  const response = await fetch(input.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-signature': `t=${timestamp},v1=${signature}`,
    },
    body,
    signal: context.signal,
  });
  if (!response.ok) {
    throw new HttpError(response.status, `${input.url} answered HTTP ${response.status}`);
  }
  return { status: response.status, timestamp, signature };
}

async function sign(text) {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    'raw',
    encoder.encode(secrets.SIGNING_KEY),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
