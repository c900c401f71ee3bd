// SPDX-License-Identifier: EUPL-1.2
// Both engines side by side in one run: script/with-postgresql --durable node bench/stores.mjs [--objects N] [--seconds N]
// [--parts load,write,read,publish]. Needs psql, pgbench and wrk (script/bootstrap bench) and, for write, build/store_bench
// (-DVERBUND_BENCH=ON).
// load: `verbund import json` of N responsibilities into an empty node on each engine; the floor is plain COPY of the rows
//   that this left in the three tables, in one transaction into empty tables with the same keys and indexes.
// write: changed objects, each a durable transaction of its own, beside pgbench's simple update (-N) on the same cluster.
// read: requests a second on one process, and on two processes of one node at the same time.
// publish: from the end of an import to the checkpoint of the node's log, on each engine.
import { createHash } from "node:crypto";
import { chmodSync, closeSync, createReadStream, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Editor } from "../script/cluster-load.mjs";
import { run, serve, temporaryFolder } from "../script/program.mjs";
import { publications, requests } from "./measuring.mjs";

const options = { objects: 1_000_000, seconds: 10, parts: "load,write,read,publish", catalogue: "" };
for (let words = process.argv.slice(2); words.length > 0; ) {
  const name = words.shift().replace(/^--/, "");
  if (!(name in options)) throw new Error(`unknown word ${name}`);
  options[name] = typeof options[name] === "number" ? Number(words.shift()) : words.shift();
}
const build = join(dirname(fileURLToPath(import.meta.url)), "../build");
const program = resolve(process.env.VERBUND ?? join(build, "verbund"));
const url = process.env.VERBUND_TEST_POSTGRESQL;
if (!url) throw new Error("script/with-postgresql --durable starts a server for it");
const plain = { ...process.env };
delete plain.VERBUND_TEST_POSTGRESQL;
delete plain.VERBUND_POSTGRESQL_FOLDER;
const schema = (name) => `${url}&options=-csearch_path%3D${name}`;
const home = temporaryFolder();
chmodSync(home, 0o755);
const seconds = (begin) => (performance.now() - begin) / 1000;
const rate = (count, time) => `${Math.round(count / time).toLocaleString("en")}/s`;
function ask(sql, where = url) {
  const out = run("psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", where, "-c", sql]);
  if (out.status !== 0) throw new Error(out.err);
  return out.out.trim();
}
function verbund(words, env) {
  const begin = performance.now();
  const out = run(program, words, { env });
  if (out.status !== 0) throw new Error(`verbund ${words.join(" ")}: ${out.out}${out.err}`);
  return seconds(begin);
}

// The first N responsibilities of an invented Germany, as a stock of their own. --catalogue: a folder where that was done.
async function stock() {
  const folder = options.catalogue || join(home, "stock");
  if (existsSync(join(folder, "manifest.json"))) return folder;
  const whole = join(home, "whole");
  const scale = Math.max(0.002, (options.objects / 4_100_000) * 1.05);
  verbund(["generate", "--scale", String(scale.toFixed(4)), whole], plain);
  mkdirSync(folder, { recursive: true });
  const out = openSync(join(folder, "responsibility.ndjson"), "w");
  // The digest of a file of an export goes from line to line (json_layout.h).
  let digest = "", objects = 0, piece = "";
  for await (const line of createInterface({ input: createReadStream(join(whole, "catalogue/responsibility.ndjson")) })) {
    if (objects === options.objects) break;
    ++objects;
    digest = createHash("sha256").update(`${digest}\n${line}`).digest("hex");
    piece += line + "\n";
    if (piece.length > 1 << 20) piece = writeSync(out, piece) && "";
  }
  writeSync(out, piece);
  closeSync(out);
  if (objects !== options.objects) throw new Error(`only ${objects} responsibilities: a larger scale`);
  const manifest = JSON.parse(readFileSync(join(whole, "catalogue/manifest.json"), "utf8"));
  for (const kind of Object.keys(manifest.files)) {
    if (kind !== "responsibility") writeFileSync(join(folder, `${kind}.ndjson`), "");
    manifest.files[kind] = kind === "responsibility" ? { digest, objects } : { digest: "", objects: 0 };
  }
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  return folder;
}

const tables = ["directory_object", "directory_body", "directory_change"];
async function load() {
  const folder = await stock();
  const bytes = statSync(join(folder, "responsibility.ndjson")).size;
  console.log(`load: ${options.objects.toLocaleString("en")} responsibilities, ${Math.round(bytes / 1e6)} MB of JSON`);
  const importing = (name, env) => {
    const data = join(home, name);
    verbund(["status", "--data", data], env);   // makes the store
    ask("CHECKPOINT");
    return verbund(["import", "json", folder, "--data", data], env);
  };
  const pg = importing("pg", { ...plain, VERBUND_STORE: schema("loaded") });
  const rows = {};
  for (const table of tables) {
    rows[table] = join(home, table);
    const result = run("psql", ["-qX", "-v", "ON_ERROR_STOP=1", url, "-c", `\\copy loaded.${table} to '${rows[table]}'`]);
    if (result.status !== 0) throw new Error(result.err);
    ask(`CREATE SCHEMA IF NOT EXISTS floor; CREATE TABLE floor.${table} (LIKE loaded.${table} INCLUDING ALL)`);
  }
  const count = Number(ask("SELECT COUNT(*) FROM loaded.directory_object"));
  if (count !== options.objects) throw new Error(`${count} objects were stored`);
  ask("CHECKPOINT");
  const script = join(home, "floor.sql");
  writeFileSync(script, ["BEGIN;", ...tables.map((table) => `\\copy floor.${table} from '${rows[table]}'`), "COMMIT;"].join("\n") + "\n");
  const begin = performance.now();
  const copied = run("psql", ["-qX", "-v", "ON_ERROR_STOP=1", url, "-f", script]);
  if (copied.status !== 0) throw new Error(copied.err);
  const floor = seconds(begin);
  const sqlite = importing("sqlite", plain);
  const line = (what, time) => console.log(`  ${what.padEnd(34)} ${time.toFixed(1).padStart(6)} s  ${rate(count, time).padStart(11)}  ${(time / floor).toFixed(2)} x COPY`);
  line("plain COPY of the rows (psql)", floor);
  line("import into PostgreSQL", pg);
  line("import into SQLite", sqlite);
}

