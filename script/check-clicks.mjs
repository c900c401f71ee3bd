// SPDX-License-Identifier: EUPL-1.2
// Three clicks from the start page to the first screen of the online service, or, where there is none, to the authority
// with its address, appointment or telephone: for every service at a sample of places, on each portal given.
//   node script/check-clicks.mjs [--browser] [--per-state N] ADDRESS...
// A click is a link followed, a suggestion taken or a form sent; typing is none. Ways that count, the shortest wins: a link
// of the start page; the search with words and place (taking the suggested place sends it: a click; a hit is one, the
// way out of the service page is one); the page of the place. Plain HTTP for every service at every place of the sample:
// the towns of PLACES and, for each state, N (default 1) of each kind - the seat of a district, a municipality in an
// association, one that is in none. With --browser each journey of the demonstration is also walked in headless Chromium
// as on a phone: type the question, type the place, tap the suggestion, tap the hit, tap the way out. Prints the
// distribution; ends with "N passed, N failed"; more than three clicks, no way at all, or nobody named who is responsible
// (then the page ends at number 115) is a failure.
import { readFileSync } from 'node:fs';
import { links, wayOut } from './clicks.mjs';

const MOST = 3;
const AT_ONCE = 4;
const words = process.argv.slice(2);
const browser = words.includes('--browser') && words.splice(words.indexOf('--browser'), 1).length > 0;
const at = words.indexOf('--per-state');
const perState = at < 0 ? 1 : Number(words.splice(at, 2)[1]);
if (words.length === 0) {
  console.error('usage: node script/check-clicks.mjs [--browser] [--per-state N] ADDRESS...');
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
  let answer = await fetch(new URL(path, base));
  for (let tries = 0; answer.status === 503 && tries < 20; tries += 1) {   // told to come back: a busy machine
    await answer.text();
    await new Promise((done) => setTimeout(done, 500));
    answer = await fetch(new URL(path, base));
  }
  return { status: answer.status, text: await answer.text(), url: new URL(answer.url) };
};
const json = async (base, path) => JSON.parse((await get(base, path)).text);
const paths = (html) => links(html, /^\//).map((href) => href.split('?')[0]);

const PLACES = ['Norderstedt', 'Kiel', 'Flensburg', 'Lübeck', 'Bad Segeberg', 'Hamburg', 'Berlin', 'München', 'Köln', 'Rostock',
  'Dresden', 'Erfurt', 'Saarbrücken', 'Stuttgart', 'Bremen', 'Bremerhaven', 'Magdeburg', 'Mainz', 'Potsdam', 'Wiesbaden', 'Hannover',
  'Sylt', 'Helgoland', 'Kisdorf', 'Garmisch-Partenkirchen'];

// The sample: [{key, name, kind}]. The same ones every time.
function sample() {
  const areas = readFileSync(new URL('../data/geography/areas.tsv', import.meta.url), 'utf8').split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'))
    .map(([key, level, top, , , name, people, , seat]) => ({ key, level, top, name, people: Number(people), seat }));
  const municipalities = areas.filter(({ level, people }) => level === 'municipality' && people > 0);
  const chosen = new Map();
  const choose = (kind, { key, name }) => { if (!chosen.has(key)) chosen.set(key, { key, name, kind }); };
  for (const name of PLACES) {
    const found = municipalities.filter((area) => area.name === name).sort((a, b) => b.people - a.people)[0];
    if (!found) throw new Error(`no municipality ${name}`);
    choose('named', found);
  }
  // N of a list, spread over it.
  const spread = (list) => Array.from({ length: Math.min(perState, list.length) }, (_, n) => list[Math.floor(((n + 0.5) * list.length) / perState)]);
  for (const state of new Set(areas.map(({ key }) => key.slice(0, 2)))) {
    const here = municipalities.filter(({ key }) => key.startsWith(state));
    const seats = new Set(areas.filter(({ key, level }) => level === 'district' && key.startsWith(state)).map(({ seat }) => seat));
    const associated = new Set(areas.filter(({ key, level }) => level === 'association' && key.startsWith(state)).map(({ key }) => key));
    const within = ({ key }) => associated.has(key.slice(0, 9));
    for (const area of spread(here.filter(({ name, key }) => key.length === 12 && seats.has(name)))) choose('seat of a district', area);
    for (const area of spread(here.filter((one) => within(one)))) choose('in an association', area);
    for (const area of spread(here.filter((one) => one.key.length === 12 && !within(one)))) choose('on its own', area);
  }
  return [...chosen.values()];
}

async function servicesAt(base, key) {
  const out = [];
  for (;;) {
    const page = await json(base, `/api/v1/services?area=${key}&limit=100&offset=${out.length}`);
    out.push(...page.hits);
    if (page.hits.length === 0 || out.length >= page.total) return out;
  }
}

// Members of a network have their own first; it is checked when each has what all have.
async function settled(bases) {
  const until = Date.now() + 60_000;
  for (;;) {
    const totals = await Promise.all(bases.map(async (base) =>
      `${(await servicesAt(base, '010600063063')).length} ${(await get(base, '/kiel/personalausweis-beantragen')).text.includes('vb-unit')}`));
    if (new Set(totals).size === 1 && totals[0].endsWith('true')) return;
    if (Date.now() > until) throw new Error(`the portals do not agree within a minute: ${totals.join(', ')}`);
    await new Promise((done) => setTimeout(done, 250));
  }
}

const distribution = (counts) => [...counts.entries()].sort(([a], [b]) => a - b)
  .map(([clicks, many]) => `${clicks === Infinity ? 'no way' : `${clicks} clicks`}: ${many}`).join(', ');
const count = (counts, clicks) => counts.set(clicks, (counts.get(clicks) ?? 0) + 1);

async function everyService(base, places) {
  const counts = new Map();
  const ways = new Map();
  const services = new Set();
  const problems = [];
  const start = new Set(paths((await get(base, '/')).text));
  const at = async (place) => {
    const { slug } = (await json(base, `/api/v1/areas?q=${place.key}&limit=1`)).areas[0];
    // What a person gets into the field by typing the name and tapping the suggestion.
    const { items } = await json(base, `/vorschlaege?ort=${encodeURIComponent(place.name)}`);
    const listing = (await get(base, `/${slug}`)).text;
    const offered = await servicesAt(base, place.key);
    if (offered.length === 0) problems.push(`${place.name} (${place.key}): no service at all`);
    for (const hit of offered) {
      services.add(hit.id);
      const page = await get(base, hit.url);
      const way = page.status === 200 ? wayOut(page.text) : '';
      count(ways, way || 'nothing');
      const last = way === 'online' ? 1 : way === 'authority' ? 0 : Infinity;
      const own = new URL(hit.url, base).pathname;
      let before = Infinity;                                   // clicks to the service page
      if (start.has(own)) before = 1;
      // The title and the place are typed; the suggested place is the first click, the hit the second.
      for (const typed of [...items.map(({ value }) => value), slug]) {
        if (before < Infinity) break;
        const results = await get(base, `/suche?q=${encodeURIComponent(hit.title)}&ort=${encodeURIComponent(typed)}`);
        if (paths(results.text).includes(own)) before = 2;
      }
      // The place alone is typed; its page lists what there is. A folded list is one click more.
      if (before === Infinity && paths(listing).includes(own)) before = /<details/.test(listing) ? 3 : 2;
      count(counts, before + last);
      if (before + last > MOST) problems.push(`${own}: ${before} clicks to the page, then ${way || 'nothing'}`);
    }
  };
  const queue = [...places];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let place = queue.shift(); place; place = queue.shift()) await at(place);
  }));
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
  tell(problems.length === 0 && all > 0, `${base} every service at ${places.length} places (${services.size} services, ${all} pairs): ${
    distribution(counts)}`, problems);
  console.log(`         they lead to: ${[...ways.entries()].map(([way, many]) => `${way} ${many}`).join(', ')}`);
}

