// SPDX-License-Identifier: EUPL-1.2
// What people get when far more ask than can be answered: node script/check-overload.mjs build/verbund
// The demonstration runs with one worker and a queue of four; 120 connections ask without a pause, each for pages nobody
// asked for before, in six languages, and for JSON. Each answer is the one asked for, whole - or 503 with Retry-After and
// a whole page in the language asked for that says when to come back (a problem for programs). Pages from memory and the
// script are served all the time. Prints what was served and how soon; how many a machine can answer is measured by bench/http.
// Ends with "N passed, N failed".
import http from 'node:http';
import { serve } from './program.mjs';

const [program] = process.argv.slice(2);
const CONNECTIONS = 120;
const ROUNDS = 25;
const LANGUAGES = ['de', 'de-simple', 'en', 'tr', 'uk', 'ar'];
let passed = 0;
let failed = 0;
function tell(name, problems) {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems.slice(0, 8)) console.log(`         ${problem}`);
}

const server = await serve(program, ['--demo'], {
  env: { ...process.env, VERBUND_HTTP_WORKERS: '1', VERBUND_HTTP_QUEUE: '4', VERBUND_HTTP_QUEUE_MS: '100', VERBUND_HTTP_CONNECTIONS: '400' },
});
const { hostname, port } = new URL(server.address);

function ask(agent, path) {
  return new Promise((done, fail) => {
    const start = performance.now();
    http.get({ hostname, port, path, agent }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => {
        const body = Buffer.concat(pieces);
        done({ status: answer.statusCode, headers: answer.headers, complete: answer.complete, bytes: body.length, text: body.toString(), took: performance.now() - start });
      });
      answer.on('error', fail);
    }).on('error', fail);
  });
}

const page = '/norderstedt/personalausweis-beantragen';
const first = new http.Agent({ keepAlive: true, maxSockets: 1 });
await ask(first, page);
const kept = (await ask(first, page)).text;   // from memory from now on
const file = kept.match(/\/assets\/[0-9a-f]+\/suggest\.js/)[0];
const script = (await ask(first, file)).text;

const wrong = [];
const refusals = [];
const took = [];
let served = 0;
let refused = 0;
let fromMemory = 0;
const seen = new Set();
async function visitor(number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let round = 0; round < ROUNDS; round += 1) {
    const language = LANGUAGES[(number + round) % LANGUAGES.length];
    const word = `Ausweis ${number}x${round}`;
    const kind = (number * 7 + round) % 5;
    const path = kind === 0 ? (round % 2 === 0 ? page : `${file}?${number}x${round}`)
      : kind === 1 ? `/suchdienst/api/v8beta1/servicedescriptions?q=${encodeURIComponent(word)}&ars=010600063063`
      : `/suche?q=${encodeURIComponent(word)}&ort=22846&lang=${language}`;
    const answer = await ask(agent, path).catch((error) => ({ status: 0, text: error.message, headers: {}, bytes: 0 }));
    const whole = answer.complete && Number(answer.headers['content-length']) === answer.bytes;
    if (answer.status === 200 && whole) {
      const right = kind === 0 ? answer.text === (path === page ? kept : script) : kind === 1 ? JSON.parse(answer.text).serviceDescriptions.content.length > 0
        : answer.text.includes(`<html lang="${language}"`) && answer.text.includes(`value="${word}"`) && answer.text.endsWith('</html>\n');
      if (!right) wrong.push(`${path}: another page: ${answer.text.slice(0, 80)}`);
      served += 1;
      if (kind === 0) fromMemory += 1;
      took.push(answer.took);
    } else if (answer.status === 503 && whole) {
      refused += 1;
      seen.add(kind === 1 ? 'problem' : language);
      const seconds = answer.headers['retry-after'];
      if (!/^[1-9][0-9]*$/.test(seconds ?? '')) refusals.push(`${path}: Retry-After "${seconds}"`);
      if (answer.headers['cache-control'] !== 'no-store') refusals.push(`${path}: may be kept`);
      const says = kind === 1 ? answer.headers['content-type'] === 'application/problem+json' && JSON.parse(answer.text).status === 503
        : answer.text.includes(`<html lang="${language}"`) && answer.text.includes(seconds) && answer.text.endsWith('</html>\n');
      if (!says) refusals.push(`${path}: ${answer.text.slice(0, 80)}`);
    } else {
      wrong.push(`${path}: ${answer.status || answer.text}${whole ? '' : ', not whole'}`);
    }
  }
  agent.destroy();
}
await Promise.all(Array.from({ length: CONNECTIONS }, (_, number) => visitor(number)));

took.sort((a, b) => a - b);
tell(`${served} served, each the page asked for, whole (p50 ${took[Math.floor(took.length / 2)]?.toFixed(0)} ms, p99 ${
  took[Math.floor(took.length * 0.99)]?.toFixed(0)} ms with ${CONNECTIONS} at once)`, wrong.concat(served > 0 ? [] : ['nobody']));
tell(`${refused} told when to come back, on a whole page in their language`, refusals.concat(refused > 0 ? [] : ['nobody']));
tell('in all languages and as a problem', [...LANGUAGES, 'problem'].filter((one) => !seen.has(one)));
tell(`a page in memory and what pages need to be read is never refused (${fromMemory})`, fromMemory === CONNECTIONS * ROUNDS / 5 ? [] : [`${fromMemory}`]);
{
  const metrics = (await ask(first, '/metrics')).text;
  const counted = Number(metrics.match(/^verbund_http_refused_total\{[^}]*"queue"[^}]*\} (\d+)/m)?.[1] ?? 0);
  tell('the operator sees how many', counted === refused ? [] : [`${counted} counted`]);
  const after = await ask(first, '/suche?q=Ausweis+danach&ort=22846');
  tell('afterwards everybody is served again', after.status === 200 ? [] : [`${after.status}`]);
}
first.destroy();
const status = await server.stop();
tell('the server ends well', status === 0 ? [] : [server.log()]);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
