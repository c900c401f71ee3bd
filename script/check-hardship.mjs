// SPDX-License-Identifier: EUPL-1.2
// When the machine fails: script/with-postgresql node script/check-hardship.mjs PROGRAM [PART...]
// Parts: full-file, read-only-file (SQLite on a small file system of its own), full-server (a small tablespace), full-wal
// (the data folder and the log of a server of its own), read-only-server, standby (of two servers the one that writes is
// lost; the other one follows, or is behind), no-connections, away. In each of them one process serves all the time. While it lasts: the state is
// told (/health, /health/live, /health/ready), the search and pages in memory go on, who asks for more gets 503 with
// Retry-After and a page for people, an import fails whole. Afterwards, without a restart: the import works, the log goes
// on, the store and the log are sound. What the machine does not allow (mounting) is said and skipped.
// Ends with "N passed, N failed, N skipped".
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const services = 40;
const patience = 60_000;   // milliseconds; the machine may be busy

const url = process.env.VERBUND_TEST_POSTGRESQL;
const plain = { ...process.env };
delete plain.VERBUND_TEST_POSTGRESQL;
delete plain.VERBUND_POSTGRESQL_FOLDER;
const mounted = [], servers = [];
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));
process.on("exit", () => {
  for (const server of servers) server.end();
  for (const place of mounted.reverse()) spawnSync("umount", ["-l", place]);
});
const home = temporaryFolder();
execFileSync("chmod", ["755", home]);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const fail = (text) => {
  throw new Error(text);
};
class Skipped extends Error {}

async function until(what, test) {
  const begin = Date.now();
  let last = "";
  while (Date.now() - begin < patience) {
    try {
      const told = await test();
      if (told === true) return Date.now() - begin;
      last = String(told);
    } catch (error) {
      last = error.message;
    }
    await sleep(20);
  }
  return fail(`${what}: not within ${patience} ms (${last.slice(0, 300)})`);
}
async function get(node, path, options = {}) {
  const answer = await fetch(node.address + path, { signal: AbortSignal.timeout(patience), redirect: "manual", ...options });
  return { status: answer.status, again: answer.headers.get("retry-after"), text: await answer.text() };
}
async function expect(node, path, status, part = "") {
  const answer = await get(node, path);
  if (answer.status !== status) fail(`${path}: ${answer.status} instead of ${status}: ${answer.text.slice(0, 200)}`);
  if (status === 503 && !answer.again && !path.startsWith("/health")) fail(`${path}: 503 without Retry-After`);
  if (!answer.text.includes(part)) fail(`${path}: does not say "${part}": ${answer.text.slice(0, 300)}`);
  return answer;
}
const ask = (sql) => {
  const out = run("psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", url, "-c", sql]);
  if (out.status !== 0) fail(out.err);
  return out.out.trim();
};

// A stock of which each edition changes every service; `large`: with texts of that many bytes.
function stock(edition, large = 0) {
  const folder = join(home, `stock-${edition}`);
  mkdirSync(folder, { recursive: true });
  let objects = "";
  for (let n = 0; n < services; ++n) {
    const text = `Dies ist Fassung ${edition}. ${"Wort und Text. ".repeat(large / 15)}`;
    objects += `<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="not" schemeID="Leistung">s${n}</xzufi:id>` +
      `<xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">Leistung ${n}</xzufi:inhalt></xzufi:modulText>` +
      `<xzufi:modulText><xzufi:leikaTextmodul><code>06</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">${text}</xzufi:inhalt></xzufi:modulText>` +
      "</xzufi:leistung></xzufi:schreibe>\n";
  }
  writeFileSync(join(folder, "stock.xml"), `<?xml version="1.0" encoding="UTF-8"?>\n<xzufi:transfer ` +
    `xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>\n${objects}</xzufi:transfer>\n`);
  writeFileSync(join(folder, "index.txt"), "stock.xml\n");
  return folder;
}