// The questions of people that the demonstration answers, typed as they are, on a phone.
async function journeys(base) {
  const { launch } = await import('./chromium.mjs');
  const program = await launch();
  const questions = readFileSync(new URL('../src/directory/evaluation/testdata/queries-demo.tsv', import.meta.url), 'utf8')
    .split('\n').filter((line) => line !== '' && !line.startsWith('#')).slice(1).map((line) => line.split('\t'));
  const told = new Map();                                      // one question for each service
  for (const [question, relevant] of questions) {
    const [id] = (relevant ?? '').split(',');
    if (id !== '' && !told.has(id)) told.set(id, question);
  }
  const counts = new Map();
  const problems = [];
  const walk = async (page, id, question) => {
    let clicks = 0;
    const tap = async (locator) => {
      clicks += 1;
      const from = page.url();
      await locator.tap();
      await page.waitForURL((url) => url.href !== from);
      await page.waitForLoadState();
    };
    await page.goto(base);
    await page.locator('#wo[role=combobox]').waitFor();        // a machine types faster than the script arrives
    await page.locator('#was').fill(question);
    // The keyboard's "next" leads to the field and closes the list that may lie over it; no way is chosen by that.
    await page.locator('#was').press('Tab');
    await page.locator('#wo:focus').waitFor();
    await page.keyboard.press('Control+A');                    // a town's own portal has its place there already
    await page.keyboard.type('Norderste');
    await tap(page.locator('[role=option]', { hasText: 'Norderstedt' }).first());
    // The hit that a person picks is the relevant one, wherever it stands on the first page of results.
    const urls = await page.locator('.vb-result__title a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    let target = -1;
    for (let index = 0; index < urls.length && target < 0; index += 1) {
      if ((await get(base, urls[index])).text.includes(`.LB.${id}`)) target = index;
    }
    if (target < 0) {
      problems.push(`"${question}": ${id} is not on the first page of results`);
      return Infinity;
    }
    await tap(page.locator('.vb-result__title a').nth(target));
    const online = page.locator('.vb-action a').first();
    if (await online.count() > 0) {
      const href = await online.getAttribute('href');
      if (!/^https?:\/\//.test(href)) problems.push(`"${question}": leads to ${href}`);
      clicks += 1;                                             // the last one leaves the portal: counted, not followed
    } else if (await page.locator('.vb-unit .vb-address, .vb-unit .vb-contacts').count() === 0) {
      problems.push(`"${question}": nobody to turn to on ${page.url()}`);
    }
    return clicks;
  };
  const queue = [...told.entries()];
  await Promise.all(Array.from({ length: 2 }, async () => {
    const context = await program.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'de-DE' });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    for (let one = queue.shift(); one; one = queue.shift()) {
      const [id, question] = one;
      const clicks = await walk(page, id, question).catch((error) => {
        problems.push(`"${question}": ${error.message.split('\n')[0]}`);
        return Infinity;
      });
      count(counts, clicks);
      if (clicks > MOST && clicks < Infinity) problems.push(`"${question}": ${clicks} clicks`);
    }
    await context.close();
  }));
  await program.close();
  tell(problems.length === 0 && told.size > 0, `${base} journeys on a phone (${told.size}): ${distribution(counts)}`, problems);
}

const places = sample();
const kinds = new Map();
for (const { kind } of places) count(kinds, kind);
console.log(`places: ${[...kinds.entries()].map(([kind, many]) => `${kind} ${many}`).join(', ')}`);
await settled(words);
for (const base of words) {
  await everyService(base, places);
  if (browser) await journeys(base);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
