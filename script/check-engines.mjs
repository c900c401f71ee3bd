// SPDX-License-Identifier: EUPL-1.2
// The same on both engines: script/with-postgresql node script/check-engines.mjs PROGRAM
// The demo's catalogue is imported into an empty SQLite and an empty PostgreSQL. Exports, pages and answers of the two
// are compared byte for byte. Masked are the address of the server (its port) and times (a date with a time of day).
// Ends with "N passed, N failed"; a page that is not there is a failure, too.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const url = process.env.VERBUND_TEST_POSTGRESQL;
if (!url) throw new Error("script/with-postgresql starts a server for it");
const plain = { ...process.env };
delete plain.VERBUND_TEST_POSTGRESQL;
delete plain.VERBUND_POSTGRESQL_FOLDER;
const engines = {
  sqlite: plain,
  postgresql: { ...plain, VERBUND_STORE: `${url}&options=-csearch_path%3Dengines${process.pid}` },
};
const paths = [
  "/", "/?lang=en", "/norderstedt", "/lebenslagen", "/suche?q=Perso+verloren&ort=22846", "/suche?q=Hund&ort=22846",
  "/suche?q=%C3%84mter", "/suche?q=Qwxzv", "/suche?q=Ausweis&lang=en", "/norderstedt/verlust-oder-diebstahl-des-ausweises-melden",
  "/norderstedt/verlust-oder-diebstahl-des-ausweises-melden?lang=de-simple", "/api/v1/services?q=Ausweis&area=22846",
  "/api/v1/services?q=Hund&area=22846&limit=50", "/orte.json?q=Norder", "/api/v1/areas?q=Norder", "/api/v1/openapi.json",
  "/bereitstellung/xzufi/index.txt", "/api/v1/cpsv?limit=5",
];
const home = temporaryFolder();
let passed = 0;
let failed = 0;
const mask = (text, address) =>
  text.replaceAll(address, "ADDRESS").replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, "TIME");
function compare(name, one, other) {
  if (one === other) {
    ++passed;
    return;
  }
  ++failed;
  let at = 0;
  while (at < one.length && one[at] === other[at]) ++at;
  console.log(`    FAILED ${name}\n      sqlite     ${JSON.stringify(one.slice(Math.max(0, at - 60), at + 100))}` +
    `\n      postgresql ${JSON.stringify(other.slice(Math.max(0, at - 60), at + 100))}`);
}
const files = (folder) =>
  readdirSync(folder, { recursive: true }).map(String).filter((name) => statSync(join(folder, name)).isFile()).sort();

const shown = {};
for (const [engine, env] of Object.entries(engines)) {
  const texts = (shown[engine] = new Map());
  const data = join(home, engine);
  const server = await serve(program, ["--demo", "--data", data], { env });
  for (const path of paths) {
    const answer = await fetch(server.address + path, { redirect: "manual" });
    texts.set(`GET ${path}`, `${answer.status} ${mask(await answer.text(), server.address)}`);
  }
  // What is known by its id: everything that a search at the place leads to.
  const found = await (await fetch(server.address + "/api/v1/services?q=Ausweis&area=22846&limit=5")).json();
  for (const { id } of found.hits) {
    const service = `/api/v1/services/${encodeURIComponent(id)}?area=22846`;
    const responsible = `/api/v1/responsibilities?service=${encodeURIComponent(id)}&area=22846`;
    const more = [service, responsible];
    for (const path of more) {
      const answer = await fetch(server.address + path);
      const text = await answer.text();
      texts.set(`GET ${path}`, `${answer.status} ${mask(text, server.address)}`);
      for (const [, unit] of text.matchAll(/"([A-Za-z0-9-]+\.OE\.[^"]+)"/g)) {
        const one = `/api/v1/units/${encodeURIComponent(unit)}`;
        if (!more.includes(one)) more.push(one);
      }
    }
  }
  for (let looks = 0; ; ++looks) {
    const numbers = await (await fetch(server.address + "/metrics")).text();
    if (/^verbund_log_pending 0$/m.test(numbers) && /^verbund_log_entries [1-9]/m.test(numbers)) break;
    if (looks > 600) throw new Error(`${engine}: the log is not written`);
    await new Promise((done) => setTimeout(done, 100));
  }
  const status = await server.stop();
  if (status !== 0) throw new Error(`${engine}: ended with ${status}: ${server.log()}`);
  for (const format of ["json", "xzufi", "cpsv"]) {
    const out = join(home, `${engine}-${format}`);
    const result = run(program, ["export", format, out, "--data", data], { env });
    if (result.status !== 0) throw new Error(`${engine}: export ${format}: ${result.err}`);
    for (const name of files(out)) texts.set(`${format} ${name}`, mask(readFileSync(join(out, name), "utf8"), "\0"));
  }
}
for (const engine of Object.keys(engines)) {
  // Entries of the log have times and therefore other hashes; what they say is the same, in the same order.
  const out = join(home, `${engine}-log`);
  const result = run(program, ["log", "export", out, "--data", join(home, engine)], { env: engines[engine] });
  if (result.status !== 0) throw new Error(`${engine}: log export: ${result.err}`);
  const names = files(out).filter((name) => name.startsWith("bodies/"));
  for (const name of names) shown[engine].set(`log ${name}`, readFileSync(join(out, name), "latin1"));
  shown[engine].set("log files", names.length > 0 ? files(out).filter((name) => name !== "handover").join("\n") : "(none)");
}
for (const kind of ["/api/v1/units/", "/api/v1/responsibilities"])
  if (![...shown.sqlite.keys()].some((name) => name.startsWith(`GET ${kind}`))) throw new Error(`nothing under ${kind} was compared`);
for (const name of new Set([...shown.sqlite.keys(), ...shown.postgresql.keys()]))
  compare(name, shown.sqlite.get(name) ?? "(not there)", shown.postgresql.get(name) ?? "(not there)");
for (const [name, text] of shown.sqlite) {
  if (!name.startsWith("GET ") || /^[23]/.test(text)) continue;
  ++failed;
  console.log(`    FAILED ${name} gave ${text.slice(0, 3)}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > paths.length ? 0 : 1);
