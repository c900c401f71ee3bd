// SPDX-License-Identifier: EUPL-1.2
// Kills an import with SIGKILL at random instants: node script/crash-test.mjs PROGRAM TIMES [SEED]
// After each kill the store must be sound and hold either the old or the new state of the source, never a mixture.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run, seededRandom, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const times = Number(process.argv[3] ?? 200);
const random = seededRandom(process.argv[4]);

// A stock of `services` services, one unit and a responsibility each; `edition` changes every text and drops some.
function writeStock(folder, edition, services) {
  mkdirSync(folder, { recursive: true });
  const id = (scheme, value) => `<xzufi:id schemeAgencyID="crash" schemeID="${scheme}">${value}</xzufi:id>`;
  let objects = `<xzufi:schreibe><xzufi:organisationseinheit>${id("Organisationseinheit", "u1")}<xzufi:name><xzufi:name languageCode="de">Amt ${edition}</xzufi:name></xzufi:name></xzufi:organisationseinheit></xzufi:schreibe>\n`;
  for (let n = 0; n < services; ++n) {
    if (n % 7 === edition) continue;
    objects += `<xzufi:schreibe><xzufi:leistung>${id("Leistung", `s${n}`)}<xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">Leistung ${n} in Fassung ${edition}</xzufi:inhalt></xzufi:modulText></xzufi:leistung></xzufi:schreibe>\n`;
    objects += `<xzufi:schreibe><xzufi:zustaendigkeitTransferObjekt><xzufi:uebergeordnetesObjektID schemeAgencyID="crash" schemeID="Organisationseinheit">u1</xzufi:uebergeordnetesObjektID><xzufi:zustaendigkeit>${id("ZustaendigkeitOrganisationseinheit", `z${n}`)}<xzufi:leistungID schemeAgencyID="crash" schemeID="Leistung">s${n}</xzufi:leistungID><xzufi:gebietID schemeID="ARS">010600063063</xzufi:gebietID></xzufi:zustaendigkeit></xzufi:zustaendigkeitTransferObjekt></xzufi:schreibe>\n`;
  }
  writeFileSync(join(folder, "stock.xml"), `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>\n${objects}</xzufi:transfer>\n`);
  writeFileSync(join(folder, "index.txt"), "stock.xml\n");
}

const home = temporaryFolder();
const data = join(home, "data");
const stocks = [0, 1].map((edition) => {
  const folder = join(home, `stock${edition}`);
  writeStock(folder, edition, 1500);
  return folder;
});
const words = (edition) => ["import", "xzufi", stocks[edition], "--source", "crash", "--data", data];
const state = () => JSON.parse(run(program, ["status", "--json", "--data", data]).out).state;
const importWhole = (edition) => {
  const start = Date.now();
  const result = run(program, words(edition));
  if (result.status !== 0) throw new Error(`import failed: ${result.err}`);
  return Date.now() - start;
};

importWhole(0);
const states = [state()];
const usual = importWhole(1);
states.push(state());
if (states[0] === states[1] || !states[0]) throw new Error("both stocks give the same state");
let present = 1;
const outcomes = { old: 0, new: 0 };
for (let round = 0; round < times; ++round) {
  const wanted = 1 - present;
  const child = spawn(program, words(wanted), { stdio: "ignore" });
  const ended = new Promise((done) => child.on("exit", done));
  await new Promise((done) => setTimeout(done, random() * usual * 1.5));
  child.kill("SIGKILL");
  await ended;
  const check = run(program, ["store", "check", "--data", data]);
  if (check.status !== 0) throw new Error(`round ${round}: the store is damaged: ${check.out}${check.err}`);
  const now = states.indexOf(state());
  if (now < 0) throw new Error(`round ${round}: the store holds neither the old nor the new state`);
  ++outcomes[now === wanted ? "new" : "old"];
  present = now;
}
console.log(`    ${times} kills within ${usual} ms imports: ${outcomes.old} times the old state, ${outcomes.new} times the new one, never another`);
