// SPDX-License-Identifier: EUPL-1.2
// A whole cluster on one machine, for trying it and for breaking it: node script/cluster.mjs PROGRAM
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { databaseNode, loadBalancer } from "./cluster-settings.mjs";

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const sizes = { databases: 3, processes: 3 };
const longest_start = 240_000;

export async function until(what, most, test) {
  const begin = Date.now();
  let reason = "";
  while (true) {
    try {
      if (await test()) return Date.now() - begin;
    } catch (error) {
      reason = `: ${error.message}`;
    }
    if (Date.now() - begin > most) throw new Error(`${what}: not within ${most} ms${reason}`);
    await sleep(50);
  }
}

// Free ports of this machine, none twice.
async function freePorts(count) {
  const probes = [];
  for (let n = 0; n < count; ++n) {
    const probe = createServer();
    await new Promise((done) => probe.listen(0, "127.0.0.1", done));
    probes.push(probe);
  }
  const ports = probes.map((probe) => probe.address().port);
  for (const probe of probes) await new Promise((done) => probe.close(done));
  return ports;
}

function programFolder() {
  for (const version of [17, 16, 15])
    if (existsSync(`/usr/lib/postgresql/${version}/bin/initdb`)) return `/usr/lib/postgresql/${version}/bin`;
  throw new Error("PostgreSQL is not installed: script/bootstrap cluster");
}

export class Cluster {
  // namespaces: each database node has a network of its own, so that it can be cut (root only).
  constructor(program, { namespaces = false, log = () => {} } = {}) {
    this.program = resolve(program);
    this.say = log;
    this.running = new Map();     // name -> child
    this.folder = mkdtempSync(join(tmpdir(), "verbund-cluster-"));
    this.as = [];
    this.user = null;
    if (process.getuid() === 0) {
      const number = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
      this.user = { uid: number("-u"), gid: number("-g") };
      this.as = ["setpriv", `--reuid=${this.user.uid}`, `--regid=${this.user.gid}`, "--clear-groups", "--"];
      execFileSync("chown", [`${this.user.uid}:${this.user.gid}`, this.folder]);
    }
    chmodSync(this.folder, 0o700);
    this.bin = programFolder();
    this.mark = `vb${process.pid % 100_000}`;
    this.namespaces = namespaces && process.getuid() === 0 && this.mayMakeNetworks();
    this.net = `198.18.${process.pid % 250}`;     // for tests of networks (RFC 2544)
    this.passwords = { super: randomBytes(12).toString("hex"), replication: randomBytes(12).toString("hex"),
                       town: randomBytes(12).toString("hex") };
  }

  path(...words) {
    return join(this.folder, ...words);
  }
  // What only the user of the cluster may read.
  write(name, text) {
    writeFileSync(this.path(name), text, { mode: 0o600 });
    if (this.user) execFileSync("chown", [`${this.user.uid}:${this.user.gid}`, this.path(name)]);
  }
  makeFolder(name) {
    mkdirSync(this.path(name), { mode: 0o700 });
    if (this.user) execFileSync("chown", [`${this.user.uid}:${this.user.gid}`, this.path(name)]);
  }

