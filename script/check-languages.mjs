// SPDX-License-Identifier: EUPL-1.2
// Is every page in every language in that language? node script/check-languages.mjs ADDRESS
// Walks each page of web/check/pages.txt, and up to three of each kind that it leads to, in all six languages. Each must
// name its language and direction, show no key instead of a text, and hold no German outside of what is marked lang="de"
// (or "de-simple"): neither a text of web/texts/de.txt that reads otherwise in this language, nor words that only German
// has. Looked at are texts and the attributes that are read out; not <title> and <meta>, whose parts cannot be marked, not
// what stands in quotation marks (words of the visitor, titles), and not a name that stands marked on the same page.
// Ends with "N passed, N failed".
import { readFileSync } from 'node:fs';
import { pagesToCheck, settle } from './pages.mjs';

const [base] = process.argv.slice(2);
const LANGUAGES = ['de', 'de-simple', 'en', 'tr', 'uk', 'ar'];
const MOST_PER_KIND = 3;
const AT_ONCE = 6;
const VOID = new Set(['area', 'base', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr', 'path', 'circle', 'rect', 'line']);
const READ_OUT = ['alt', 'title', 'placeholder', 'aria-label', 'aria-description', 'data-list-label', 'data-copied'];
// None of them is a word of English, Turkish or a name that we use.
const GERMAN = /(^|[^\p{L}-])(und|oder|der|die|das|den|dem|eine|einen|einer|nicht|für|mit|von|vom|zur|zum|auf|bei|beim|ist|sind|wird|werden|wurde|Sie|Ihre?n?|dieser?s?|diese|wenn|kein|keine|nach|aus|sich|auch|noch|hier|wie|alle|Leistungen?|Behörden?|Seite|zuständig)(?=[^\p{L}-]|$)|ß/u;
let passed = 0;
let failed = 0;
function tell(name, problems) {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems.slice(0, 20)) console.log(`         ${problem}`);
}

const texts = Object.fromEntries(LANGUAGES.map((language) => [language, new Map(
  readFileSync(new URL(`../web/texts/${language}.txt`, import.meta.url), 'utf8').split('\n')
    .filter((line) => /^[a-z0-9_.-]+ = /.test(line)).map((line) => [line.slice(0, line.indexOf(' = ')), line.slice(line.indexOf(' = ') + 3)]))]));
const keys = new Set(texts.de.keys());
const decoded = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'")
  .replaceAll('&nbsp;', ' ').replaceAll('&amp;', '&');

// What is read and in which language: calls say(text, language). Our pages are well formed; other HTML is not read by this.
function pieces(html, say) {
  const open = [{ name: '', language: '' }];
  for (const [, comment, end, name, attributes, text] of html.matchAll(/<(!)[^>]*>|<\/([a-z0-9]+)>|<([a-z0-9]+)((?:"[^"]*"|[^>"])*)>|([^<]+)/gi)) {
    if (comment) continue;
    if (end) {
      while (open.length > 1 && open.pop().name !== end);
    } else if (name) {
      const given = Object.fromEntries([...attributes.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, key, value]) => [key, decoded(value)]));
      const language = given.lang ?? open.at(-1).language;
      for (const key of READ_OUT) if (given[key]) say(given[key], language);
      if (!VOID.has(name) && !attributes.endsWith('/')) open.push({ name, language });
    } else if (text?.trim() && !open.some((each) => ['script', 'style', 'title', 'textarea', 'pre', 'code'].includes(each.name))) {
      say(decoded(text).replaceAll(/\s+/g, ' ').trim(), open.at(-1).language);
    }
  }
}

const other = (language) => new Map([...texts.de].filter(([key, text]) => text.length >= 6 && !text.includes('{') && texts[language].get(key) !== text)
  .filter(([, text]) => ![...texts[language].values()].includes(text)).map(([key, text]) => [text, key]));
const german = Object.fromEntries(LANGUAGES.map((language) => [language, other(language)]));

async function look(path, language, status) {
  const url = new URL(path, base);
  url.searchParams.set('lang', language);
  if (language === 'de') url.searchParams.delete('lang');
  const answer = await fetch(url);
  const html = await answer.text();
  const problems = [];
  const problem = (text) => problems.push(`${url.pathname}${url.search}: ${text}`);
  if (answer.status !== status) problem(`status ${answer.status}`);
  if (!html.includes(`<html lang="${language}"${language === 'ar' ? ' dir="rtl"' : ''}>`)) problem(`is not marked as ${language}`);
  const names = [];
  pieces(html, (text, marked) => { if (marked === 'de' && text.length > 3) names.push(text); });
  pieces(html, (whole, marked) => {
    const text = names.reduce((rest, name) => rest.replaceAll(name, ''), whole).replaceAll(/“[^”]*”|«[^»]*»/g, '');
    if (keys.has(text)) problem(`key "${text}"`);
    if (marked !== language || language === 'de' || language === 'de-simple') return;
    if (german[language].has(text)) problem(`German text of ${german[language].get(text)}: "${text}"`);
    else if (GERMAN.test(text)) problem(`German: "${text.slice(0, 120)}"`);
  });
  const links = [...html.matchAll(/<a\b[^>]*?\bhref="(\/[^"#]*)"/g)].map(([, href]) => decoded(href).split('?')[0]);
  return { problems, links };
}

function kind(path) {
  const [first, second, third] = path.split('/').slice(1);
  if (['behoerden', 'dienst', 'lebenslagen', 'nachweis'].includes(first)) return `${first}/${second ? '*' : ''}`;
  return third ? '*/lebenslagen/*' : second ? '*/*' : '*';
}

await settle(base);
const pages = new Map();
for (const { path, status } of pagesToCheck()) {
  const url = new URL(path, base);
  url.searchParams.delete('lang');
  pages.set(url.pathname + url.search, status);
}
const found = new Map(LANGUAGES.map((language) => [language, []]));
const perKind = new Map();
const queue = [...pages.entries()];
const walk = async () => {
  for (let one = queue.shift(); one; one = queue.shift()) {
    const [path, status] = one;
    for (const language of LANGUAGES) {
      const { problems, links } = await look(path, language, status);
      found.get(language).push(...problems);
      if (language !== 'de') continue;
      for (const link of links) {
        if (pages.has(link) || /^\/(api|assets|suchdienst|fit-connect|bereitstellung|network|qr)\b|\.[a-z]+$/.test(link)) continue;
        const count = perKind.get(kind(link)) ?? 0;
        if (count >= MOST_PER_KIND) continue;
        perKind.set(kind(link), count + 1);
        pages.set(link, 200);
        queue.push([link, 200]);
      }
    }
  }
};
while (queue.length > 0) await Promise.all(Array.from({ length: AT_ONCE }, walk));
for (const [language, problems] of found) tell(`${language}: ${pages.size} pages`, [...new Set(problems)]);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
