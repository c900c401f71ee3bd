// SPDX-License-Identifier: EUPL-1.2
// Three clicks from the start page to the first screen of the online service, or, where there is none, to the authority
// with its address, appointment or telephone: for every service at a sample of places.
//   node script/check-clicks.mjs [--browser] [--places N] ADDRESS...
// A click is a link followed or a form sent; typing is none. Ways that count, the shortest wins: a link of the start page;
// the search with words and place (its button is a click, a hit is one, the way out of the service page is one); a life
// event. Plain HTTP for every service at N places (default 6);
// with --browser each journey of the demonstration is also walked in headless Chromium as a person would. Prints the
// distribution; ends with "N passed, N failed"; more than three clicks, or no way at all, is a failure.
import { readFileSync } from 'node:fs';
import { links, wayOut } from './clicks.mjs';

const MOST = 3;
const words = process.argv.slice(2);
const browser = words.includes('--browser') && words.splice(words.indexOf('--browser'), 1).length > 0;
const at = words.indexOf('--places');
const samples = at < 0 ? 6 : Number(words.splice(at, 2)[1]);
if (words.length === 0) {
  console.error('usage: node script/check-clicks.mjs [--browser] [--places N] ADDRESS...');
  process.exit(2);
}
let passed = 0;
let failed = 0;
const tell = (good, text, problems = []) => {
  if (good) passed += 1;
  else failed += 1;
  console.log(`${good ? 'ok    ' : 'FAILED'} ${text}`);
  for (const problem of problems.slice(0, 12)) console.log(`         ${problem}`);
};
const get = async (base, path) => {
  const answer = await fetch(new URL(path, base), { headers: { connection: 'close' } });
  return { status: answer.status, text: await answer.text(), url: new URL(answer.url) };
};
const PLACES = ['Norderstedt', 'Kiel', 'Flensburg', 'Bad Segeberg', 'Hamburg', 'Berlin', 'München', 'Köln', 'Rostock', 'Dresden',
  'Erfurt', 'Saarbrücken', 'Stuttgart', 'Bremen', 'Magdeburg', 'Mainz', 'Potsdam', 'Wiesbaden', 'Hannover', 'Sylt'];

async function placesOf(base) {
  const out = [];
  for (const name of PLACES.slice(0, samples)) {
    const { areas } = JSON.parse((await get(base, `/api/v1/areas?q=${encodeURIComponent(name)}&limit=1`)).text);
    if (areas.length > 0) out.push(areas[0]);
  }
  return out;
}

async function servicesAt(base, area) {
  const out = [];
  for (;;) {
    const page = JSON.parse((await get(base, `/api/v1/services?area=${area.key}&limit=100&offset=${out.length}`)).text);
    out.push(...page.hits);
    if (page.hits.length === 0 || out.length >= page.total) return out;
  }
}

const distribution = (counts) => [...counts.entries()].sort(([a], [b]) => a - b)
  .map(([clicks, many]) => `${clicks === Infinity ? 'no way' : `${clicks} clicks`}: ${many}`).join(', ');
const count = (counts, clicks) => counts.set(clicks, (counts.get(clicks) ?? 0) + 1);

async function everyService(base) {
  const counts = new Map();
  const ways = new Map();
  const problems = [];
  const start = (await get(base, '/')).text;
  const places = await placesOf(base);
  for (const place of places) {
    for (const hit of await servicesAt(base, place)) {
      const path = hit.url;
      const page = await get(base, path);
      const way = page.status === 200 ? wayOut(page.text) : '';
      count(ways, way || 'nothing');
      const last = way === 'online' ? 1 : way === '' ? Infinity : 0;
      const own = new URL(path, base).pathname;
      let before = Infinity;                                   // clicks to the service page
      if (links(start, /^\//).includes(own)) before = 1;
      else {
        // The title and the place are typed; "Suchen" is the first click, the hit the second.
        const results = await get(base, `/suche?q=${encodeURIComponent(hit.title)}&ort=${encodeURIComponent(place.slug)}`);
        if (links(results.text, /^\//).some((href) => href.split('?')[0] === own)) before = 2;
        else {
          // The place alone is typed; its page lists what there is. A folded list is one click more.
          const listing = (await get(base, `/${place.slug}`)).text;
          if (links(listing, /^\//).includes(own)) before = /<details/.test(listing) ? 3 : 2;
        }
      }
      count(counts, before + last);
      if (before + last > MOST) problems.push(`${own}: ${before} clicks to the page, then ${way || 'nothing'}`);
    }
  }
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
  tell(problems.length === 0 && all > 0, `${base} every service at ${places.length} places (${all}): ${distribution(counts)}`, problems);
  console.log(`         they lead to: ${[...ways.entries()].map(([way, many]) => `${way} ${many}`).join(', ')}`);
}

// The questions of people that the demonstration answers, typed as they are, at the first place there.
async function journeys(base) {
  const { chromium } = await import('playwright-core');
  const program = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const questions = readFileSync(new URL('../src/directory/evaluation/testdata/queries-demo.tsv', import.meta.url), 'utf8')
    .split('\n').filter((line) => line !== '' && !line.startsWith('#')).slice(1).map((line) => line.split('\t'));
  const told = new Set();                                      // one question for each service
  const counts = new Map();
  const problems = [];
  const page = await program.newPage({ viewport: { width: 390, height: 844 } });
  let clicks = 0;
  const click = async (locator) => {
    clicks += 1;
    await Promise.all([page.waitForURL(/./), locator.click()]);
    await page.waitForLoadState();
  };
  for (const [question, relevant] of questions) {
    const id = (relevant ?? '').split(',')[0];
    if (id === '' || told.has(id)) continue;
    told.add(id);
    clicks = 0;
    await page.goto(base);
    await page.fill('#was', question);
    await page.fill('#wo', 'Norderstedt');
    clicks += 1;                                               // "Suchen" on the keyboard of the phone
    await Promise.all([page.waitForURL((url) => url.pathname !== '/'), page.keyboard.press('Enter')]);
    await page.waitForLoadState();
    // The hit that a person picks is the relevant one, wherever it stands on the first page of results.
    const urls = await page.locator('.vb-result__title a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    let target = -1;
    for (let index = 0; index < urls.length && target < 0; index += 1) {
      const html = (await get(base, urls[index])).text;
      if (decodeURIComponent(html).includes(`.LB.${id}`)) target = index;
    }
    if (target < 0) {
      count(counts, Infinity);
      problems.push(`"${question}": ${id} is not on the first page of results`);
      continue;
    }
    await click(page.locator('.vb-result__title a').nth(target));
    const online = page.locator('.vb-action a').first();
    if (await online.count() > 0) {
      const href = await online.getAttribute('href');
      if (!/^https?:\/\//.test(href)) problems.push(`"${question}": leads to ${href}`);
      clicks += 1;                                             // the last one leaves the portal: counted, not followed
    } else if (await page.locator('.vb-unit').count() === 0 && await page.locator('a[href="tel:115"]').count() === 0) {
      problems.push(`"${question}": nobody to turn to on ${page.url()}`);
    }
    count(counts, clicks);
    if (clicks > MOST) problems.push(`"${question}": ${clicks} clicks`);
  }
  await program.close();
  tell(problems.length === 0 && told.size > 0, `${base} journeys in a browser (${told.size}): ${distribution(counts)}`, problems);
}

for (const base of words) {
  await everyService(base);
  if (browser) await journeys(base);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
