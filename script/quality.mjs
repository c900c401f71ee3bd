// SPDX-License-Identifier: EUPL-1.2
// The quality of every kind and state of page of a running portal: node script/quality.mjs [quick|lighthouse] [K/N] ADDRESS
// - The Nu checker (vnu-jar, Java) and html-validate over each page of web/check/pages.txt: 0 findings.
// - axe-core (WCAG 2.2 AA and best practice) at 320, 390 and 1280 pixels, light and dark; and without our scripts.
// - Nothing scrolls sideways at those widths, at 200 % zoom (640 pixels at twice the size) or with text of twice the size.
// - What stands on a page without JavaScript stands there with it.
// - Weight on the wire of a first visit (60 KiB) and of the next page (15 KiB).
// - Lighthouse for phones over six kinds of page: 99/100/100/100 and LCP within 1.2 s.
// All rules of axe see a page at the smallest and the largest width; in the other views those that depend on how it looks.
// "quick" is what script/test runs: no Lighthouse, and of axe only what script/check-pages.mjs does not look at (320
// pixels, without scripts). "lighthouse" is Lighthouse alone. K/N ("2/4") is the second quarter of the pages, without weights
// and Lighthouse: all quarters one after the other are the whole. Ends with "N passed, N failed".
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { launch } from './chromium.mjs';
import { htmlRules, pagesToCheck, settle, unfold } from './pages.mjs';

const words = process.argv.slice(2);
const base = words.pop();
const [, piece, pieces] = words.find((word) => /^\d+\/\d+$/.test(word))?.match(/(\d+)\/(\d+)/) ?? [];
const part = words.find((word) => !word.includes('/')) ?? 'all';
const require = createRequire(import.meta.url);
const FIRST = 60 * 1024;
const NEXT = 15 * 1024;
const AT_ONCE = 3;
const DESKTOP = 1500;   // BenchmarkIndex
const SIX = ['/', '/suche?q=Perso+verloren&ort=22846', '/norderstedt/personalausweis-beantragen', '/norderstedt',
  '/lebenslagen', '/barrierefreiheit'];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SEEN = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable'];
