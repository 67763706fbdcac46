const WEBHOOK_TYPE = "{{webhook_type}}";
const CONFIRMATION_ENDPOINT = "{{confirmation_endpoint}}";

export default async function main(input, context) {
  const event = parsed(input.body);
  context.log(`event ${event.id} of type ${event.type}`);
  if (input.confirm) {
    await confirm(event, context.signal);
  }
  return {
    source: WEBHOOK_TYPE,
    id: event.id,
    type: event.type,
    data: event.data ?? null,
    confirmed: input.confirm === true,
  };
}

function parsed(body) {
  let event;
  try {
    event = JSON.parse(body);
  } catch (error) {
    throw new ValidationError(`webhook body is not JSON: ${error.message}`);
  }
  if (typeof event?.id !== 'string' || typeof event.type !== 'string') {
    throw new ValidationError('webhook body has no "id" and "type"');
  }
  return event;
}

async function confirm(event, signal) {
  const response = await fetch(CONFIRMATION_ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: event.id, status: 'processed' }),
    signal,
  });
  if (!response.ok) {
    throw new HttpError(response.status, `event ${event.id} could not be confirmed: HTTP ${response.status}`);
  }
}
