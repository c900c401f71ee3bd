// SPDX-License-Identifier: EUPL-1.2
// The export for European catalogues (CPSV-AP 3.2.0) of the demonstration:
//   node script/check-cpsv.mjs build/verbund
// Turtle and JSON-LD are read (n3, jsonld) and say the same; both command and HTTP; 0 violations of our own shapes and,
// where the reference is beside the checkout, of the published ones (rdf-validate-shacl). Ends with "N passed, N failed".
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonld from 'jsonld';
import { Parser, Store } from 'n3';
import Validator from 'rdf-validate-shacl';
import { run, serve, temporaryFolder } from './program.mjs';

const [program] = process.argv.slice(2);
const here = (path) => new URL(`../${path}`, import.meta.url).pathname;
const PUBLISHED = here('../shared/reference/cpsv-ap/cpsv-ap-3.2.0-shacl.ttl');
const BASE = 'https://portal.example';
let passed = 0;
let failed = 0;
let skipped = 0;
function tell(name, problems) {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  for (const problem of problems.slice(0, 10)) console.log(`         ${problem}`);
}

const folder = temporaryFolder();
const data = join(folder, 'data');
const server = await serve(program, ['--demo', '--data', data], { env: { ...process.env, VERBUND_LOOK_BASE_URL: BASE } });
const out = join(folder, 'cpsv');
const exported = run(program, ['export', 'cpsv', out, '--base', BASE, '--data', data]);
tell('verbund export cpsv', exported.status === 0 ? [] : [exported.err]);

// jsonld writes doubles in another form ("1.3E1"): numbers are compared.
const lexical = (object) => (object.datatype?.value.endsWith('#double') ? String(Number(object.value)) : object.value);
const sentence = ({ subject, predicate, object }) => [subject.value, predicate.value, lexical(object), object.language ?? '',
  object.datatype?.value ?? ''].join(' | ');
async function ofJsonLd(text) {
  // No context is loaded from elsewhere: all prefixes stand in the document.
  const quads = await jsonld.toRDF(JSON.parse(text), { documentLoader: (url) => { throw new Error(`asks for ${url}`); }, safe: true });
  return quads.map(sentence);
}
const ofTurtle = (text) => new Parser().parse(text);
const different = (a, b) => {
  const left = new Set(a);
  const right = new Set(b);
  return [...left].filter((one) => !right.has(one)).concat([...right].filter((one) => !left.has(one)));
};

const turtle = ofTurtle(readFileSync(join(out, 'dienste.ttl'), 'utf8'));
const json = await ofJsonLd(readFileSync(join(out, 'dienste.jsonld'), 'utf8'));
tell(`Turtle and JSON-LD say the same (${new Set(json).size} statements)`, different(turtle.map(sentence), json));

const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const services = turtle.filter(({ predicate, object }) => predicate.value === TYPE && object.value.endsWith('#PublicService'))
  .map(({ subject }) => subject.value);
const listed = JSON.parse(await (await fetch(`${server.address}/api/v1/services?limit=1`)).text()).total;
tell(`all ${listed} services`, services.length >= listed && listed > 0 ? [] : [`${services.length}`]);

{
  let next = '/api/v1/cpsv?format=ttl';
  const all = [];
  const problems = [];
  while (next) {
    const answer = await fetch(server.address + next);
    if (answer.status !== 200 || !answer.headers.get('content-type').startsWith('text/turtle')) problems.push(`${next}: ${answer.status}`);
    all.push(...ofTurtle(await answer.text()).map(sentence));
    next = answer.headers.get('link')?.match(/<([^>]*)>; rel="next"/)?.[1];
  }
  tell('HTTP gives the same in pages', problems.concat(different(all, json)));
}
{
  const problems = [];
  for (const iri of services) {
    const path = new URL(iri).pathname;
    const answer = await fetch(server.address + path, { headers: { accept: 'text/turtle', connection: 'close' } });
    const said = ofTurtle(await answer.text()).map(sentence);
    if (!said.some((one) => one.startsWith(`${iri} | ${TYPE}`))) problems.push(`${path}: ${answer.status}`);
    const missing = said.filter((one) => !json.includes(one));
    if (missing.length > 0) problems.push(`${path}: ${missing[0]}`);
  }
  for (const [path, status] of [['/api/v1/cpsv?format=xml', 400], ['/api/v1/cpsv?seite=0', 400], ['/api/v1/cpsv?seite=9999', 404],
    ['/api/v1/cpsv/nothing', 404]]) {
    const answer = await fetch(server.address + path);
    if (answer.status !== status || answer.headers.get('content-type') !== 'application/problem+json') problems.push(`${path}: ${answer.status}`);
  }
  tell(`each of ${services.length} services under its own address; problems for wrong questions`, problems);
}

async function violations(shapes, quads) {
  const report = await new Validator(new Store(shapes)).validate(new Store(quads));
  return report.results.map((result) =>
    `${result.focusNode?.value} ${result.path?.value ?? ''}: ${result.message[0]?.value ?? result.sourceConstraintComponent?.value}`);
}
const own = ofTurtle(readFileSync(here('src/faces/open_data/testdata/shapes.ttl'), 'utf8'));
tell('0 violations of our own shapes', await violations(own, turtle));
const broken = turtle.filter(({ subject, predicate }) => !(subject.value === services[0] && predicate.value.endsWith('/title')));
tell('a service without a title would be found', (await violations(own, broken)).length > 0 ? [] : ['it is not']);
if (existsSync(PUBLISHED)) {
  tell('0 violations of the published shapes', await violations(ofTurtle(readFileSync(PUBLISHED, 'utf8')), turtle));
} else {
  skipped += 1;
  console.log('skipped: the published shapes are not beside the checkout');
}
await server.stop();
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
