// SPDX-License-Identifier: EUPL-1.2
// What search engines, feed readers and address bars read of a running portal that has a public address:
//   node script/check-found.mjs build/verbund
// Starts the demonstration's data as a public portal and walks its sitemaps. Checked: sitemaps and OpenSearch description
// against their schemas (xmllint, src/faces/portal/testdata); that every service is among the pages; feeds with a feed reader
// (feedsmith); JSON-LD of each page against the whole vocabulary of schema.org (schema-dts, by the TypeScript compiler:
// an unknown type or property or a value of another kind is an error) and as RDF (jsonld); data blocks raise no
// violation of the content security policy in Chromium. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonld from 'jsonld';
import { parseAtomFeed } from 'feedsmith';
import ts from 'typescript';
import { launch } from './chromium.mjs';
import { run, serve, temporaryFolder } from './program.mjs';

const BASE = 'https://portal.example';
const MOST_PLACES = 6;          // parts of the sitemap that are walked in full
const [program] = process.argv.slice(2);
const folder = temporaryFolder();
let passed = 0;
let failed = 0;
function tell(name, problems) {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems.slice(0, 10)) console.log(`         ${problem}`);
}

// The demonstration is for nobody's search engine; its data in a node of its own are.
const first = await serve(program, ['--demo', '--data', folder]);
await first.stop();
const server = await serve(program, ['--data', folder], {
  env: { ...process.env, VERBUND_LOOK_BASE_URL: BASE, VERBUND_LOOK_PLACE: 'Norderstedt' },
});
const get = async (path) => {
  const answer = await fetch(server.address + path, { redirect: 'manual', headers: { connection: 'close' } });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};
const locations = (xml) => [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)]
  .map(([, url]) => url.replaceAll('&amp;', '&').slice(BASE.length));

// What xmllint finds wrong in this text. Below each schema is also tried with something that is wrong.
function invalid(schema, xml) {
  const file = new URL(`../src/faces/portal/testdata/${schema}.xsd`, import.meta.url).pathname;
  const found = spawnSync('xmllint', ['--noout', '--nonet', '--schema', file, '-'], { input: xml, encoding: 'utf8' });
  if (found.error) return [`xmllint is missing (script/bootstrap test): ${found.error.message}`];
  return found.status === 0 ? [] : found.stderr.split('\n').filter((line) => line !== '' && !line.endsWith('fails to validate'));
}

const blocks = [];   // {path, json}
let pages = 0;
const bad = [];
const index = (await get('/sitemap.xml')).text;
const against = invalid('sitemap', index).map((problem) => `/sitemap.xml: ${problem}`);
const services = new Set();
for (const part of locations(index).slice(0, MOST_PLACES)) {
  const text = (await get(part)).text;
  against.push(...invalid('sitemap', text).map((problem) => `${part}: ${problem}`));
  for (const path of locations(text)) {
    const page = await get(path);
    pages += 1;
    if (page.status !== 200) bad.push(`${path}: ${page.status}`);
    if (!page.text.includes(`<link rel="canonical" href="${BASE}${path}">`)) bad.push(`${path}: not canonical`);
    for (const [, text] of page.text.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
      blocks.push({ path, json: JSON.parse(text) });
      for (const each of blocks.at(-1).json['@graph'] ?? []) if (each['@type'] === 'GovernmentService') services.add(path.split('/').at(-1));
    }
  }
}
tell(`${pages} addresses of the sitemaps are there and canonical`, bad);
tell('sitemaps are as their schema says', against);
tell('a sitemap with a wrong address would be found', invalid('sitemap', index.replace('https://', 'ftp://')).length > 0 ? [] : ['it is not']);
{
  const all = JSON.parse((await get('/api/v1/services?limit=1')).text).total;
  tell(`JSON-LD of ${blocks.length} pages found, of all ${all} services`, services.size >= all && all > 0 ? [] : [`only ${services.size}`]);
}

