// SPDX-License-Identifier: EUPL-1.2
// Looks at the pages of a running portal as people do, in headless Chromium:
//   node script/check-pages.mjs [--screenshots FOLDER] [--only TEXT|behaviour] [--record] ADDRESS
// For each page of web/check/pages.txt and those found from the start page: accessibility (axe-core, WCAG 2.2 AA and
// best practice) on a phone and a desktop, in light and in dark; valid HTML; no request to another host; no message on
// the console; no scrolling sideways at 320 pixels; at most 60 KiB on a first visit. Then the search without
// JavaScript and the suggestions by keyboard. --record writes the day and the result to web/check/last-check.txt, which
// the statement on accessibility quotes. Ends with "N passed, N failed" and status 1 if any failed.
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { launch, launchKeeping } from './chromium.mjs';
import { htmlRules, pagesToCheck, settle, unfold } from './pages.mjs';

const LIMIT_BYTES = 60 * 1024;
const TIME_MS = 20_000;
const MOST_PER_KIND = 3;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const VIEWS = [
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
  { name: 'desktop', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 900, colorScheme: 'dark' },
];

const words = process.argv.slice(2);
const option = (name) => {
  const at = words.indexOf(name);
  return at < 0 ? '' : words.splice(at, 2)[1];
};
const screenshots = option('--screenshots');
const only = option('--only');
const record = words.includes('--record') && words.splice(words.indexOf('--record'), 1).length > 0;
if (words.length !== 1) {
  console.error('usage: node script/check-pages.mjs [--screenshots FOLDER] [--only TEXT|behaviour] [--record] ADDRESS');
  process.exit(2);
}
const base = new URL(words[0]);
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const validator = new HtmlValidate(htmlRules);

const profile = mkdtempSync(join(tmpdir(), 'check-pages-'));
if (screenshots) mkdirSync(screenshots, { recursive: true });
const context = await launchKeeping(profile, {
  locale: 'de-DE',  // else the start page offers English
  serviceWorkers: 'block',  // script/check-offline.mjs looks at it; here every page comes from the server
  bypassCSP: true,  // axe is put into the page; that the policy is there is checked on the answer
});
context.setDefaultTimeout(TIME_MS);

// What a first visit loads, in bytes on the wire.
async function firstVisit(path, expected) {
  const problems = [];
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let bytes = 0;
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.host !== base.host) problems.push(`request to ${url.host}`);
  });
  page.on('console', (message) => {
    if (message.text().startsWith('Service Worker registration blocked')) return;   // by us
    // The browser itself reports the status of the page.
    if (!(expected >= 400 && message.text().includes(`status of ${expected}`))) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  await page.setViewportSize({ width: 320, height: 640 });
  const answer = await page.goto(new URL(path, base).href, { waitUntil: 'networkidle' });
  if (answer.status() !== expected) problems.push(`status ${answer.status()} instead of ${expected}`);
  const policy = answer.headers()['content-security-policy'] ?? '';
  if (!policy.includes("default-src 'none'") || policy.includes('unsafe')) problems.push(`content security policy "${policy}"`);
  if (bytes > LIMIT_BYTES) problems.push(`${bytes} bytes on a first visit`);
  await page.addStyleTag({ content: '* { content-visibility: visible !important; }' });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (sideways > 0) problems.push(`scrolls ${sideways} pixels sideways at 320 pixels`);
  problems.push(...await enlarged(page));
  const html = await answer.text();
  const report = await validator.validateString(html, path);
  for (const message of report.results.flatMap((result) => result.messages).slice(0, 5)) {
    problems.push(`html ${message.line}:${message.column} ${message.ruleId}: ${message.message}`);
  }
  const links = await page.$$eval('a[href]', (all) => all.map((a) => a.href));
  await page.close();
  return { problems, bytes, links };
}

// WCAG 1.4.4 and 1.4.10: at 200 % zoom and with letters twice as large nothing scrolls sideways and nothing is cut off.
async function enlarged(page) {
  const problems = [];
  for (const [name, width, letters] of [['200 % zoom', 640, '100%'], ['letters of 200 %', 1280, '200%'], ['letters of 200 % on a phone', 390, '200%']]) {
    await page.setViewportSize({ width, height: 800 });
    const found = await page.evaluate((size) => {
      document.documentElement.style.fontSize = size;
      const sideways = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      const cut = [...document.querySelectorAll('header *, main *, footer *, aside *')].filter((element) => {
        const style = getComputedStyle(element);
        const clips = style.overflowX === 'hidden' || style.overflowX === 'clip' || style.overflowY === 'hidden';
        // Hidden from the eye on purpose, or shortened with dots that say so.
        if (!clips || style.textOverflow === 'ellipsis' || element.closest('.kern-sr-only, svg')) return false;
        return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      }).map((element) => element.className || element.tagName);
      document.documentElement.style.fontSize = '';
      return { sideways, cut };
    }, letters);
    if (found.sideways > 0) problems.push(`scrolls ${found.sideways} pixels sideways at ${name}`);
    if (found.cut.length > 0) problems.push(`cut off at ${name}: ${found.cut.slice(0, 3).join(', ')}`);
  }
  return problems;
}

async function accessibility(path) {
  const problems = [];
  const page = await context.newPage();
  let loaded = false;   // once for all views; anew after a screenshot, which shows the page as it comes
  for (const view of VIEWS) {
    await page.setViewportSize({ width: view.width, height: view.height });
    await page.emulateMedia({ colorScheme: view.colorScheme, reducedMotion: 'reduce' });
    if (!loaded) {
      await page.goto(new URL(path, base).href);
      await unfold(page);
      await page.evaluate(axeSource);
      loaded = screenshots === '';
    }
    const found = await page.evaluate((tags) => window.axe.run(document, {
      runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
    }), TAGS);
    for (const violation of found.violations) {
      const node = violation.nodes[0];
      problems.push(`${view.name}: ${violation.id}: ${violation.help} (${violation.nodes.length}x ${node.target.join(' ')}: ${
        node.any.concat(node.all, node.none)[0]?.message ?? ''})`);
    }
    if (screenshots) {
      const name = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 70) || 'start';
      await page.goto(new URL(path, base).href);
      await page.screenshot({ path: join(screenshots, `${name}-${view.name}.png`), fullPage: view.width > 500 });
    }
  }
  await page.close();
  return problems;
}

