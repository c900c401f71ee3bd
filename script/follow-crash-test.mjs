// SPDX-License-Identifier: EUPL-1.2
// Kills publisher and follower with SIGKILL, each TIMES times at random instants: node script/follow-crash-test.mjs PROGRAM TIMES [SEED]
// At the end the follower has every object of the publisher exactly as it was said last: no loss, no duplicate, no gap.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run, seededRandom, serve, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const times = Number(process.argv[3] ?? 200);
const random = seededRandom(process.argv[4]);
const objects = 60;

const home = temporaryFolder();
const folderOf = (node) => join(home, node);
const command = (node, ...words) => {
  const result = run(program, [...words, "--data", folderOf(node)]);
  if (result.status !== 0) throw new Error(`verbund ${words.join(" ")}: ${result.err}`);
  return result.out;
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// A complete stock: most services in the text of this edition, some left out and thereby withdrawn.
function importEdition(edition) {
  const folder = join(home, "stock");
  mkdirSync(folder, { recursive: true });
  let services = "";
  for (let n = 0; n < objects; ++n) {
    if (random() < 0.1) continue;
    services += `<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="crash">s${n}</xzufi:id><xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">Leistung ${n} in Fassung ${edition}</xzufi:inhalt></xzufi:modulText></xzufi:leistung></xzufi:schreibe>\n`;
  }
  writeFileSync(join(folder, "stock.xml"), `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>\n${services}</xzufi:transfer>\n`);
  writeFileSync(join(folder, "index.txt"), "stock.xml\n");
  command("publisher", "import", "xzufi", folder, "--source", "crash");
}

const servers = {};
const ports = {};
async function start(node) {
  const words = ["--data", folderOf(node)];
  if (ports[node]) words.push("--port", ports[node]);
  servers[node] = await serve(program, words);
  ports[node] ??= new URL(servers[node].address).port;
}
async function kill(node) {
  const child = servers[node].process;
  const gone = new Promise((done) => child.on("exit", done));
  child.kill("SIGKILL");
  await gone;
}

importEdition(0);
command("publisher", "node", "init", "--name", "publisher.example/network/log");
command("operator", "node", "init", "--operator", "--name", "operator.example/network/log");
command("follower", "node", "init", "--name", "follower.example/network/log");
await start("operator");
await start("publisher");
await start("follower");
const operator = servers.operator.address;
command("publisher", "node", "join", operator, "--title", "Publisher", "--address", servers.publisher.address, "--areas", "01", "--levels", "state");
command("operator", "node", "admit", "publisher.example/network/log");
command("follower", "node", "join", operator, "--title", "Follower", "--address", servers.follower.address, "--agencies", "nobody", "--areas", "02", "--levels", "municipality");
command("operator", "node", "admit", "follower.example/network/log");

// Both at the same time, each at its own instant: now one is away when the other writes, now both are.
const kills = { publisher: 0, follower: 0 };
for (let round = 1; round <= times; ++round) {
  importEdition(round);
  const instants = { publisher: random() * 300, follower: random() * 300 };
  await Promise.all(
    Object.keys(kills).map(async (node) => {
      await sleep(instants[node]);
      await kill(node);
      ++kills[node];
      await start(node);
    }),
  );
}

// A folder export of each; only what the publisher's agency gives ids for is there.
const state = (node) => {
  const folder = join(home, `export-${node}`);
  rmSync(folder, { recursive: true, force: true });
  command(node, "export", "json", folder);
  return run("cat", [join(folder, "service.ndjson")]).out;
};
const wanted = state("publisher");
const until = Date.now() + 60_000;
let found = "";
while ((found = state("follower")) !== wanted && Date.now() < until) await sleep(300);
if (found !== wanted) throw new Error(`the follower has another state: ${command("follower", "node", "status")}`);
const heard = () => JSON.parse(command("follower", "node", "status", "--json")).following.logs.find((one) => one.name.startsWith("publisher"));
let log = heard();
while (["away", "connecting"].includes(log.trouble) && Date.now() < until) {   // the publisher was killed last: it is asked again soon
  await sleep(300);
  log = heard();
}
const published = JSON.parse(command("publisher", "node", "status", "--json"));
if (log.applied !== published.entries || log.missing !== 0 || log.refused !== 0 || log.trouble !== "none") {
  throw new Error(`${published.entries} entries, but ${JSON.stringify(log)}`);
}
command("follower", "log", "verify", join(folderOf("follower"), "network/heard/publisher.example_2fnetwork_2flog"), "--key", published.key, "--entries-only");
console.log(`    killed: ${kills.publisher} publishers, ${kills.follower} followers; ${published.entries} entries, each applied once`);
for (const node of Object.keys(servers)) await servers[node].stop();
process.exit(0);