function write() {
  const bench = join(build, "store_bench");
  const ours = (where, threads) => {
    const out = run(bench, [where, String(options.seconds), String(threads)]);
    const found = out.out.match(/RESULT (\S+) (\S+) (\S+)/);
    if (!found) throw new Error(out.err);
    return { per_s: Number(found[1]), p50: found[2], p99: found[3] };
  };
  run("pgbench", ["-i", "-q", url]);
  const theirs = (clients) => {
    const out = run("pgbench", ["-N", "-n", "-M", "prepared", "-c", String(clients), "-T", String(options.seconds), url]);
    const found = out.out.match(/tps = ([\d.]+)/);
    if (!found) throw new Error(out.err);
    return Number(found[1]);
  };
  console.log("write: changed objects, each durable on its own, beside pgbench -N");
  for (const threads of [1, 8]) {
    const peer = theirs(threads);
    const pg = ours(schema("writes"), threads);
    console.log(`  ${threads} at once: pgbench -N ${peer.toFixed(0)}/s; PostgreSQL ${pg.per_s.toFixed(0)}/s (p50 ${pg.p50}, p99 ${pg.p99} ms) = ` +
      `${(pg.per_s / peer).toFixed(2)} of it`);
  }
  const sqlite = ours(join(home, "writes.sqlite"), 1);
  console.log(`  1 at once: SQLite ${sqlite.per_s.toFixed(0)}/s (p50 ${sqlite.p50}, p99 ${sqlite.p99} ms)`);
}

// One wrk for each process, all at once.
async function atAll(addresses, path, apart) {
  const how = { seconds: options.seconds, connections: Math.max(8, 32 / addresses.length), apart, folder: home };
  return (await Promise.all(addresses.map((address) => requests(address, path, how)))).reduce((sum, one) => sum + one, 0);
}
async function read() {
  const env = { ...plain, VERBUND_STORE: schema("reading") };
  const servers = [await serve(program, ["--demo", "--data", join(home, "read1")], { env })];
  console.log("read: requests a second, the generator of the load on the same machine");
  const figures = new Map();
  const paths = { "service page, in memory": "/norderstedt/verlust-oder-diebstahl-des-ausweises-melden", "JSON search": "/api/v1/services?q=Ausweis&area=22846",
                  "JSON service, kept": "/api/v1/services/", "JSON service, from the database": "/api/v1/services/" };
  const hit = await (await fetch(servers[0].address + "/api/v1/services?q=Ausweis&area=22846&limit=1")).json();
  for (const what of ["JSON service, kept", "JSON service, from the database"]) paths[what] += encodeURIComponent(hit.hits[0].id);
  for (const count of [1, 2]) {
    if (count === 2) {
      mkdirSync(join(home, "read2/network"), { recursive: true });
      writeFileSync(join(home, "read2/network/log.key"), readFileSync(join(home, "read1/network/log.key")), { mode: 0o600 });
      servers.push(await serve(program, ["--data", join(home, "read2")], { env }));
    }
    for (const [what, path] of Object.entries(paths))
      figures.set(`${what} ${count}`, await atAll(servers.map((one) => one.address), path, what.includes("database")));
  }
  for (const what of Object.keys(paths)) {
    const [one, two] = [figures.get(`${what} 1`), figures.get(`${what} 2`)];
    console.log(`  ${what.padEnd(34)} 1 process ${one.toFixed(0)}/s, 2 processes ${two.toFixed(0)}/s = ${(two / one).toFixed(2)}`);
  }
  for (const server of servers) await server.stop();
}

// What an Editor needs of a cluster.
const place = (name, env, address) => ({ path: (...words) => join(home, name, ...words), makeFolder: (folder) => mkdirSync(join(home, name, folder), { recursive: true }),
  runBeside: async (words) => run(words[0], words.slice(1), { env }), program, env, address });
async function publish() {
  console.log("publish: an import of three objects, to the checkpoint of the log");
  for (const [engine, env] of [["PostgreSQL", { ...plain, VERBUND_STORE: schema("publishing") }], ["SQLite", plain]]) {
    const data = join(home, engine, "tools");     // where an Editor's commands work, too
    verbund(["node", "init", "--name", "town.example/network/log", "--data", data], env);
    const server = await serve(program, ["--demo", "--data", data], { env });
    console.log(`  ${engine.padEnd(10)} ${await publications(new Editor(place(engine, env, server.address)), [server], 20)}`);
    await server.stop();
  }
}

for (const part of options.parts.split(",")) await { load, write, read, publish }[part]();
process.exit(0);
