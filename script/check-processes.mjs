// SPDX-License-Identifier: EUPL-1.2
// Several processes of one node on one PostgreSQL: script/with-postgresql node script/check-processes.mjs PROGRAM [KILLS]
// The leading process is killed again and again while imports go on: another takes the log over within seconds, there are
// never two, no entry is missing or there twice, all answer alike. Then the database goes away and comes back, in the
// middle and before the start: reading goes on, writing says so, nobody is started again.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const kills = Number(process.argv[3] ?? 5);
const services = 20;
const longest_takeover = 15_000;   // milliseconds: the server notices a dead leader, another one asks twice a second

const url = process.env.VERBUND_TEST_POSTGRESQL;
const control = join(process.env.VERBUND_POSTGRESQL_FOLDER, "control");
const environment = { ...process.env, VERBUND_STORE: `${url}&options=-csearch_path%3Dprocesses${process.pid}` };
delete environment.VERBUND_TEST_POSTGRESQL;
delete environment.VERBUND_POSTGRESQL_FOLDER;

const home = temporaryFolder();
const folder = (name) => join(home, name);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const fail = (text) => {
  throw new Error(text);
};
function command(name, ...words) {
  const result = run(program, [...words, "--data", folder(name)], { env: environment });
  if (result.status !== 0) fail(`verbund ${words.join(" ")}: ${result.err}`);
  return result.out;
}
async function get(address, path, options = {}) {
  const answer = await fetch(address + path, { signal: AbortSignal.timeout(20_000), redirect: "manual", ...options });
  return { status: answer.status, text: await answer.text() };
}
async function until(what, most, test) {
  const begin = Date.now();
  while (true) {
    try {
      if (await test()) return Date.now() - begin;
    } catch (error) {
      if (Date.now() - begin > most) throw error;
    }
    if (Date.now() - begin > most) fail(`${what}: not within ${most} ms`);
    await sleep(10);
  }
}
let edition = 0;
function importEdition() {
  const number = ++edition;
  mkdirSync(folder("stock"), { recursive: true });
  let objects = "";
  for (let n = 0; n < services; ++n)
    objects += `<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="crash" schemeID="Leistung">s${n}</xzufi:id><xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">Leistung ${n} in Fassung ${number}</xzufi:inhalt></xzufi:modulText></xzufi:leistung></xzufi:schreibe>\n`;
  writeFileSync(join(folder("stock"), "stock.xml"), `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>\n${objects}</xzufi:transfer>\n`);
  writeFileSync(join(folder("stock"), "index.txt"), "stock.xml\n");
  command("tools", "import", "xzufi", folder("stock"), "--source", "crash");
}
const entries = (text) => Number(text.split("\n")[1]);
const published = async (node) => entries((await get(node.address, "/network/log/checkpoint")).text);
const leads = async (node) => /verbund_log_leads 1/.test((await get(node.address, "/metrics")).text);
const start = (name) => serve(program, ["--data", folder(name)], { env: environment });

// One node: the key of its log is on each machine, everything else comes from the database.
command("a", "node", "init", "--name", "crash.example/network/log");
for (const name of ["b", "tools"]) {
  mkdirSync(folder(name), { recursive: true });
  mkdirSync(join(folder(name), "network"));
  cpSync(join(folder("a"), "network/log.key"), join(folder(name), "network/log.key"));
}
const nodes = new Map();
for (const name of ["a", "b"]) nodes.set(name, await start(name));

