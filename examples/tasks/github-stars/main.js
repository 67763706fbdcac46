import { rank } from './lib/rank.js';

export default async function main(input, context) {
  const repositories = [];
  for (const [index, name] of input.repositories.entries()) {
    repositories.push(await read(name, context.signal));
    context.progress((index + 1) / input.repositories.length, name);
  }
  return { repositories: rank(repositories), totalStars: repositories.reduce((sum, { stars }) => sum + stars, 0) };
}

async function read(name, signal) {
  const response = await fetch(`https://api.github.com/repos/${name}`, {
    headers: { accept: 'application/vnd.github+json' },
    signal,
  });
  if (response.status === 404) {
    throw new DataError(`there is no public repository ${name}`);
  }
  if (response.status === 403 || response.status === 429) {
    throw new RateLimitError(`GitHub answers no more until ${resetTime(response)}`);
  }
  if (!response.ok) {
    throw new HttpError(response.status, `HTTP ${response.status} for ${name}`);
  }
  const repository = await response.json();
  return { name, stars: repository.stargazers_count, openIssues: repository.open_issues_count };
}

function resetTime(response) {
  const seconds = Number(response.headers.get('x-ratelimit-reset'));
  return seconds > 0 ? new Date(seconds * 1000).toISOString() : 'later';
}
