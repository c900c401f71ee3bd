// SPDX-License-Identifier: EUPL-1.2
// How many keys a person at the service line presses until the right answer stands there:
//   node script/measure-keystrokes.mjs QUERIES.tsv POSTAL_CODE ADDRESS
// For each judged query: the query as written and Enter, one digit more for hits 2 to 9 ("as written"); and its
// shortest beginning that leads to the same answer ("at least"). The place is set already. Prints both distributions
// and fails if a tenth of the queries does not reach the answer.
import { readFileSync } from 'node:fs';

const [file, place, address] = process.argv.slice(2);
if (!address) {
  console.error('usage: node script/measure-keystrokes.mjs QUERIES.tsv POSTAL_CODE ADDRESS');
  process.exit(2);
}

// query <tab> local ids of the services that help, separated by commas <tab> area <tab> kind; the first line are names.
const queries = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  .slice(1).map((line) => line.split('\t'));
async function hits(query) {
  const url = new URL('/api/v1/services', address);
  url.search = new URLSearchParams({ q: query, area: place, limit: '9' }).toString();
  return (await (await fetch(url)).json()).hits.map((hit) => hit.local_id);
}

const keys = (query, position) => query.length + 1 + (position > 0 ? 1 : 0);
const written = [];
const least = [];
let missed = 0;
for (const [query, relevant] of queries) {
  const wanted = relevant.split(',');
  const position = (await hits(query)).findIndex((id) => wanted.includes(id));
  if (position < 0) {
    missed += 1;
    continue;
  }
  written.push(keys(query, position));
  let best = keys(query, position);
  for (let length = 3; length < query.length && length + 1 < best; length += 1) {
    const found = (await hits(query.slice(0, length))).findIndex((id) => wanted.includes(id));
    if (found >= 0) best = Math.min(best, keys(query.slice(0, length), found));
  }
  least.push(best);
}

function tell(name, numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const quantile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  console.log(`${name}: median ${quantile(0.5)}, p90 ${quantile(0.9)}, most ${sorted.at(-1)} keys`);
}
console.log(`${written.length} queries answered, ${missed} not among the first nine`);
tell('as written', written);
tell('at least', least);
process.exit(missed * 10 > written.length + missed ? 1 : 0);
