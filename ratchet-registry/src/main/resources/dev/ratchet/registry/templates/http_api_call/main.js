const DEFAULT_HEADERS = "{{default_headers}}";

export default async function main(input, context) {
  const url = new URL(input.url);
  for (const [name, value] of Object.entries(input.query ?? {})) {
    url.searchParams.append(name, String(value));
  }
  const headers = new Headers(DEFAULT_HEADERS);
  for (const [name, value] of Object.entries(input.headers ?? {})) {
    headers.set(name, value);
  }
  const hasBody = input.body !== undefined;
  if (hasBody && !headers.has('content-type')) {
    headers.set('content-type', 'application/json');
  }
  let response;
  try {
    response = await fetch(url, {
      method: input.method ?? 'GET',
      headers,
      body: hasBody ? JSON.stringify(input.body) : undefined,
      signal: context.signal,
    });
  } catch (error) {
    throw new NetworkError(`${url.origin} could not be reached: ${error.message}`);
  }
  if (!response.ok) {
    throw failure(response);
  }
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, data: isJson && text !== '' ? JSON.parse(text) : text };
}

function failure(response) {
  const message = `HTTP ${response.status} from ${response.url}`;
  switch (response.status) {
    case 401:
      return new AuthenticationError(message);
    case 403:
      return new AuthorizationError(message);
    case 429:
      return new RateLimitError(message);
    default:
      return response.status >= 500
        ? new ServiceUnavailableError(message)
        : new HttpError(response.status, message);
  }
}
