// SPDX-License-Identifier: EUPL-1.2
// Two processes carry the same two tenants on one PostgreSQL:
//   script/with-postgresql node script/check-tenants.mjs PROGRAM
// What is said at one tenant shows at both processes under its host and never under the other's; a process is killed
// and each tenant's log goes on; another tenant comes and goes with SIGHUP;
// the database goes away and comes back; the processes take no more connections than they say.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const url = process.env.VERBUND_TEST_POSTGRESQL;
const socket = process.env.VERBUND_POSTGRESQL_FOLDER;
const longest = 60_000;
const most = 14;   // connections of a process
const home = temporaryFolder();
const folder = (name) => join(home, name);
const environment = { ...process.env, VERBUND_STORE: `${url}&options=-csearch_path%3Dtenants${process.pid}_{node}` };
delete environment.VERBUND_TEST_POSTGRESQL;
delete environment.VERBUND_POSTGRESQL_FOLDER;
let passed = 0;

function command(name, ...words) {
  const result = run(program, [...words, "--data", folder(name)], { env: environment });
  if (result.status !== 0) throw new Error(`verbund ${words.join(" ")}: ${result.err}`);
  return result.out;
}
const get = (node, host, path) =>
  new Promise((done, failed) => {
    const at = new URL(node.address);
    const asking = request({ host: "127.0.0.1", port: at.port, path, headers: { Host: host } }, (answer) => {
      let text = "";
      answer.on("data", (piece) => (text += piece));
      answer.on("end", () => done({ status: answer.statusCode, text }));
    });
    asking.on("error", failed);
    asking.end();
  });
async function until(what, test) {
  const begin = Date.now();
  while (true) {
    try {
      if (await test()) return console.log(`    ${what}: ${Date.now() - begin} ms`, ++passed ? "" : "");
    } catch (error) {
      if (Date.now() - begin > longest) throw error;
    }
    if (Date.now() - begin > longest) throw new Error(`${what}: not within ${longest} ms`);
    await new Promise((again) => setTimeout(again, 20));
  }
}
let edition = 0;
function say(tenant) {
  const word = `${tenant}wort${++edition}`;
  mkdirSync(folder("stock"), { recursive: true });
  writeFileSync(join(folder("stock"), "a.xml"), `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>
<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="${tenant}">w${edition}</xzufi:id>
<xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul>
<xzufi:inhalt languageCode="de">Titel ${word}</xzufi:inhalt></xzufi:modulText></xzufi:leistung></xzufi:schreibe>
</xzufi:transfer>\n`);
  command("p", "import", "xzufi", join(folder("stock"), "a.xml"), "--source", `s${edition}`, "--tenant", tenant);
  return word;
}
const entries = async (node, tenant) => {
  const lines = (await get(node, `${tenant}.example`, "/network/log/checkpoint")).text.split("\n");
  if (lines[0] !== `${tenant}.example/network/log`) throw new Error(`checkpoint of ${lines[0]} at ${tenant}`);
  return Number(lines[1]);
};
const search = async (node, tenant, words) => (await get(node, `${tenant}.example`, `/suche?q=${words}`)).text;
const shows = async (node, tenant, word) => (await search(node, tenant, word)).includes(`Titel ${word}`);
const health = async (node, tenant) => JSON.parse((await get(node, `${tenant}.example`, "/health")).text).status;

for (const tenant of ["alster", "bille"]) command("p", "tenant", "add", tenant, "--host", `${tenant}.example`);
mkdirSync(folder("q"), { recursive: true });
cpSync(join(folder("p"), "verbund.toml"), join(folder("q"), "verbund.toml"));
for (const tenant of ["alster", "bille"]) {
  const key = join("tenants", tenant, "network/log.key");
  cpSync(join(folder("p"), key), join(folder("q"), key), { recursive: true });
}
const p = await serve(program, ["--data", folder("p")], { env: environment });
const q = await serve(program, ["--data", folder("q")], { env: environment });
const other = { alster: "bille", bille: "alster" };
const said = { alster: [], bille: [] };
async function sayAndSee(nodes) {
  for (const tenant of ["alster", "bille"]) {
    const word = say(tenant);
    said[tenant].push(word);
    for (const [name, node] of nodes) {
      await until(`${name} shows ${word}`, () => shows(node, tenant, word));
      await until(`${name} publishes it`, async () => (await entries(node, tenant)) === said[tenant].length);
      for (const one of said[tenant])
        if (await shows(node, other[tenant], one)) throw new Error(`${one} shows at ${other[tenant]}`);
    }
  }
}
await sayAndSee([["p", p], ["q", q]]);
await sayAndSee([["p", p], ["q", q]]);
const count = Number(execFileSync("psql", ["-h", socket, "-U", "verbund", "-d", "postgres", "-Atc",
  "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'verbund'"], { encoding: "utf8" }));
console.log(`    ${count} connections of two processes with two tenants`);
if (count > 2 * most) throw new Error(`more than ${2 * most} connections`);
++passed;
p.process.kill("SIGKILL");
await sayAndSee([["q", q]]);
// A tenant comes and goes under the process that runs.
const home_of = async (host) => (await get(q, host, "/")).status;
command("q", "tenant", "add", "celle", "--host", "celle.example", "--name", "Stadt Celle");
if ((await home_of("celle.example")) !== 421) throw new Error("celle answers before SIGHUP");
q.process.kill("SIGHUP");
await until("celle answers", async () => (await get(q, "celle.example", "/")).text.includes("Stadt Celle"));
command("q", "tenant", "remove", "celle", "--confirm");
q.process.kill("SIGHUP");
await until("celle is gone", async () => (await home_of("celle.example")) === 421);
await sayAndSee([["q", q]]);
// The database goes away under it, and before another one starts: pages that are kept go on, and all comes back by
// itself.
const database = (word) => execFileSync(join(socket, "control"), [word], { stdio: "ignore" });
const page = await search(q, "alster", "Titel");
database("stop");
for (const tenant of ["alster", "bille"])
  await until(`${tenant} tells the trouble`, async () => (await health(q, tenant)) === "trouble");
if ((await search(q, "alster", "Titel")) !== page) throw new Error("a page from memory changed");
const port = await new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port: free } = probe.address();
    probe.close(() => done(free));
  });
});
const third = serve(program, ["--port", String(port), "--data", folder("p")], { env: environment });
const waiting = { address: `http://127.0.0.1:${port}` };
await until("a process without its database answers",
            async () => (await get(waiting, "alster.example", "/")).status === 503);
database("start");
const again = await third;
await until("q works again", async () => (await health(q, "alster")) === "ok");
await sayAndSee([["q", q], ["p", again]]);
for (const [name, node] of [["q", q], ["p", again]])
  if ((await node.stop()) !== 0) throw new Error(`${name} did not end well: ${node.log()}`);
console.log(`tenants: ${passed} passed, 0 failed`);
process.exit(0);
