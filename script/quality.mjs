// SPDX-License-Identifier: EUPL-1.2
// The quality of every kind and state of page of a running portal: node script/quality.mjs [quick] ADDRESS
// - The Nu checker (vnu-jar, Java) and html-validate over each page of web/check/pages.txt: 0 findings.
// - axe-core (WCAG 2.2 AA and best practice) at 320, 390 and 1280 pixels, light and dark, with and without JavaScript.
// - Nothing scrolls sideways at 320 pixels; nothing is cut at 200 % zoom (a 640 pixel window at twice the size).
// - Weight on the wire of a first visit (60 KiB) and of the next page (15 KiB).
// - Lighthouse for phones over six kinds of page (not with "quick"): 99/100/100/100 and LCP within 1.2 s.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';

const words = process.argv.slice(2);
const quick = words[0] === 'quick';
const base = words.at(-1);
const require = createRequire(import.meta.url);
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FIRST = 60 * 1024;
const NEXT = 15 * 1024;
const SIX = ['/', '/suche?q=Perso+verloren&ort=22846', '/norderstedt/personalausweis-beantragen', '/norderstedt',
  '/lebenslagen', '/barrierefreiheit'];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
let passed = 0;
let failed = 0;
function tell(name, problems, note = '') {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}${note}`);
  for (const problem of [...new Set(problems)].slice(0, 8)) console.log(`         ${problem}`);
}

const pages = readFileSync(new URL('../web/check/pages.txt', import.meta.url), 'utf8').split('\n')
  .map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(/\s+!/)).map(([path, status]) => ({ path, status: Number(status ?? 200) }));
const work = mkdtempSync(join(tmpdir(), 'quality-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

// Nu over all pages at once: Java starts once.
{
  const names = new Map();
  for (const [at, { path, status }] of pages.entries()) {
    const answer = await fetch(new URL(path, base), { headers: { connection: 'close' } });
    if (answer.status !== status) tell(path, [`status ${answer.status} instead of ${status}`]);
    const file = join(work, `${at}.html`);
    writeFileSync(file, await answer.text());
    names.set(file, path);
  }
  const found = spawnSync('java', ['-jar', require('vnu-jar'), '--format', 'json', '--also-check-css', ...names.keys()],
    { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (found.error) tell('Nu checker', [`java is missing (script/bootstrap test): ${found.error.message}`]);
  else {
    const messages = JSON.parse(found.stderr || found.stdout || '{"messages":[]}').messages;
    tell(`Nu checker over ${pages.length} pages`, messages.map((message) =>
      `${names.get(message.url.replace('file:', '')) ?? message.url}: ${message.type} ${message.lastLine}: ${message.message}`));
  }
  const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'tel-non-breaking': 'off' } });
  const problems = [];
  for (const [file, path] of names) {
    const report = await validator.validateString(readFileSync(file, 'utf8'), path);
    for (const message of report.results.flatMap((result) => result.messages)) {
      problems.push(`${path}: ${message.line} ${message.ruleId}: ${message.message}`);
    }
  }
  tell(`html-validate over ${pages.length} pages`, problems);
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
for (const { path } of pages) {
  const problems = [];
  for (const [width, colorScheme] of [[320, 'light'], [320, 'dark'], [390, 'dark'], [1280, 'light'], [1280, 'dark']]) {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width, height: 800 }, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(new URL(path, base).href);
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    await page.evaluate(axe);
    const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values },
      resultTypes: ['violations'] }), TAGS);
    for (const violation of violations) problems.push(`${width} ${colorScheme}: ${violation.id} ${violation.nodes[0].target.join(' ')}`);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (sideways > 0) problems.push(`${width}: scrolls ${sideways} pixels sideways`);
    await context.close();
  }
  tell(`axe-core ${path}`, problems);
}
{
  // Without JavaScript the page is the same page: its main part has the same words.
  const problems = [];
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const full = await browser.newContext();
  for (const { path } of pages) {
    const texts = [];
    for (const context of [plain, full]) {
      const page = await context.newPage();
      await page.goto(new URL(path, base).href);
      texts.push((await page.locator('main').innerText()).replace(/\s+/g, ' '));
      await page.close();
    }
    if (texts[0] !== texts[1]) problems.push(`${path} differs`);
  }
  await plain.close();
  await full.close();
  tell('without JavaScript every page says the same', problems);
}
for (const path of SIX) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  await page.goto(new URL(path, base).href, { waitUntil: 'networkidle' });
  const first = bytes;
  bytes = 0;
  const other = path === '/norderstedt' ? '/norderstedt/personalausweis-beantragen' : '/norderstedt';
  await page.goto(new URL(other, base).href, { waitUntil: 'networkidle' });
  await context.close();
  tell(`weight ${path}`, [...(first > FIRST ? [`first visit ${first} bytes`] : []), ...(bytes > NEXT ? [`next page ${bytes} bytes`] : [])],
    ` (first ${(first / 1024).toFixed(1)} KiB, then ${other} ${(bytes / 1024).toFixed(1)} KiB)`);
}
await browser.close();

if (!quick) {
  const port = 20000 + (process.pid % 20000);
  const chrome = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`] });
  const { default: lighthouse } = await import('lighthouse');
  for (const path of SIX) {
    const problems = [];
    const { lhr } = await lighthouse(new URL(path, base).href, { port, logLevel: 'error', output: 'json',
      // The demonstration forbids itself to search engines; that alone is no fault of the page.
      skipAudits: ['is-crawlable'] });
    const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
    const lcp = lhr.audits['largest-contentful-paint'].numericValue;
    if (scores.performance < 99) problems.push(`performance ${scores.performance}`);
    for (const id of ['accessibility', 'best-practices', 'seo']) {
      if (scores[id] < 100) {
        const bad = lhr.categories[id].auditRefs.map((ref) => lhr.audits[ref.id]).filter((audit) => audit.score !== null && audit.score < 1);
        problems.push(`${id} ${scores[id]}: ${bad.map((audit) => audit.id).join(', ')}`);
      }
    }
    if (lcp > 1200) problems.push(`LCP ${Math.round(lcp)} ms`);
    tell(`Lighthouse ${path}`, problems, ` (${Object.values(scores).join('/')}, LCP ${Math.round(lcp)} ms)`);
  }
  await chrome.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