// The kind of page an address belongs to, so that a large catalogue does not make a large test.
function kind(path) {
  const [first, second, third] = new URL(path, base).pathname.split('/').slice(1);
  if (['behoerden', 'dienst', 'lebenslagen', 'suche'].includes(first)) return `${first}/${second ? '*' : ''}`;
  if (third) return '*/lebenslagen/*';
  return second ? '*/*' : `${first}`;
}

async function withoutScript() {
  const browser = await launch();
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(base.href);
  await page.fill('#was', 'Personalausweis');
  await page.fill('#wo', '22846');
  await page.click('form[action="/suche"] button[type=submit]');
  const problems = [];
  if (!page.url().includes('/suche?')) problems.push(`the form led to ${page.url()}`);
  if (await page.locator('.vb-result a').count() === 0) problems.push('no result');
  else {
    await page.locator('.vb-result a').first().click();
    if (await page.locator('.vb-side').count() === 0) problems.push(`the first result led to ${page.url()}`);
  }
  await browser.close();
  return problems;
}

async function byKeyboard() {
  const problems = [];
  const page = await context.newPage();
  await page.goto(base.href);
  await page.focus('#was');
  await page.keyboard.type('Personal', { delay: 30 });
  try {
    await page.waitForSelector('#was[aria-expanded="true"]');
    await page.keyboard.press('ArrowDown');
    const active = await page.getAttribute('#was', 'aria-activedescendant');
    if (!active || await page.getAttribute(`#${active}`, 'aria-selected') !== 'true') problems.push('no active suggestion');
    await page.evaluate(axeSource);
    const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }), TAGS);
    for (const violation of found.violations) problems.push(`${violation.id}: ${violation.help}`);
    if (screenshots) await page.screenshot({ path: join(screenshots, 'suggestions.png') });
    await page.keyboard.press('Escape');
    if (await page.getAttribute('#was', 'aria-expanded') !== 'false') problems.push('Escape does not close the list');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('#was[aria-expanded="true"]');
    await page.keyboard.press('ArrowDown');
    await Promise.all([page.waitForURL((url) => url.pathname !== '/'), page.keyboard.press('Enter')]);
  } catch (error) {
    problems.push(error.message.split('\n')[0]);
  }
  await page.close();
  return problems;
}