  // Starts a program that goes on, in a session of its own: Ctrl-C is for us.
  start(name, words, { env = {}, at = null } = {}) {
    if (this.ending) throw new Error("the cluster is being ended");
    const [program, ...rest] = [...this.entering(at), ...this.as, ...words];
    const out = openSync(this.path(`${name}.log`), "a", 0o600);
    const child = spawn(program, rest, { detached: true, cwd: "/", stdio: ["ignore", out, out],
                                         env: { ...process.env, HOME: this.folder, ...env } });
    child.gone = new Promise((done) => child.on("exit", done));
    this.running.set(name, child);
    return child;
  }
  // Runs a command to its end: {status, out, err}.
  run(words, { env = {} } = {}) {
    const [program, ...rest] = [...this.as, ...words];
    const done = spawnSync(program, rest, { encoding: "utf8", cwd: "/", maxBuffer: 64 << 20, env: { ...process.env, ...env } });
    if (done.error) throw done.error;
    return { status: done.status, out: done.stdout, err: done.stderr };
  }
  // The same without waiting here.
  runBeside(words, { env = {} } = {}) {
    const [program, ...rest] = [...this.as, ...words];
    const child = spawn(program, rest, { cwd: "/", stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    let out = "", err = "";
    child.stdout.on("data", (piece) => (out += piece));
    child.stderr.on("data", (piece) => (err += piece));
    return new Promise((done) => child.on("close", (status) => done({ status, out, err })));
  }
  // A command of ours. Where the database cannot be reached - a machine with too much to do loses its primary also when
  // nobody takes it away - it is asked again for a minute: that is no answer to what is asked.
  async command(words) {
    for (const begin = Date.now(); ; await sleep(1_000)) {
      const done = await this.runBeside([this.program, ...words], { env: this.env });
      if (done.status === 0 || Date.now() - begin > 60_000 || !/connection to server|connection to the database/.test(done.err)) return done;
    }
  }
  must(words, options) {
    const done = this.run(words, options);
    if (done.status !== 0) throw new Error(`${words.join(" ")}: ${done.err || done.out}`);
    return done.out;
  }

  entering(database) {
    return this.namespaces && database ? ["ip", "netns", "exec", database.namespace] : [];
  }
  ip(...words) {
    execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
  }
  // Whether this machine lets us: in many containers root may not.
  mayMakeNetworks() {
    const name = `${this.mark}t`;
    const may = [["netns", "add", name], ["link", "add", `${name}h`, "type", "veth", "peer", "name", "eth0", "netns", name],
                 ["link", "add", `${name}b`, "type", "bridge"], ["link", "set", `${name}h`, "master", `${name}b`, "up"],
                 ["netns", "exec", name, "true"]].every((words) => spawnSync("ip", words, { stdio: "ignore" }).status === 0);
    for (const words of [["netns", "del", name], ["link", "del", `${name}b`]]) spawnSync("ip", words, { stdio: "ignore" });
    return may;
  }
  makeNetworks() {
    this.ip("link", "add", `${this.mark}b`, "type", "bridge");
    this.ip("addr", "add", `${this.net}.1/24`, "dev", `${this.mark}b`);
    this.ip("link", "set", `${this.mark}b`, "up");
    for (const one of this.databases) {
      this.ip("netns", "add", one.namespace);
      this.ip("link", "add", `${one.namespace}h`, "type", "veth", "peer", "name", "eth0", "netns", one.namespace);
      this.ip("link", "set", `${one.namespace}h`, "master", `${this.mark}b`, "up");
      for (const words of [["addr", "add", `${one.host}/24`, "dev", "eth0"], ["link", "set", "eth0", "up"], ["link", "set", "lo", "up"]])
        this.ip("-n", one.namespace, ...words);
    }
  }
  // Between `one` and the other database nodes nothing passes any more; everybody else still reaches it.
  cut(one) {
    this.cut_off = one;
    for (const other of this.databases)
      if (other !== one) this.ip("-n", one.namespace, "route", "add", "blackhole", `${other.host}/32`);
  }
  join(one) {
    this.cut_off = null;
    for (const other of this.databases)
      if (other !== one) this.ip("-n", one.namespace, "route", "del", "blackhole", `${other.host}/32`);
  }

  // Everything that runs on a database node, for SIGSTOP and SIGKILL.
  processesOf(one) {
    const all = execFileSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
    const out = [this.running.get(one.name)?.pid, this.running.get(`etcd${one.number}`)?.pid, this.postmaster(one)].filter(Boolean);
    for (let n = 0; n < out.length; ++n) for (const [pid, parent] of all) if (parent === out[n] && !out.includes(pid)) out.push(pid);
    return out;
  }
  postmaster(one) {
    try {
      const pid = Number(readFileSync(join(one.data, "postmaster.pid"), "utf8").split("\n")[0]);
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(one.data) ? pid : null;
    } catch {
      return null;
    }
  }

  async bringUp() {
    const ports = await freePorts(this.namespaces ? 2 + sizes.processes : 4 * sizes.databases + 2 + sizes.processes);
    this.databases = Array.from({ length: sizes.databases }, (_, n) => {
      const name = `db${n + 1}`;
      const [etcd, peer, sql, rest] = this.namespaces ? [2379, 2380, 5432, 8008] : ports.splice(0, 4);
      return { number: n + 1, name, host: this.namespaces ? `${this.net}.${n + 11}` : "127.0.0.1", etcd, peer, sql, rest,
               namespace: `${this.mark}n${n + 1}`, folder: this.path(name), data: this.path(name, "data") };
    });
    [this.front, this.numbers] = ports.splice(0, 2);
    this.address = `http://127.0.0.1:${this.front}`;
    this.nodes = ports.map((port, n) => ({ name: `p${n + 1}`, port, address: `http://127.0.0.1:${port}`, data: this.path(`p${n + 1}`) }));
    if (this.namespaces) this.makeNetworks();

    this.bringing = "databases";      // nothing of ours runs yet
    this.say("etcd and PostgreSQL under Patroni");
    for (const one of this.databases) {
      this.makeFolder(one.name);
      this.write(`${one.name}.yml`, databaseNode(this, one));
      this.startEtcd(one);
    }
    for (const one of this.databases) this.startDatabase(one);
    await until("a primary and a synchronous replica", longest_start, () => this.whole());
    const primary = await this.primary();
    const sql = `CREATE ROLE verbund LOGIN PASSWORD '${this.passwords.town}'; CREATE DATABASE verbund OWNER verbund`;
    const psql = (one, ...words) => [`${this.bin}/psql`, "-qX", "-h", one.folder, "-p", String(one.sql), "-U", "postgres", ...words];
    for (const one of sql.split("; ")) this.must(psql(primary, "-c", one));
    // Who connects may meet a replica first, and the one that nobody waits for has the new database a little later.
    await until("the database on every machine", longest_start, () =>
      this.databases.every((one) => this.run(psql(one, "-d", "verbund", "-c", "SELECT 1")).status === 0));

    this.bringing = "processes";
    this.say("three processes of one node, with the demonstration");
    this.write("pgpass", `*:*:*:verbund:${this.passwords.town}\n`);
    const hosts = this.databases.map((one) => `${one.host}:${one.sql}`).join(",");
    this.store = `postgresql://verbund@${hosts}/verbund?options=-csearch_path%3Dtown`;
    this.env = { VERBUND_STORE: this.store, PGPASSFILE: this.path("pgpass"), VERBUND_HTTP_DRAIN_SECONDS: "3", VERBUND_HTTP_QUEUE_MS: "20000" };
    this.must([this.program, "node", "init", "--name", "town.example/network/log", "--data", this.nodes[0].data], { env: this.env });
    for (const node of this.nodes.slice(1)) {
      this.makeFolder(node.name);
      this.makeFolder(join(node.name, "network"));
      this.write(join(node.name, "network/log.key"), readFileSync(join(this.nodes[0].data, "network/log.key"), "utf8"));
    }
    const first = this.startProcess(this.nodes[0], ["--demo"]);
    await until("the demonstration", longest_start, () => this.ready(this.nodes[0]));
    process.kill(first.pid, "SIGTERM");
    await first.gone;
    for (const node of this.nodes) this.startProcess(node);
    for (const node of this.nodes) await until(`${node.name} answers`, longest_start, () => this.ready(node));
    this.write("haproxy.cfg", loadBalancer(this));
    this.start("haproxy", ["/usr/sbin/haproxy", "-db", "-f", this.path("haproxy.cfg")]);
    await until("HAProxy answers", longest_start, () => this.answers(`${this.address}/health/ready`));
  }

  startEtcd(one) {
    const at = (port) => `http://${one.host}:${port}`;
    const all = this.databases.map((each) => `etcd${each.number}=http://${each.host}:${each.peer}`).join(",");
    this.start(`etcd${one.number}`, ["/usr/bin/etcd", "--name", `etcd${one.number}`, "--data-dir", this.path(one.name, "etcd"),
      "--listen-client-urls", at(one.etcd), "--advertise-client-urls", at(one.etcd), "--listen-peer-urls", at(one.peer),
      "--initial-advertise-peer-urls", at(one.peer), "--initial-cluster", all, "--initial-cluster-token", this.mark,
      "--enable-v2", "--heartbeat-interval", "150", "--election-timeout", "1500", "--log-level", "error", "--logger", "zap"],
      { at: one });
  }
  startDatabase(one) {
    return this.start(one.name, ["/usr/bin/patroni", this.path(`${one.name}.yml`)], { at: one });
  }
  startProcess(node, words = []) {
    return this.start(node.name, [this.program, "serve", "--data", node.data, "--port", String(node.port), ...words], { env: this.env });
  }

  async answers(address) {
    try {
      return (await fetch(address, { signal: AbortSignal.timeout(2_000) })).status === 200;
    } catch {
      return false;
    }
  }
  ready(node) {
    return this.answers(`${node.address}/health/ready`);
  }
  // What Patroni of any node says of all: [{name, role, state}].
  async members() {
    for (const one of this.databases) {
      try {
        const answer = await fetch(`http://${one.host}:${one.rest}/cluster`, { signal: AbortSignal.timeout(2_000) });
        return (await answer.json()).members;
      } catch {
        // the next one knows it as well
      }
    }
    return [];
  }
  async primary() {
    for (const one of this.databases)
      if (await this.answers(`http://${one.host}:${one.rest}/primary`)) return one;
    return null;
  }
  // One primary, all others can be asked and stream from it, one of them synchronously. Asked are the nodes themselves:
  // what Patroni notes of the others may be of before.
  async whole() {
    const primary = await this.primary();
    if (!primary) return false;
    const answer = await fetch(`http://${primary.host}:${primary.rest}/patroni`, { signal: AbortSignal.timeout(2_000) });
    const streams = ((await answer.json()).replication ?? []).filter((line) => line.state === "streaming");
    for (const one of this.databases)
      if (one !== primary && !(streams.some((line) => line.application_name === one.name) && (await this.answers(`http://${one.host}:${one.rest}/replica`)))) return false;
    const members = await this.members();
    return members.length === sizes.databases && members.some((one) => one.role === "sync_standby") && streams.some((line) => line.sync_state === "sync");
  }

  // What the programs of the database nodes said last, for who asks why they do not come up.
  lastWords(lines = 12) {
    return readdirSync(this.folder).filter((name) => /^(etcd|db)[0-9]+[.]log$/.test(name)).sort().map((name) => {
      const said = readFileSync(this.path(name), "utf8").trimEnd().split("\n").slice(-lines);
      return [`    ${name}:`, ...said.map((line) => `      ${line.slice(0, 300)}`)].join("\n");
    }).join("\n");
  }

  // What all programs said, in a folder that stays.
  keepLogs() {
    const folder = mkdtempSync(join(tmpdir(), "verbund-cluster-logs-"));
    for (const name of readdirSync(this.folder).filter((each) => each.endsWith(".log")))
      copyFileSync(this.path(name), join(folder, name));
    return folder;
  }

  async bringDown() {
    this.ending = true;      // a test that is still under way starts nothing any more
    const end = async (names, signal, most) => {
      const children = names.map((name) => this.running.get(name)).filter((child) => child && child.exitCode === null && child.signalCode === null);
      for (const child of children) this.signal(child.pid, signal);
      await Promise.race([Promise.all(children.map((child) => child.gone)), sleep(most)]);
      for (const child of children) this.signal(child.pid, "SIGKILL");
    };
    for (const one of this.databases ?? []) for (const pid of this.processesOf(one)) this.signal(pid, "SIGCONT");
    await end(["haproxy"], "SIGTERM", 2_000);
    await end((this.nodes ?? []).map((node) => node.name), "SIGTERM", 8_000);
    const postmasters = (this.databases ?? []).map((one) => this.postmaster(one)).filter(Boolean);
    await end((this.databases ?? []).map((one) => one.name), "SIGTERM", 10_000);
    for (const pid of postmasters) this.signal(pid, "SIGQUIT");
    await end((this.databases ?? []).map((one) => `etcd${one.number}`), "SIGTERM", 3_000);
    for (const end_by = Date.now() + 10_000; Date.now() < end_by && postmasters.some((pid) => existsSync(`/proc/${pid}`)); ) await sleep(50);
    if (this.namespaces) {
      for (const words of [...(this.databases ?? []).map((one) => ["netns", "del", one.namespace]), ["link", "del", `${this.mark}b`]])
        spawnSync("ip", words, { stdio: "ignore" });
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
  signal(pid, signal) {
    try {
      process.kill(pid, signal);
    } catch {
      // it has ended
    }
  }
}

async function main() {
  const cluster = new Cluster(process.argv[2], { log: (text) => console.log(`    ${text}`) });
  let ending = null;
  const end = (status) => (ending ??= cluster.bringDown().then(() => process.exit(status)));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(0));
  try {
    await cluster.bringUp();
  } catch (error) {
    if (!ending) console.error(`script/cluster: ${error.message}`);
    return end(1);
  }
  console.log("\nportal (HAProxy)      " + cluster.address);
  console.log(`HAProxy's own page    http://127.0.0.1:${cluster.numbers}`);
  for (const node of cluster.nodes) console.log(`process ${node.name}            ${node.address}  pid ${cluster.running.get(node.name).pid}`);
  const members = await cluster.members();
  for (const one of cluster.databases) {
    const role = members.find((each) => each.name === one.name)?.role ?? "unknown";
    console.log(`PostgreSQL ${one.name}        ${one.host}:${one.sql}  ${role}, pid ${cluster.postmaster(one)}; Patroni ${one.rest}, etcd ${one.etcd}`);
  }
  console.log(`store                 ${cluster.store}`);
  console.log(`folder, logs          ${cluster.folder}`);
  console.log(`state                 patronictl -c ${cluster.path("db1.yml")} list`);
  console.log("\nTry: kill -9 one of the pids, and look again. Ends with Ctrl-C; nothing stays.");
  setInterval(() => {}, 60_000);
}
if (import.meta.filename === process.argv[1] || resolve(process.argv[1]) === import.meta.filename) await main();
