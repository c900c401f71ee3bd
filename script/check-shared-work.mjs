// SPDX-License-Identifier: EUPL-1.2
// Three processes of one node on one PostgreSQL share what it does in a network:
// script/with-postgresql node script/check-shared-work.mjs PROGRAM [KILLS]
// Each log is followed by exactly one of them, each follows as many; whoever follows is killed again and again, another
// takes over, and all of them show what was published and hand it on. As a witness they never sign two histories,
// whichever is asked. A command in a new folder reads what they have.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const kills = Number(process.argv[3] ?? 5);
const longest = 30_000;   // milliseconds; what it took is printed

const shared = { ...process.env,
  VERBUND_STORE: `${process.env.VERBUND_TEST_POSTGRESQL}&options=-csearch_path%3Dshared${process.pid}` };
const alone = { ...process.env };
for (const environment of [shared, alone]) {
  delete environment.VERBUND_TEST_POSTGRESQL;
  delete environment.VERBUND_POSTGRESQL_FOLDER;
}

const home = temporaryFolder();
const folder = (name) => join(home, name);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const fail = (text) => {
  throw new Error(text);
};
const members = ["a", "b", "c"];
const environmentOf = (name) => (members.includes(name) || name === "tools" ? shared : alone);
function command(name, ...words) {
  const result = run(program, [...words, "--data", folder(name)], { env: environmentOf(name) });
  if (result.status !== 0) fail(`verbund ${words.join(" ")}: ${result.err}`);
  return result.out;
}
async function get(address, path, options = {}) {
  const answer = await fetch(address + path, { signal: AbortSignal.timeout(20_000), redirect: "manual", ...options });
  return { status: answer.status, text: await answer.text() };
}
async function until(what, test) {
  const begin = Date.now();
  while (true) {
    try {
      if (await test()) return Date.now() - begin;
    } catch (error) {
      if (Date.now() - begin > longest) throw error;
    }
    if (Date.now() - begin > longest) fail(`${what}: not within ${longest} ms`);
    await sleep(10);
  }
}
function importText(name, agency, text) {
  const stock = folder(`stock-${name}`);
  mkdirSync(stock, { recursive: true });
  writeFileSync(join(stock, "stock.xml"), `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>
<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="${agency}">1</xzufi:id><xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">${text}</xzufi:inhalt></xzufi:modulText></xzufi:leistung></xzufi:schreibe>
</xzufi:transfer>\n`);
  writeFileSync(join(stock, "index.txt"), "stock.xml\n");
  command(name, "import", "xzufi", stock, "--source", agency);
}
const start = (name) => serve(program, ["--data", folder(name)], { env: environmentOf(name) });
const hears = (log) => `/network/heard/${log.replaceAll("/", "_2f")}/log/checkpoint`;
const nodes = new Map();
const shows = async (name, words) => (await get(nodes.get(name).address, `/suche?q=${words.replaceAll(" ", "+")}`)).text.includes(words);

// An operator and two towns, each alone on its machine.
command("land", "node", "init", "--operator", "--name", "land.example/network/log", "--title", "Land");
nodes.set("land", await start("land"));
for (const town of ["stadt", "dorf"]) {
  importText(town, town, `Drachenflug in ${town} Fassung 0`);
  command(town, "node", "init", "--name", `${town}.example/network/log`);
  nodes.set(town, await start(town));
  command(town, "node", "join", nodes.get("land").address, "--title", town, "--address", nodes.get(town).address,
    "--agencies", town, "--areas", town === "stadt" ? "010600063063" : "010600004004");
  command("land", "node", "admit", `${town}.example`);
}
const operatorKey = (await get(nodes.get("land").address, "/network/members/key")).text.trim();

// A node of three processes that follows them. Its keys are on each machine.
const settings = `[network]\nname = "kreis.example/network/log"\noperator = "${nodes.get("land").address}"\noperator_key = "${operatorKey}"\n`;
for (const name of [...members, "tools"]) {
  mkdirSync(join(folder(name), "network"), { recursive: true });
  writeFileSync(join(folder(name), "verbund.toml"), settings);
}
command("a", "node", "init", "--name", "kreis.example/network/log");
for (const name of ["b", "c", "tools"]) {
  for (const key of ["log.key", "witness.key"]) cpSync(join(folder("a"), "network", key), join(folder(name), "network", key));
}
importText("tools", "kreis", "Drachenflug im Kreis");
for (const name of members) nodes.set(name, await start(name));

const logs = ["stadt.example/network/log", "dorf.example/network/log", "land.example/network/members"];
async function followers() {   // of each log
  const out = new Map(logs.map((log) => [log, []]));
  for (const name of members) {
    const text = (await get(nodes.get(name).address, "/metrics")).text;
    for (const log of logs) if (text.includes(`verbund_followed_here{log="${log}"} 1`)) out.get(log).push(name);
  }
  return out;
}
const divided = async () => {
  const all = [...(await followers()).values()];
  return all.every((one) => one.length === 1) && new Set(all.flat()).size === members.length;
};
await until("each log is followed by one process, each process follows one", divided);

