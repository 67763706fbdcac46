const JOB_NAME = "{{job_name}}";
const SCHEDULE = "{{schedule}}";
const ALERT_WEBHOOK = "{{alert_webhook}}";

export default async function main(input, context) {
  const startedAt = new Date().toISOString();
  let done = 0;
  const results = await Promise.all(
    input.urls.map(async (url) => {
      const result = await check(url, input.timeoutMillis ?? 10_000, context.signal);
      context.progress(++done / input.urls.length, url);
      return result;
    }),
  );
  const failed = results.filter((result) => !result.ok);
  const report = { job: JOB_NAME, schedule: SCHEDULE, startedAt, results, failed: failed.length };
  if (failed.length > 0) {
    console.warn(`${failed.length} of ${results.length} checks failed`);
    if (ALERT_WEBHOOK !== '') {
      await alert(report, context.signal);
    }
  }
  return report;
}

async function check(url, timeoutMillis, signal) {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMillis)]) });
    return { url, ok: response.ok, detail: `HTTP ${response.status}` };
  } catch (error) {
    return { url, ok: false, detail: `${error.name}: ${error.message}` };
  }
}

async function alert(report, signal) {
  const response = await fetch(ALERT_WEBHOOK, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
    signal,
  });
  if (!response.ok) {
    throw new ServiceUnavailableError(`the alert could not be sent: HTTP ${response.status}`);
  }
}