// On a slow line a letter overtakes the answer to the one before; who is told "too many at once" is asked for again.
async function slowly() {
  const problems = [];
  const page = await context.newPage();
  const suggestions = /\/vorschlaege/;
  await page.goto(base.href);
  await page.focus('#was');
  let asked = 0;
  await page.route(suggestions, async (route) => {
    asked += 1;
    if (asked === 1) await new Promise((done) => setTimeout(done, 1000));
    if (asked === 2) await route.fulfill({ status: 503, headers: { 'retry-after': '1' }, body: '' });
    else await route.continue().catch(() => {});   // the first was taken back by the page
  });
  await Promise.all([page.waitForRequest(suggestions), page.keyboard.type('Pers')]);
  await page.keyboard.type('onal');
  const open = page.waitForSelector('#was[aria-expanded="true"]', { timeout: 20_000 });
  await open.catch(() => problems.push('no list after a letter that overtook another'));
  if (asked !== 3) problems.push(`asked ${asked} times instead of 3`);
  await page.close();
  return problems;
}

// "Open now" goes by rules of ours: they say what the list of time zones says, every half hour of eight years.
async function clock() {
  const page = await context.newPage();
  await page.goto(base.href);
  const problems = await page.evaluate(() => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    const wrong = [];
    const now = Date.now;
    for (let time = Date.UTC(2025, 11, 31); time < Date.UTC(2034, 0, 2); time += 1800_000) {
      Date.now = () => time;
      const parts = Object.fromEntries(format.formatToParts(new Date(time)).map(({ type, value }) => [type, value]));
      const ours = berlinNow();   // of suggest.js
      if (days[ours.day - 1] !== parts.weekday || ours.time !== `${parts.hour}:${parts.minute}`) wrong.push(new Date(time).toISOString());
    }
    Date.now = now;
    return wrong.slice(0, 3);
  });
  await page.close();
  return problems;
}

// The device finds the nearest authority and tells nobody where it is.
async function location() {
  const problems = [];
  const browser = await launch();
  for (const [permissions, latitude, expected] of [[['geolocation'], 53.7, /22846/], [['geolocation'], 48.1, /^$/], [[], 53.7, /^$/]]) {
    const there = await browser.newContext({ locale: 'de-DE', permissions, geolocation: { latitude, longitude: 10 }, serviceWorkers: 'block' });
    const page = await there.newPage();
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(base.href);
    await page.click('.vb-locate');
    await page.waitForFunction(() => document.querySelector('.vb-located').textContent !== '');
    const value = await page.inputValue('#wo');
    if (!expected.test(value)) problems.push(`${latitude} (${permissions}): "${value}"`);
    if (asked.some((url) => /53\.7|48\.1/.test(url))) problems.push('the place was sent away');
    await there.close();
  }
  await browser.close();
  return problems;
}

let passed = 0;
let failed = 0;
let findings = 0;
function tell(name, problems, note = '') {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  findings += new Set(problems).size;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}${note}`);
  for (const problem of new Set(problems)) console.log(`         ${problem}`);
}

await settle(base);
const listed = pagesToCheck().map(({ path, status }) => ({ path, expected: status }));
const queue = listed.filter(({ path }) => path.includes(only));
const seen = new Set(queue.map(({ path }) => path));
const perKind = new Map();
try {
  for (const { path, expected } of queue) {
    try {
      const visit = await firstVisit(path, expected);
      const problems = [...visit.problems, ...await accessibility(path)];
      tell(path, problems, ` (${(visit.bytes / 1024).toFixed(1)} KiB)`);
      for (const link of visit.links) {
        const url = new URL(link);
        const next = url.pathname + url.search;
        if (only || url.host !== base.host || seen.has(next) || url.search !== '') continue;
        if (/^\/(api|assets|suchdienst|fit-connect|bereitstellung|network)\//.test(next)) continue;   // for programs
        if (/\.(json|atom|ics|xml|txt)$/.test(next)) continue;   // files, no pages
        const count = perKind.get(kind(next)) ?? 0;
        if (count >= MOST_PER_KIND) continue;
        perKind.set(kind(next), count + 1);
        seen.add(next);
        queue.push({ path: next, expected: 200 });
      }
    } catch (error) {
      tell(path, [error.message.split('\n')[0]]);
    }
  }
  if (!only || only === 'behaviour') {
    const checks = { 'search without JavaScript': withoutScript, 'suggestions by keyboard': byKeyboard,
      'suggestions on a slow line': slowly, 'the clock in Berlin': clock,
      '"use my location"': location };
    for (const [name, check] of Object.entries(checks)) {
      tell(name, await check().catch((error) => [error.message.split('\n')[0]]));
    }
  }
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
if (record && !only) {
  const day = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL('../web/check/last-check.txt', import.meta.url), `${day} ${queue.length} ${findings}\n`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
