// Runs the programs of the yardstick for the benchmark; put into their folder.
//   node peer.mjs http      prints "ready" when the server at PORT answers, and ends with its standard input
//   node peer.mjs drain N   prints the jobs a second at which N queued jobs are worked off
import { fork } from 'node:child_process';

const [what, count] = process.argv.slice(2);
const children = new Set();

function start(file, env) {
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

function call(child, op, ...args) {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => (answer.error ? reject(new Error(answer.error)) : resolve(answer.value)));
    child.once('exit', (code) => reject(new Error(`ended with ${code} during ${op}`)));
    child.send({ id: 1, op, args });
  });
}

/** One call in a process of its own. */
async function once(op, ...args) {
  const child = await start('app-graphile.mjs', {});
  try {
    return await call(child, op, ...args);
  } finally {
    await call(child, 'stop');
    child.disconnect();
  }
}

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
await once('prepare');
if (what === 'http') {
  await start('app-http.mjs', { BATCHING: '1', FORK: '1' });
  console.log('ready');
  process.stdin.on('end', () => process.exit(0)).resume();
} else {
  await once('fill', Number(count));
  const child = await start('app-graphile.mjs', { SAVE: '1' });
  await call(child, 'connect');
  const { done, seconds } = await call(child, 'drain', Number(count));
  console.log(done / seconds);
  process.exit(0);
}