const NARROW = [[320, 'light', 'all'], [320, 'dark', 'seen']];
const ALL = [...NARROW, [390, 'light', 'seen'], [390, 'dark', 'seen'], [1280, 'light', 'all'], [1280, 'dark', 'seen']];
const started = Date.now();
let passed = 0;
let failed = 0;
function tell(name, problems, note = '') {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}${note}`);
  for (const problem of [...new Set(problems)].slice(0, 8)) console.log(`         ${problem}`);
}
const step = (name) => console.log(`--     ${name} (after ${Math.round((Date.now() - started) / 1000)} s)`);

await settle(base);
const pages = pagesToCheck().filter((_, at) => !pieces || at % Number(pieces) === Number(piece) - 1);
const address = (path) => new URL(path, base).href;
// A few at once, in order of the list as far as that goes.
async function each(list, work) {
  const queue = [...list];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) await work(one);
  }));
}

async function nuChecker(files) {
  const program = spawn('java', ['-Xss8m', '-jar', String(require('vnu-jar')), '--stdout', '--format', 'json', '--also-check-css', ...files.keys()]);
  let said = '';
  program.stdout.on('data', (piece) => { said += piece; });
  const ended = await new Promise((done) => {
    program.on('error', (error) => done(`java is missing (script/bootstrap test): ${error.message}`));
    program.on('close', (code) => done(code !== 0 && !said.startsWith('{') ? `ended with ${code}: ${said}` : ''));
  });
  if (ended) return tell('Nu checker', [ended]);
  const { messages } = JSON.parse(said);
  tell(`Nu checker over ${files.size} pages`, messages.map((message) =>
    `${files.get(message.url.replace('file:', '')) ?? message.url}: ${message.type} ${message.lastLine}: ${message.message}`));
}

async function validate(files) {
  const validator = new HtmlValidate(htmlRules);
  const problems = [];
  for (const [file, path] of files) {
    const report = await validator.validateString(readFileSync(file, 'utf8'), path);
    for (const message of report.results.flatMap((result) => result.messages)) {
      problems.push(`${path}: ${message.line} ${message.ruleId}: ${message.message}`);
    }
  }
  tell(`html-validate over ${files.size} pages`, problems);
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
async function violations(page, rules = 'all', part = ':root') {
  const runOnly = rules === 'all' ? { type: 'tag', values: TAGS } : { type: 'rule', values: SEEN };
  const found = await page.evaluate(([only, within]) => window.axe.run(within, { runOnly: only, resultTypes: ['violations'] }), [runOnly, part]);
  return found.violations.map((violation) => `${violation.id} ${violation.nodes[0].target.join(' ')}`);
}

// Without the time of day, which goes on between two looks.
const linesOf = async (page) => (await page.locator('main').innerText()).replaceAll(/\d\d?:\d\d/g, '00:00')
  .split('\n').map((line) => line.trim()).filter((line) => line !== '');

// One page in all views, loaded once; then as it is where our scripts do not come.
async function look(browser, { path }, views) {
  const problems = [];
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', locale: 'de-DE' });
  try {
    const page = await context.newPage();
    await page.goto(address(path));
    const lines = await linesOf(page);
    await unfold(page);
    await page.evaluate(axe);
    for (const [width, colorScheme, rules] of views) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      for (const violation of await violations(page, rules)) problems.push(`${width} ${colorScheme}: ${violation}`);
      const over = await sideways(page);
      if (over > 0) problems.push(`${width}: scrolls ${over} pixels sideways`);
    }
    if (await page.locator('.vb-languages summary').count() > 0) {
      await page.locator('.vb-languages summary').click();
      for (const violation of await violations(page, 'all', '.vb-header')) problems.push(`list of languages: ${violation}`);
      if (await sideways(page) > 0) problems.push('the list of languages scrolls sideways');
      await page.keyboard.press('Escape');
      if (await page.locator('.vb-languages details[open]').count() > 0) problems.push('Escape does not fold the list of languages');
    }
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setDeviceMetricsOverride', { width: 640, height: 450, deviceScaleFactor: 2, mobile: false });
    if (await sideways(page) > 0) problems.push('scrolls sideways at 200 % zoom');
    await session.send('Emulation.setDeviceMetricsOverride', { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false });
    await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    if (await sideways(page) > 0) problems.push('scrolls sideways with text of twice the size');
    await page.close();

    const plain = await context.newPage();
    await plain.route(/\.js$/, (route) => route.abort());
    await plain.goto(address(path));
    // Scripts add tools; they bring nothing that must be read.
    for (const line of await linesOf(plain)) if (!lines.includes(line)) problems.push(`only without JavaScript: "${line}"`);
    await plain.setViewportSize({ width: 390, height: 800 });
    await unfold(plain);
    await plain.evaluate(axe);
    for (const violation of await violations(plain)) problems.push(`without scripts: ${violation}`);
  } finally {
    await context.close();
  }
  tell(`axe-core ${path}`, problems);
}

async function weights(browser) {
  for (const path of SIX) {
    const context = await browser.newContext({ locale: 'de-DE' });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
    await page.goto(address(path), { waitUntil: 'networkidle' });
    const first = bytes;
    bytes = 0;
    const other = path === '/norderstedt' ? '/norderstedt/personalausweis-beantragen' : '/norderstedt';
    await page.goto(address(other), { waitUntil: 'networkidle' });
    await context.close();
    tell(`weight ${path}`, [...(first > FIRST ? [`first visit ${first} bytes`] : []), ...(bytes > NEXT ? [`next page ${bytes} bytes`] : [])],
      ` (first ${(first / 1024).toFixed(1)} KiB, then ${other} ${(bytes / 1024).toFixed(1)} KiB)`);
  }
}

async function lighthouses() {
  const port = 20000 + (process.pid % 20000);
  const chrome = await launch(`--remote-debugging-port=${port}`);
  const { default: lighthouse } = await import('lighthouse');
  const visit = async (path, slower) => (await lighthouse(address(path), { port, logLevel: 'error', output: 'json',
    throttling: { rttMs: 150, throughputKbps: 1638.4, requestLatencyMs: 562.5, downloadThroughputKbps: 1474.56,
      uploadThroughputKbps: 675, cpuSlowdownMultiplier: slower },
    // The demonstration forbids itself to search engines; that alone is no fault of the page.
    skipAudits: ['is-crawlable'] })).lhr;
  // Network of a slow 4G as Lighthouse has it. Its factor of 4 for the processor makes a phone of the middle class out of a
  // desktop with a BenchmarkIndex of 1500 and more; a slower machine is slowed down in proportion, not four times again.
  // Source: Lighthouse, docs/throttling.md, "CPU throttling".
  const { benchmarkIndex } = (await visit('/', 1)).environment;
  const slower = Math.min(4, Math.max(1, (4 * benchmarkIndex) / DESKTOP));
  console.log(`--     BenchmarkIndex ${Math.round(benchmarkIndex)}: processor slowed down ${slower.toFixed(1)} times`);
  for (const path of SIX) {
    const problems = [];
    // One visit says little on a shared machine: the one in the middle of five. Source: Lighthouse, docs/variability.md.
    const visits = [];
    for (let n = 0; n < 5; ++n) visits.push(await visit(path, slower));
    const lhr = visits.sort((x, y) => x.categories.performance.score - y.categories.performance.score)[2];
    const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
    const lcp = lhr.audits['largest-contentful-paint'].numericValue;
    const bad = (id) => lhr.categories[id].auditRefs.filter((ref) => ref.weight > 0).map((ref) => lhr.audits[ref.id])
      .filter((audit) => audit.score !== null && audit.score < 1).map((audit) => `${audit.id} ${audit.displayValue ?? ''}`).join(', ');
    if (scores.performance < 99) problems.push(`performance ${scores.performance}: ${bad('performance')}`);
    for (const id of ['accessibility', 'best-practices', 'seo']) if (scores[id] < 100) problems.push(`${id} ${scores[id]}: ${bad(id)}`);
    if (lcp > 1200) problems.push(`LCP ${Math.round(lcp)} ms`);
    tell(`Lighthouse ${path}`, problems, ` (${Object.values(scores).join('/')}, LCP ${Math.round(lcp)} ms)`);
  }
  await chrome.close();
}

if (part !== 'lighthouse') {
  const work = mkdtempSync(join(tmpdir(), 'quality-'));
  process.on('exit', () => rmSync(work, { recursive: true, force: true }));
  const files = new Map();
  for (const [at, { path, status }] of pages.entries()) {
    const answer = await fetch(address(path));
    if (answer.status !== status) tell(path, [`status ${answer.status} instead of ${status}`]);
    const file = join(work, `${at}.html`);
    writeFileSync(file, await answer.text());
    files.set(file, path);
  }
  step('Nu checker and html-validate');
  await Promise.all([nuChecker(files), validate(files)]);
  step('axe-core');
  const browser = await launch();
  await each(pages, (page) => look(browser, page, part === 'quick' ? NARROW : ALL));
  if (!pieces) {
    step('weights');
    await weights(browser);
  }
  await browser.close();
}
if (part !== 'quick' && !pieces) {
  step('Lighthouse');
  await lighthouses();
}
step('done');
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