const takeovers = [];
const shown = [];
for (let round = 0; round <= kills; ++round) {
  importEdition();
  const wanted = edition * services;
  for (const node of nodes.values())
    shown.push(await until(`entry ${wanted} at each process`, longest_takeover, async () => (await published(node)) === wanted));
  for (const path of ["/network/log/checkpoint", "/api/v1/services?q=Leistung", "/suche?q=Leistung"]) {
    const texts = [];
    // Each process shows the index it has: within a second all the newest one.
    await until(`${path} alike`, 3_000, async () => {
      texts.length = 0;
      for (const node of nodes.values()) texts.push((await get(node.address, path)).text);
      return texts.every((text) => text === texts[0]);
    });
  }
  let leader = null;
  for (const [name, node] of nodes) {
    if (!(await leads(node))) continue;
    if (leader) fail("two processes lead");
    leader = name;
  }
  if (!leader) fail("no process leads");
  if (round === kills) break;
  const gone = new Promise((done) => nodes.get(leader).process.on("exit", done));
  nodes.get(leader).process.kill("SIGKILL");
  await gone;
  const other = nodes.get(leader === "a" ? "b" : "a");
  takeovers.push(await until("another process leads", longest_takeover, () => leads(other)));
  importEdition();
  await until("another process continues the log", longest_takeover,
    async () => (await published(other)) === edition * services);
  nodes.set(leader, await start(leader));
}
for (const name of ["a", "b"]) {
  const verified = JSON.parse(command(name, "log", "verify", folder(name), "--json")).entries;
  if (verified !== edition * services) fail(`${name}: ${verified} entries, ${edition * services} changes`);
}
takeovers.sort((x, y) => x - y);
shown.sort((x, y) => x - y);
console.log(`    ${kills} leaders killed: taken over within ${takeovers.at(-1)} ms (median ${takeovers[takeovers.length >> 1]} ms); ` +
  `${edition * services} changes, each once in the log of both; an import shows everywhere after ${shown[shown.length >> 1]} ms (median)`);

// The database goes away under two running processes.
const database = (word) => execFileSync(control, [word], { stdio: "ignore" });
const page = (await get(nodes.get("a").address, "/suche?q=Leistung")).text;
database("stop");
for (const node of nodes.values()) {
  await until("the trouble is told", 10_000, async () => /"status":"trouble"/.test((await get(node.address, "/health")).text));
  if ((await get(node.address, "/suche?q=Leistung")).text !== page) fail("a page from memory changed");
  for (const path of ["/", "/suche?q=Fassung", "/network/log/checkpoint", "/health/live", "/health/ready"]) {
    const answer = await get(node.address, path);
    if (answer.status !== 200) fail(`${path}: ${answer.status} without the database`);
  }
  if ((await get(node.address, "/health/ready?write=1")).status !== 503) fail("ready to write without the database");
  const begin = Date.now();
  const report = await get(node.address, "/barriere-melden", {
    method: "POST", body: "text=Die+Seite+ist+nicht+lesbar", headers: { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" } });
  if (report.status < 500 && report.status !== 404) fail(`a report was answered with ${report.status} without the database`);
  if (Date.now() - begin > 5_000) fail(`a report waited ${Date.now() - begin} ms`);
}
// A third one is started before the database is there: on a port that is known.
const port = await new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port: free } = probe.address();
    probe.close(() => done(free));
  });
});
mkdirSync(folder("c"), { recursive: true });
cpSync(join(folder("b"), "network/log.key"), join(folder("c"), "network/log.key"));
const third = serve(program, ["--port", String(port), "--data", folder("c")], { env: environment });
const waiting = `http://127.0.0.1:${port}`;
await until("an answer while the database is away", 10_000, async () => (await get(waiting, "/health/live")).status === 200);
if ((await get(waiting, "/")).status !== 503 || (await get(waiting, "/health/ready")).status !== 503) fail("ready before its database");
database("start");
const back = [];
for (const node of nodes.values())
  back.push(await until("it works again", 20_000, async () => /"status":"ok"/.test((await get(node.address, "/health")).text)));
nodes.set("c", await third);
importEdition();
for (const node of nodes.values())
  await until("the log goes on", longest_takeover, async () => (await published(node)) === edition * services);
database("kill");
database("start");
importEdition();
for (const node of nodes.values())
  await until("the log goes on after a crash", longest_takeover, async () => (await published(node)) === edition * services);
console.log(`    database stopped, started, crashed: three processes went on by themselves, healthy after ${Math.max(...back)} ms`);
for (const node of nodes.values()) {
  const status = await node.stop();
  if (status !== 0) fail(`a process ended with ${status}: ${node.log()}`);
}
process.exit(0);