// One node, what it has been told, and what must hold.
class Node {
  constructor(data, env) {
    this.data = data;
    this.env = env;
    this.edition = 1;
  }
  import(edition, large = 0) {
    const folder = stock(edition, large);
    const out = run(program, ["import", "xzufi", folder, "--source", "not", "--data", this.data], { env: this.env });
    rmSync(folder, { recursive: true });
    return out;
  }
  async start() {
    const first = this.import(1);
    if (first.status !== 0) fail(`import: ${first.err}`);
    this.node = await serve(program, ["--data", this.data], { env: this.env });
    const hits = JSON.parse((await expect(this.node, "/api/v1/services?q=Leistung&limit=50", 200)).text).hits;
    if (hits.length < 20) fail("too few services");
    this.pages = hits.map((hit) => hit.url);
    this.ids = hits.map((hit) => hit.id);
    await this.whole(1);
    this.seen = await expect(this.node, this.pages[0], 200, "Fassung 1");   // in memory from now on
  }
  // Everything of this edition is shown and in the log, and nothing is wrong.
  async whole(edition) {
    const time = await until("health is ok", async () => {
      const { text } = await get(this.node, "/health");
      return /"status":"ok"/.test(text) || text;
    });
    await expect(this.node, "/health/live", 200);
    await expect(this.node, "/health/ready", 200, '"ready"');
    await expect(this.node, "/health/ready?write=1", 200);
    this.edition = edition;
    await this.published(edition);
    await until("the pages are current", async () => (await get(this.node, this.pages[2])).text.includes(`Fassung ${edition}`));
    return time;
  }
  async published(editions) {
    await until(`${editions} editions in the log`, async () => {
      const size = Number((await get(this.node, "/network/log/checkpoint")).text.split("\n")[1]);
      if (size > editions * services) fail(`${size} entries`);
      return size === editions * services || `${size} entries`;
    });
  }
  // Told within a short time; the process lives, answers questions, and says that it cannot write. `state`: of the store.
  async troubled(state = "read only") {
    const time = await until("the trouble is told", async () => {
      const health = JSON.parse((await get(this.node, "/health")).text);
      return (health.status === "trouble" && health.store.trouble !== "" && health.store.state === state) || JSON.stringify([health.status, health.store, health.log]);
    });
    await expect(this.node, "/health/live", 200);
    await expect(this.node, "/health/ready", 200, "reading only");
    await expect(this.node, "/health/ready?write=1", 503, "reading only");
    await expect(this.node, "/metrics", 200);
    return time;
  }
  async memory() {
    for (const path of ["/", "/suche?q=Leistung", "/suche?q=Fassung&lang=en", "/network/log/checkpoint", "/status"]) await expect(this.node, path, 200);
    const again = await expect(this.node, this.pages[0], 200);
    if (again.text !== this.seen.text) fail("a page in memory changed");
  }
  // What needs the store says that it cannot, to people and to programs; nothing of it is an error of ours.
  async storeless(number) {
    await expect(this.node, this.pages[number], 503, "Unser Datenspeicher ist gerade gestört.");
    await expect(this.node, `${this.pages[number]}?lang=en`, 503, "Our data store is out of order");
    await expect(this.node, `/api/v1/services/${encodeURIComponent(this.ids[number])}`, 503, '"status":503');
  }
  // The store is read though it cannot be written: pages and answers that are not in memory, as they were at the last edition.
  async reading(first, last = first + 2) {
    for (let number = first; number < last; ++number) {
      await expect(this.node, this.pages[number], 200, `Fassung ${this.edition}`);
      await expect(this.node, `${this.pages[number]}?lang=en`, 200, `Fassung ${this.edition}`);
      await expect(this.node, `/api/v1/services/${encodeURIComponent(this.ids[number])}`, 200, `Fassung ${this.edition}`);
    }
  }
  post(text = "Die Seite ist nicht lesbar") {
    return get(this.node, "/barriere-melden", { method: "POST", body: `${new URLSearchParams({ was: text, wo: "", kontakt: "" })}`,
      headers: { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" } });
  }
  // Not taken, and said so; or taken, and then it is kept (checked at the end).
  async form(text) {
    const answer = await this.post(text);
    if (answer.status === 503) {
      if (!answer.again || !answer.text.includes("ist nicht gespeichert")) fail(`a form: ${answer.text.slice(0, 300)}`);
      return false;
    }
    if (answer.status >= 400) fail(`a form was answered with ${answer.status}`);
    this.taken = (this.taken ?? 0) + 1;
    return true;
  }
  refuses(edition, large = 0) {
    const out = this.import(edition, large);
    if (out.status === 0) fail("an import went well that could not");
    if (!out.err.trim()) fail("an import failed without a reason");
  }
  // Afterwards, by the same process.
  async recovered() {
    const time = await this.whole(this.edition);
    const next = this.import(this.edition + 1);
    if (next.status !== 0) fail(`import: ${next.err}`);
    await this.whole(this.edition + 1);
    const last = await this.post();
    if (last.status >= 400) fail(`a form was answered with ${last.status} afterwards`);
    this.taken = (this.taken ?? 0) + 1;
    const status = await this.node.stop();
    if (status !== 0) fail(`ended with ${status}: ${this.node.log()}`);
    for (const words of [["log", "verify", this.data, "--data", this.data], ["store", "check", "--data", this.data]]) {
      const out = run(program, words, { env: this.env });
      if (out.status !== 0) fail(`${words.join(" ")}: ${out.out}${out.err}`);
    }
    const reports = run(program, ["barrier", "list", "--data", this.data, "--json"], { env: this.env });
    const kept = JSON.parse(reports.out).reports?.length ?? JSON.parse(reports.out).length;
    if (kept !== this.taken) fail(`${kept} reports are kept, ${this.taken} were taken`);
    return time;
  }
}

function mount(words, place) {
  mkdirSync(place, { recursive: true });
  const out = spawnSync("mount", [...words, place], { encoding: "utf8" });
  if (out.status !== 0) throw new Skipped(`nothing can be mounted here: ${(out.stderr ?? "no mount").trim()}`);
  mounted.push(place);
}
function fill(folder) {
  const file = openSync(join(folder, "filled"), "w");
  for (let size = 1 << 20; size >= 4096; ) {
    try {
      if (writeSync(file, Buffer.alloc(size)) < size) size >>= 1;
    } catch {
      size >>= 1;
    }
  }
  closeSync(file);
}
const server = (schema, more = "", user = "verbund") =>
  ({ ...plain, VERBUND_STORE: `${url.replace("verbund@", `${user}@`)}&options=-csearch_path%3D${schema}${process.pid}${more}` });

// A PostgreSQL of our own, run by the user of the throw-away cluster: {url part, control, ask}.
const owner = url ? statSync(join(process.env.VERBUND_POSTGRESQL_FOLDER, "data")) : null;
const programs = ["17", "16", "15"].map((version) => `/usr/lib/postgresql/${version}/bin`).find((folder) => existsSync(join(folder, "initdb")));
class Server {
  constructor(folder, port) {
    this.folder = folder;
    this.port = port;
    this.data = join(folder, "data");
    servers.push(this);
    mkdirSync(folder, { recursive: true });
    chownSync(folder, owner.uid, owner.gid);
  }
  // As that user. A server goes on beyond the command: its output must not keep us waiting.
  command(program, ...words) {
    const as = process.getuid() === 0 ? ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups", "--"] : [];
    const [first, ...rest] = [...as, join(programs, program), ...words];
    const out = join(this.folder, `${program}.out`);
    const file = openSync(out, "w");
    const done = spawnSync(first, rest, { cwd: "/", stdio: ["ignore", file, file] });
    closeSync(file);
    if (done.status !== 0) fail(`${program}: ${readFileSync(out, "utf8").slice(-600)}`);
  }
  make(settings = "") {
    this.command("initdb", "-D", this.data, "-U", "verbund", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N");
    this.settle(`max_connections = 60\nshared_buffers = 32MB\nmax_locks_per_transaction = 256\n${settings}`);
  }
  settle(settings) {
    const text = `listen_addresses = ''\nunix_socket_directories = '${this.folder}'\nport = ${this.port}\n${settings}\n`;
    appendFileSync(join(this.data, "postgresql.conf"), text);
  }
  control(word) {
    const words = { start: ["-l", join(this.folder, "log"), "start"], stop: ["-m", "fast", "stop"], kill: ["-m", "immediate", "stop"], promote: ["promote"] };
    this.command("pg_ctl", "-D", this.data, "-w", "-t", "60", ...words[word]);
  }
  running() {
    return spawnSync(join(programs, "pg_isready"), ["-q", "-h", this.folder, "-p", String(this.port)]).status === 0;
  }
  ask(sql) {
    const out = run("psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", "-h", this.folder, "-p", String(this.port), "-U", "verbund", "-d", "postgres", "-c", sql]);
    if (out.status !== 0) fail(out.err);
    return out.out.trim();
  }
  tries(sql) {
    spawnSync("psql", ["-qAtX", "-h", this.folder, "-p", String(this.port), "-U", "verbund", "-d", "postgres", "-c", sql], { stdio: "ignore" });
  }
  lastWords() {
    return readFileSync(join(this.folder, "log"), "utf8").split("\n").filter((line) => line.includes("PANIC")).at(-1) ?? "without a PANIC";
  }
  end() {
    if (!existsSync(join(this.data, "postmaster.pid"))) return;
    try {
      this.control("kill");
    } catch {
      // it does not run
    }
  }
}
const address = (servers) => `postgresql://verbund@/postgres?host=${servers.map((one) => encodeURIComponent(one.folder)).join(",")}` +
  `&port=${servers.map((one) => one.port).join(",")}&options=-csearch_path%3Dnode`;

// One that writes and one that follows it.
class Pair {
  constructor() {
    this.first = new Server(join(home, "first"), 5433);
    this.second = new Server(join(home, "second"), 5434);
    this.url = address([this.first, this.second]);
    this.first.make("fsync = off\nwal_keep_size = 256MB");
    this.first.control("start");
    const words = ["-D", this.second.data, "-R", "-c", "fast", "-h", this.first.folder, "-p", String(this.first.port), "-U", "verbund"];
    this.second.command("pg_basebackup", ...words);
    this.second.settle("");
    this.second.control("start");
  }
  follows() {
    const sent = this.first.ask("SELECT pg_current_wal_lsn()");
    return this.second.ask(`SELECT COALESCE(pg_last_wal_replay_lsn() >= '${sent}', false)`) === "t";
  }
  end() {
    for (const one of [this.first, this.second]) one.end();
  }
}

const parts = {
  async "full-file"() {
    const disk = join(home, "small");
    mount(["-t", "tmpfs", "-o", "size=96m", "tmpfs"], disk);
    const node = new Node(join(disk, "node"), plain);
    await node.start();
    fill(disk);
    const told = await node.troubled();
    await node.memory();
    await expect(node.node, node.pages[1], 200);   // reading a file needs no room
    node.refuses(2, 200_000);
    await node.form();
    await node.memory();
    await node.published(1);
    rmSync(join(disk, "filled"));
    return [told, await node.recovered()];
  },
  async "read-only-file"() {
    const image = join(home, "image");
    writeFileSync(image, "");
    truncateSync(image, 96 << 20);
    const made = spawnSync("mkfs.ext4", ["-q", "-F", image], { encoding: "utf8" });
    if (made.status !== 0) throw new Skipped("no mkfs.ext4");
    const disk = join(home, "turning");
    mount(["-o", "loop,errors=remount-ro", image], disk);
    const device = readFileSync("/proc/self/mounts", "utf8").split("\n").find((line) => line.split(" ")[1] === disk).split(" ")[0];
    const trigger = `/sys/fs/ext4/${device.split("/").at(-1)}/trigger_fs_error`;
    const node = new Node(join(disk, "node"), plain);
    await node.start();
    try {
      writeFileSync(trigger, "check-hardship");   // as after an error of the disk
    } catch (error) {
      await node.node.stop();
      throw new Skipped(`no error of the disk can be made: ${error.message}`);
    }
    if (await node.form()) fail("a form was taken on a read-only disk");
    const told = await node.troubled();
    await node.memory();
    node.refuses(2);
    // A file system that gave up must be mounted again, and nobody may use it then: the one part with another process.
    await node.node.stop();
    if (spawnSync("umount", [disk]).status !== 0) fail("the disk is still in use");
    spawnSync("e2fsck", ["-f", "-p", image]);
    mount(["-o", "loop", image], disk);
    node.node = await serve(program, ["--data", node.data], { env: plain });
    return [told, await node.recovered()];
  },
  async "full-server"() {
    const disk = join(home, "space");
    mount(["-t", "tmpfs", "-o", "size=48m", "tmpfs"], disk);
    const owner = statSync(join(process.env.VERBUND_POSTGRESQL_FOLDER, "data"));
    const place = join(disk, "tables");
    mkdirSync(place, { mode: 0o700 });
    chownSync(place, owner.uid, owner.gid);
    const name = `small${process.pid}`;
    ask(`CREATE TABLESPACE ${name} LOCATION '${place}'`);
    const node = new Node(join(home, "full-server"), server("full", `%20-cdefault_tablespace%3D${name}`));
    await node.start();
    fill(disk);
    node.refuses(2, 200_000);
    await node.memory();
    await expect(node.node, node.pages[1], 200);
    // A small row may find its place in a page that is there: then it is kept. Large ones meet the full disk.
    const begin = Date.now();
    const told = await until("the trouble is told", async () => {
      await node.form("Kein Platz mehr. ".repeat(110));
      return /"status":"trouble"/.test((await get(node.node, "/health")).text);
    });
    console.log(`      full-server: ${node.taken ?? 0} forms found a place before (${Date.now() - begin} ms)`);
    await node.troubled();
    await node.memory();
    await node.reading(3);
    await node.published(1);
    rmSync(join(disk, "filled"));
    return [told, await node.recovered()];
  },
  // PostgreSQL's data folder with its log (pg_wal) on a disk that becomes full: it ends itself (PANIC) when the log finds no
  // room, and cannot come back before there is some. We start it again, as an administrator or systemd does.
  async "full-wal"() {
    const disk = join(home, "wal");
    mount(["-t", "tmpfs", "-o", "size=160m", "tmpfs"], disk);
    const server = new Server(join(disk, "server"), 5433);
    server.make("max_wal_size = 64MB\nmin_wal_size = 32MB");
    server.control("start");
    const node = new Node(join(home, "full-wal"), { ...plain, VERBUND_STORE: address([server]) });
    try {
      await node.start();
      fill(disk);
      const begin = Date.now();
      node.refuses(2, 200_000);      // tables find no room
      await until("the full disk is told", async () => {
        await node.form("Kein Platz mehr. ".repeat(110));
        return /"status":"trouble"/.test((await get(node.node, "/health")).text);
      });
      await node.troubled();
      await node.memory();
      await node.reading(1);
      // What else is written on that server fills what was set aside for its log.
      for (let more = 0; server.running() && more < 200; ++more)
        server.tries("SELECT pg_logical_emit_message(false, 'load', repeat('load', 1000000)) FROM generate_series(1, 8)");
      if (server.running()) fail("the log of the server found room on a full disk");
      console.log(`      full-wal: the server gave up after ${Date.now() - begin} ms: ${server.lastWords()}`);
      const told = await node.troubled("away");
      await node.memory();
      await node.storeless(15);
      if (await node.form()) fail("a form was taken without a database");
      node.refuses(2);
      rmSync(join(disk, "filled"));
      if (!server.running()) server.control("start");
      return [told, await node.recovered()];
    } finally {
      await node.node?.stop();
      server.end();
    }
  },
  async "read-only-server"() {
    const node = new Node(join(home, "read-only-server"), server("standby"));
    await node.start();
    const writable = () => {
      ask("ALTER SYSTEM RESET default_transaction_read_only");
      ask("SELECT pg_reload_conf()");
    };
    ask("ALTER SYSTEM SET default_transaction_read_only = on");
    ask("SELECT pg_reload_conf()");
    await until("the server only reads", async () => ask("SHOW default_transaction_read_only") === "on");
    try {
      if (await node.form()) fail("a form was taken by a server that only reads");
      const told = await node.troubled();
      await node.memory();
      await node.reading(1);
      // Without any connection of before.
      ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'verbund'");
      await until("reading goes on", async () => (await get(node.node, node.pages[3])).status === 200);
      await node.troubled();
      await node.reading(4);
      await Promise.all([6, 7, 8, 9, 10, 11].map((number) => node.reading(number, number + 1)));
      if (await node.form()) fail("a form was taken by a server that only reads");
      node.refuses(2);
      writable();
      return [told, await node.recovered()];
    } finally {
      writable();
    }
  },
  // Of two servers the one that writes is stopped; the process must serve from the other one what it has not in memory,
  // but nothing that is older than what it knows. Then that one becomes the one that writes.
  async standby() {
    const pair = new Pair();
    const node = new Node(join(home, "standby"), { ...plain, VERBUND_STORE: pair.url });
    try {
      await node.start();
      pair.first.control("stop");
      const told = await node.troubled();
      await node.memory();
      await node.reading(1);
      if (await node.form()) fail("a form was taken by a standby");
      node.refuses(2);
      await node.published(1);
      pair.first.control("start");
      await node.whole(1);
      // The other one is behind by an edition that the process has shown.
      await until("the standby follows", async () => pair.follows());
      pair.second.ask("SELECT pg_wal_replay_pause()");
      await until("the standby pauses", async () => pair.second.ask("SELECT pg_get_wal_replay_pause_state()") === "paused");
      if (node.import(2).status !== 0) fail("an import failed beside a standby that is behind");
      await node.whole(2);
      node.seen = await expect(node.node, node.pages[0], 200, "Fassung 2");
      pair.first.control("kill");
      await node.troubled("away");
      for (let looks = 0; looks < 40; ++looks) {
        for (const number of [0, 20 + (looks % 10)]) {
          const page = await get(node.node, node.pages[number]);
          if (page.text.includes("Fassung 1")) fail("a page of before was shown by a server that is behind");
        }
        if (JSON.parse((await get(node.node, "/health")).text).sequence < 2 * services) fail("the index went back");
      }
      await node.memory();
      await node.storeless(15);
      // It has all the same, only later: then it serves.
      pair.second.ask("SELECT pg_wal_replay_resume()");
      await node.troubled();
      await node.reading(11);
      pair.second.control("promote");
      return [told, await node.recovered()];
    } finally {
      await node.node?.stop();
      pair.end();
    }
  },
  async "no-connections"() {
    const user = `node${process.pid}`;
    ask(`CREATE ROLE ${user} LOGIN; CREATE SCHEMA taken${process.pid} AUTHORIZATION ${user}`);
    const node = new Node(join(home, "no-connections"), server("taken", "", user));
    await node.start();
    ask(`ALTER ROLE ${user} CONNECTION LIMIT 1`);
    // Those that are there serve all who ask at once.
    await Promise.all(node.ids.slice(0, 10).map((id) => expect(node.node, `/api/v1/services/${encodeURIComponent(id)}`, 200)));
    node.refuses(2);
    // They are ended, and others take the place.
    ask(`ALTER ROLE ${user} CONNECTION LIMIT 0`);
    ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${user}'`);
    const told = await node.troubled("away");
    await node.memory();
    await node.storeless(15);
    if (await node.form()) fail("a form was taken without a connection");
    ask(`ALTER ROLE ${user} CONNECTION LIMIT -1`);
    return [told, await node.recovered()];
  },
  async away() {
    const control = (word) => execFileSync(join(process.env.VERBUND_POSTGRESQL_FOLDER, "control"), [word], { stdio: "ignore" });
    const node = new Node(join(home, "away"), server("away"));
    await node.start();
    control("stop");
    try {
      const told = await node.troubled("away");
      await node.memory();
      await node.storeless(15);
      if (await node.form()) fail("a form was taken without a database");
      node.refuses(2);
      control("start");
      return [told, await node.recovered()];
    } finally {
      spawnSync(join(process.env.VERBUND_POSTGRESQL_FOLDER, "control"), ["start"], { stdio: "ignore" });
    }
  },
};

let passed = 0, failed = 0, skipped = 0;
const wanted = process.argv.slice(3);
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const begin = Date.now();
  try {
    if (!name.endsWith("-file") && !url) throw new Skipped("no cluster (script/with-postgresql)");
    const [told, back] = await part();
    ++passed;
    console.log(`    ${name}: told after ${told} ms, in order again after ${back} ms (${((Date.now() - begin) / 1000).toFixed(1)} s in all)`);
  } catch (error) {
    if (error instanceof Skipped) {
      ++skipped;
      console.log(`    ${name}: skipped: ${error.message}`);
    } else {
      ++failed;
      console.log(`    FAILED ${name}: ${error.message}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
