// SPDX-License-Identifier: EUPL-1.2
// Kills a publishing node with SIGKILL at random instants: node script/log-crash-test.mjs PROGRAM TIMES [SEED]
// After each kill the log must verify and be no shorter than before; at the end it holds every change exactly once.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run, serve, seededRandom, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const times = Number(process.argv[3] ?? 200);
const services = 60;   // of an edition
const random = seededRandom(process.argv[4]);

const home = temporaryFolder();
const data = join(home, "data");
const command = (...words) => {
  const result = run(program, [...words, "--data", data]);
  if (result.status !== 0) throw new Error(`verbund ${words.join(" ")}: ${result.err}`);
  return result.out;
};

// A complete stock, each text of this edition.
function importEdition(edition) {
  const folder = join(home, "stock");
  mkdirSync(folder, { recursive: true });
  let objects = "";
  for (let n = 0; n < services; ++n) {
    objects += `<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="crash" schemeID="Leistung">s${n}</xzufi:id><xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">Leistung ${n} in Fassung ${edition}</xzufi:inhalt></xzufi:modulText></xzufi:leistung></xzufi:schreibe>\n`;
  }
  writeFileSync(join(folder, "stock.xml"), `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>\n${objects}</xzufi:transfer>\n`);
  writeFileSync(join(folder, "index.txt"), "stock.xml\n");
  command("import", "xzufi", folder, "--source", "crash");
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const verified = () => JSON.parse(command("log", "verify", data, "--json")).entries;

command("node", "init", "--name", "crash.example/network/log");
let entries = 0;
let kept = 0;
for (let round = 0; round < times; ++round) {
  importEdition(round);
  const server = await serve(program, ["--data", data]);
  await sleep(random() * 250);
  const gone = new Promise((done) => server.process.on("exit", done));
  server.process.kill("SIGKILL");
  await gone;
  const now = verified();
  if (now < entries) throw new Error(`round ${round}: the log fell from ${entries} to ${now} entries`);
  if (now > entries) ++kept;
  entries = now;
}
command("node", "init");   // publishes the rest
const status = JSON.parse(command("node", "status", "--json"));
const changes = JSON.parse(command("status", "--json")).changes;
if (status.pending !== 0 || verified() !== changes || changes !== times * services) {
  throw new Error(`${changes} changes, ${status.entries} entries, ${status.pending} pending`);
}
console.log(`    ${times} publishers killed: ${kept} had published something; ${changes} changes, each once in the log`);
process.exit(0);