// The compiler knows schema.org: every block becomes a literal of its type.
{
  const work = mkdtempSync(join(new URL('../node_modules/', import.meta.url).pathname, '.verbund-'));
  try {
    const file = join(work, 'blocks.ts');
    const source = ["import type { Graph } from 'schema-dts';"];
    // Of blocks with the same types and properties one is enough.
    const shape = (json) => (Array.isArray(json) ? [...new Set(json.map(shape))].sort().join()
      : json && typeof json === 'object' ? `{${Object.keys(json).sort().map((key) =>
        `${key}:${key === '@type' ? json[key] : shape(json[key])}`)}}` : typeof json);
    const kinds = [...new Map(blocks.map((block) => [shape(block.json), block])).values()];
    kinds.forEach(({ json }, at) => source.push(`export const b${at}: Graph = ${JSON.stringify(json)};`));
    writeFileSync(file, `${source.join('\n')}\n`);
    const compiler = ts.createProgram([file], {
      noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    const problems = ts.getPreEmitDiagnostics(compiler).map((diagnostic) => {
      const line = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
      const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
      return `${kinds[line - 1]?.path ?? ''}: ${text.slice(0, 600)}`;
    });
    tell(`schema.org has every type and property of ${kinds.length} kinds of page`, problems);
    // The check itself is checked: a wrong property is found.
    writeFileSync(file, "import type { Graph } from 'schema-dts';\nexport const b: Graph = {'@context': 'https://schema.org', " +
      "'@graph': [{'@type': 'GovernmentService', 'nmae': 'x'}]};\n");
    const wrong = ts.createProgram([file], { noEmit: true, strict: true, skipLibCheck: true, types: [],
      module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler });
    tell('a misspelt property would be found', ts.getPreEmitDiagnostics(wrong).length > 0 ? [] : ['it is not']);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
{
  const problems = [];
  let quads = 0;
  const documentLoader = async (url) => ({ document: { '@context': { '@vocab': 'https://schema.org/' } }, documentUrl: url });
  for (const { path, json } of blocks) {
    try {
      const rdf = await jsonld.toRDF(json, { documentLoader, safe: true });
      quads += rdf.length;
      if (!rdf.some((quad) => quad.object.value.startsWith('https://schema.org/'))) problems.push(`${path}: no type`);
    } catch (error) {
      problems.push(`${path}: ${error.message}`);
    }
  }
  tell(`JSON-LD reads as RDF (${quads} statements)`, problems);
}
run(program, ['incident', 'open', 'Suche langsam', '--part', 'search', '--text', 'Wir suchen den Grund.', '--data', folder]);
for (const path of ['/status/stoerungen.atom', '/aenderungen.atom', '/norderstedt/aenderungen.atom', '/norderstedt/aenderungen.atom?lang=en']) {
  const answer = await get(path);
  const problems = [];
  if (answer.type !== 'application/atom+xml') problems.push(`type ${answer.type}`);
  try {
    const feed = parseAtomFeed(answer.text);
    if (!feed.id || !feed.title || !feed.updated || !(feed.entries?.length > 0)) problems.push('the feed lacks a part');
    if (!feed.links?.some(({ rel, href }) => rel === 'self' && href === BASE + path)) problems.push('no link to itself');
    for (const entry of feed.entries ?? []) {
      if (!entry.id || !entry.title || Number.isNaN(Date.parse(entry.updated))) problems.push(`entry ${entry.id}`);
    }
    if (new Set(feed.entries?.map(({ id }) => id)).size !== feed.entries?.length) problems.push('an id twice');
  } catch (error) {
    problems.push(error.message);
  }
  tell(`feed ${path}`, problems);
}
{
  const problems = [];
  const answer = await get('/opensearch.xml');
  if (answer.type !== 'application/opensearchdescription+xml') problems.push(`type ${answer.type}`);
  problems.push(...invalid('opensearch', answer.text));
  if (invalid('opensearch', answer.text.replace(/template="[^"]*"/, '')).length === 0) problems.push('a link without template would not be found');
  const template = answer.text.match(/type="application\/x-suggestions\+json" template="([^"]*)"/)?.[1] ?? '';
  const list = JSON.parse((await get(template.slice(BASE.length).replace('{searchTerms}', 'Person'))).text);
  if (list[0] !== 'Person' || list[1].length === 0 || list[1].length !== list[3].length) problems.push(JSON.stringify(list));
  const search = answer.text.match(/type="text\/html" template="([^"]*)"/)?.[1] ?? '';
  if ((await get(search.slice(BASE.length).replace('{searchTerms}', 'Perso'))).status !== 200) problems.push('no results page');
  tell('OpenSearch and its suggestions', problems);
}
{
  const problems = [];
  const browser = await launch();
  const page = await browser.newPage();
  page.on('console', (message) => problems.push(message.text()));
  await page.goto(`${server.address}/norderstedt/personalausweis-beantragen`, { waitUntil: 'networkidle' });
  const text = await page.$eval('script[type="application/ld+json"]', (element) => element.textContent);
  if (!JSON.parse(text)['@graph']) problems.push('no graph');
  await browser.close();
  tell('the content security policy lets data blocks be', problems);
}
const status = await server.stop();
tell('the server ends well', status === 0 ? [] : [server.log()]);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
