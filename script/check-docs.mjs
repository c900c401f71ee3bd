// SPDX-License-Identifier: EUPL-1.2
// Do the commands in the documents work? node script/check-docs.mjs build/verbund [FILE[#CHAPTER]...]
// Takes every command and every address out of README.md, docs/integration.md and the chapter about keeping of the
// handbook, in their order, and runs them in an empty folder against a demonstration of its own: code blocks and `inline`
// commands that begin with a program, and links
// to http://localhost:8080 to 8082 (the three nodes). A block runs as one script and must end with 0 and say something;
// curl fails on an answer of 400 and more; an address must answer 200. What needs ../shared is skipped where that is not
// there. Not run: script/server and script/test (who runs this came through them), blocks of HTML.
// /var/lib/verbund (a node that has published) and /srv stand for folders of their own. Ends with "N passed, N failed".
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo, temporaryFolder } from './program.mjs';

const [program, ...given] = process.argv.slice(2);
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const files = given.length > 0 ? given : ['README.md', 'docs/integration.md', 'docs/handbuch-betrieb.md#Sichern und wiederherstellen'];
const TIME_MS = 120_000;
const STARTS = /^(build\/verbund|curl|node script\/|mkdir) ?/;
let passed = 0;
let failed = 0;
let skipped = 0;
function tell(name, problem) {
  if (problem === 'skipped') skipped += 1;
  else if (problem === '') passed += 1;
  else failed += 1;
  console.log(`${problem === '' ? 'ok    ' : problem === 'skipped' ? 'skip  ' : 'FAILED'} ${name}`);
  if (problem !== '' && problem !== 'skipped') console.log(problem.split('\n').slice(0, 12).map((line) => `         ${line}`).join('\n'));
}

// [{at, kind: "script"|"address", text}] of a document, in its order.
function findings(text) {
  const out = [];
  const line = (index) => text.slice(0, index).split('\n').length;
  const outside = text.replaceAll(/^( *)```[^\n]*\n([^]*?)^ *```/gm, (whole, indent, block, index) => {
    out.push({ at: line(index), kind: 'script', text: block.split('\n').map((one) => one.slice(indent.length)).join('\n').trim() });
    return whole.replaceAll(/[^\n]/g, ' ');
  });
  for (const found of outside.matchAll(/`([^`]+)`/g)) {
    const command = found[1].replaceAll(/\s+/g, ' ');
    if (STARTS.test(command) && !command.includes('...')) out.push({ at: line(found.index), kind: 'script', text: command });
  }
  for (const found of outside.matchAll(/http:\/\/localhost:808[0-2][^\s)`]*/g)) {
    out.push({ at: line(found.index), kind: 'address', text: found[0].replace(/[.,;:]$/, '') });
  }
  return out.sort((a, b) => a.at - b.at);
}

const top = temporaryFolder();
const here = join(top, 'verbund');
mkdirSync(join(here, 'build'), { recursive: true });
symlinkSync(resolve(program), join(here, 'build/verbund'));
for (const name of ['script', 'docs', 'data', 'src', 'node_modules', 'package.json']) symlinkSync(join(repository, name), join(here, name));
const shared = existsSync(join(repository, '../shared/reference'));
if (shared) symlinkSync(join(repository, '../shared'), join(top, 'shared'));
const server = await demo(resolve(program), ['--data', 'var/demo'], { cwd: here });
const { town, state, federation } = server.addresses;
const placed = (text) => text.replaceAll('http://localhost:8080', town).replaceAll('http://localhost:8081', state).replaceAll('http://localhost:8082', federation).replaceAll('/var/lib/', `${top}/lib/`).replaceAll('/srv/', `${top}/srv/`);

// Each has what all have before anybody looks.
for (let tries = 0; tries < 300; tries += 1) {
  const answers = await Promise.all([town, state, federation].map(async (base) => (await fetch(`${base}/api/v1/services?area=22846&limit=1`)).json()));
  if (answers[0].total > 0 && answers.every(({ total }) => total === answers[0].total)) break;
  await new Promise((done) => setTimeout(done, 200));
}

function execute(text) {
  const script = `set -euo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n${placed(text)}\n`;
  return new Promise((done) => {
    const child = spawn('bash', ['-c', script], { cwd: here, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIME_MS });
    let out = '';
    let err = '';
    child.stdout.on('data', (piece) => { out += piece; });
    child.stderr.on('data', (piece) => { err += piece; });
    child.on('error', (error) => done(error.message));
    child.on('close', (code) => done(code !== 0 ? `ended with ${code}: ${err}${out}` : out + err === '' ? 'said nothing' : ''));
  });
}

// The lines of a chapter, the others left empty, so that lines keep their numbers.
function chapter(text, title) {
  let inside = false;
  return text.split('\n').map((line) => {
    if (line.startsWith('## ')) inside = line === `## ${title}`;
    return inside ? line : '';
  }).join('\n');
}

for (const given of files) {
  const [file, title] = given.split('#');
  const whole = readFileSync(join(repository, file), 'utf8');
  const text = title === undefined ? whole : chapter(whole, title);
  if (title !== undefined && text.trim() === '') tell(given, 'there is no such chapter');
  if (text.includes('/var/lib/verbund')) {
    tell(`${given}: a node that has published`, await execute('build/verbund node init --name stadt.example/network/log --data /var/lib/verbund'));
  }
  for (const { at, kind, text: words } of findings(text)) {
    const name = `${file}:${at} ${words.split('\n')[0].slice(0, 100)}`;
    if (kind === 'address') {
      const answer = await fetch(placed(words));
      tell(name, answer.status === 200 ? '' : `status ${answer.status}`);
    } else if (!words.startsWith('<') && !/^script\/(server|test)/.test(words)) {
      if (words.includes('../shared') && !shared) tell(name, 'skipped');
      else tell(name, await execute(words));
    }
  }
}
const status = await server.stop();
tell('the demonstration ends well', status === 0 ? '' : server.log());
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