const takeovers = [];
const shown = [];
async function allShow(words) {
  for (const name of members) shown.push(await until(`${name} shows ${words}`, () => shows(name, words)));
}
for (const town of ["stadt", "dorf"]) await allShow(`Drachenflug in ${town} Fassung 0`);
shown.length = 0;
for (let round = 1; round <= kills; ++round) {
  const town = round % 2 ? "stadt" : "dorf";
  const [follower] = (await followers()).get(`${town}.example/network/log`);
  const gone = new Promise((done) => nodes.get(follower).process.on("exit", done));
  nodes.get(follower).process.kill("SIGKILL");
  await gone;
  const others = members.filter((name) => name !== follower);
  const words = `Drachenflug in ${town} Fassung ${round}`;
  const begin = Date.now();
  importText(town, town, words);
  await Promise.all(others.map((name) => until(`${name} shows ${words}`, () => shows(name, words))));
  takeovers.push(Date.now() - begin);
  nodes.set(follower, await start(follower));
  await until("all of them follow again", divided);
  await allShow(words);
  for (const log of logs) {
    const from = log.endsWith("members") ? [nodes.get("land").address, "/network/members/checkpoint"]
      : [nodes.get(log.split(".")[0]).address, "/network/log/checkpoint"];
    const published = (await get(...from)).text;
    for (const name of members)
      await until(`${name} hands on ${log}`, async () => (await get(nodes.get(name).address, hears(log))).text === published);
  }
}
takeovers.sort((x, y) => x - y);
shown.length = 0;
for (const [index, town] of ["stadt", "dorf", "stadt", "dorf", "stadt"].entries()) {
  const words = `Drachenflug in ${town} Blatt ${index}`;
  importText(town, town, words);
  await allShow(words);
}
shown.sort((x, y) => x - y);
console.log(`    three processes follow two towns and their operator, each log by one; ${kills} followers killed: what was ` +
  `published then shows at the others within ${takeovers.at(-1)} ms (median ${takeovers[takeovers.length >> 1]} ms); ` +
  `otherwise ${shown[shown.length >> 1]} ms after the command (median)`);

// A second history of the town's log, under the town's key.
mkdirSync(join(folder("liar"), "network"), { recursive: true });
cpSync(join(folder("stadt"), "network/log.key"), join(folder("liar"), "network/log.key"));
for (let n = 0; ; ++n) {
  importText("liar", "stadt", `Etwas anderes ${n}`);
  command("liar", "node", "init", "--name", "stadt.example/network/log");
  const size = (text) => Number(text.split("\n")[1]);
  const status = JSON.parse(command("liar", "node", "status", "--json"));
  if (status.entries >= size((await get(nodes.get("stadt").address, "/network/log/checkpoint")).text)) break;
}
const liar = await start("liar");
const histories = [(await get(nodes.get("stadt").address, "/network/log/checkpoint")).text,
  (await get(liar.address, "/network/log/checkpoint")).text];
const ask = async (name, note) => (await get(nodes.get(name).address, "/network/witness/add-checkpoint",
  { method: "POST", body: `old 0\n\n${note}` })).status;
const answers = await Promise.all(["a", "b", "c", "a", "b", "c"].map((name, i) => ask(name, histories[i % 2])));
const signed = [0, 1].map((history) => answers.some((status, i) => status === 200 && i % 2 === history));
if (signed[0] === signed[1]) fail(`two histories were asked for: ${answers}`);
for (const name of members) {
  const status = await ask(name, histories[signed[0] ? 1 : 0]);
  if (status !== 409) fail(`${name} answers ${status} to the other history`);
  await until(`${name} knows of the fork`, async () =>
    /verbund_forked_logs 1/.test((await get(nodes.get(name).address, "/metrics")).text));
}
console.log("    two histories, three processes of one witness asked at once: one was signed, all know of the fork");

// A command reads what the processes have, in a folder that had only the keys.
const verified = JSON.parse(command("tools", "log", "verify", folder("tools"), "--json"));
if (verified.entries !== 1 || !verified.valid) fail(`log verify: ${JSON.stringify(verified)}`);
const status = JSON.parse(command("tools", "node", "status", "--json"));
if (status.forked[0] !== "stadt.example/network/log") fail(`node status: ${JSON.stringify(status.forked)}`);

for (const node of [...nodes.values(), liar]) {
  const ended = await node.stop();
  if (ended !== 0) fail(`a process ended with ${ended}: ${node.log()}`);
}
process.exit(0);
