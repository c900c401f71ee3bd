// SPDX-License-Identifier: EUPL-1.2
// The load of script/cluster-test, and what each part of it remembers of what it was told.
import { mkdirSync, writeFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "./cluster.mjs";

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const ask_at_most = 150_000;      // milliseconds: longer than the driver looks for the outcome of a commit
const services = 3;               // objects of an edition
const form_every = 400;           // milliseconds; a node takes 5,000 such forms a day
const edition_every = 700;

// Something that goes on in turns, can be held, and says when it last succeeded with what it began.
class Load {
  constructor(every) {
    this.every = every;
    this.running = true;
    this.held = false;
    this.turn = Promise.resolve();
  }
  loop() {
    this.over = (async () => {
      while (this.running) {
        if (!this.held) await (this.turn = this.once());
        await sleep(this.every);
      }
    })();
  }
  async pause() {
    this.held = true;
    await this.turn;
  }
  go() {
    this.held = false;
  }
  stop() {
    this.running = false;
  }
}

// People who answer whether a page helped, through HAProxy: a 303 says that it is kept.
export class People extends Load {
  constructor(cluster) {
    super(form_every);
    this.cluster = cluster;
    this.taken = 0;
    this.refused = [];     // what they were told; it may be kept nevertheless, but not twice
  }
  begin() {
    this.loop();
  }
  async once() {
    const begun = Date.now();
    try {
      const answer = await fetch(`${this.cluster.address}/rueckmeldung`, { method: "POST", redirect: "manual",
        body: "seite=%2Fnorderstedt&hilfreich=ja", signal: AbortSignal.timeout(ask_at_most),
        headers: { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" } });
      await answer.arrayBuffer();
      if (answer.status !== 303) return void this.refused.push(`status ${answer.status}`);
      ++this.taken;
      if (begun >= this.waiting_since) this.wrote_at ??= Date.now();
    } catch (error) {
      this.refused.push(error.cause?.code ?? error.message);
    }
  }
  // A form that was begun after `time` has been taken; `wrote_at` says when the first one was.
  wroteAfter(time) {
    if (this.waiting_since !== time) this.wrote_at = undefined;
    this.waiting_since = time;
    return this.wrote_at !== undefined;
  }
  async findings() {
    const taken = this.taken;      // before it is looked: forms may go on
    const told = await this.cluster.command(["feedback", "summary", "--json", "--data", this.cluster.nodes[0].data]);
    if (told.status !== 0) return [`feedback summary: ${told.err}`];
    const kept = JSON.parse(told.out).helpful;
    if (kept < taken) return [`${taken} forms were taken, ${kept} are kept`];
    if (kept > this.taken + this.refused.length) return [`${kept} forms are kept, ${this.taken} were taken and ${this.refused.length} refused`];
    return [];
  }
  summary() {
    return `${this.taken} forms taken, ${this.refused.length} refused`;
  }
}

// An editor who imports one edition after the other by command; status 0 says that it is kept.
export class Editor extends Load {
  constructor(cluster) {
    super(edition_every);
    this.cluster = cluster;
    this.edition = 0;
    this.kept = 0;            // editions said to be kept
    this.refused = 0;
    this.last_known = 0;      // entries of the log that were seen anywhere
    this.folder = cluster.path("stock");
    this.tools = cluster.path("tools");
    mkdirSync(this.folder, { mode: 0o755 });
    cluster.makeFolder("tools");
  }
  async begin() {
    await this.once();
    this.others = (await this.entries(this.cluster.address)).filter((entry) => entry.agency !== "crash").length;
    if (this.kept !== 1) throw new Error(`the first import: ${this.reason}`);
    this.loop();
  }
  async once() {
    const number = ++this.edition;
    let objects = "";
    for (let n = 0; n < services; ++n)
      objects += `<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="crash" schemeID="Leistung">s${n}</xzufi:id><xzufi:modulText><xzufi:leikaTextmodul><code>03</code></xzufi:leikaTextmodul><xzufi:inhalt languageCode="de">Leistung ${n} in Fassung ${number}</xzufi:inhalt></xzufi:modulText></xzufi:leistung></xzufi:schreibe>\n`;
    const write = (name, text) => {
      writeFileSync(join(this.folder, name), text);
      chmodSync(join(this.folder, name), 0o644);
    };
    write("stock.xml", `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>\n${objects}</xzufi:transfer>\n`);
    write("index.txt", "stock.xml\n");
    const begun = Date.now();
    const done = await this.cluster.runBeside([this.cluster.program, "import", "xzufi", this.folder, "--source", "crash", "--data", this.tools],
      { env: this.cluster.env });
    if (done.status !== 0) {
      ++this.refused;
      this.reason = done.err.trim();
      return;
    }
    ++this.kept;
    this.newest = { number, begun };
    this.kept_at = Date.now();
  }
  wroteAfter(time) {
    return this.newest !== undefined && this.newest.begun >= time;
  }
  // An edition that was begun after `time` is kept and in the log that HAProxy gives; `published_at` says since when.
  async publishedAfter(time) {
    if (this.waiting_since !== time) {
      this.waiting_since = time;
      this.size_before = undefined;
    }
    if (!this.wroteAfter(time)) {
      this.size_before = await this.published(this.cluster.address).catch(() => this.size_before);
      return false;
    }
    const size = await this.published(this.cluster.address);
    if (size <= (this.size_before ?? this.last_known)) return false;
    this.published_at = Date.now();
    return true;
  }
  // Nothing waits to be published: all nodes have the same checkpoint, with all that was kept, and did a second ago.
  async settled(nodes) {
    const now = [];
    for (const node of nodes) now.push(await this.published(node.address));
    const before = this.seen;
    if (now.join() !== before?.sizes || now[0] < (this.others ?? 0) + this.kept * services || new Set(now).size !== 1)
      this.seen = { sizes: now.join(), since: now.join() === before?.sizes ? before.since : Date.now() };
    else return Date.now() - this.seen.since >= 1_000;
    return false;
  }
  async published(address) {
    const answer = await fetch(`${address}/network/log/checkpoint`, { signal: AbortSignal.timeout(5_000) });
    const size = Number((await answer.text()).split("\n")[1]);
    if (!Number.isFinite(size)) throw new Error(`no checkpoint: ${answer.status}`);
    return size;
  }

  // All entries of a node's log, in order.
  async entries(address) {
    const size = await this.published(address);
    const out = [];
    for (let bundle = 0; bundle * 256 < size; ++bundle) {
      const width = Math.min(256, size - bundle * 256);
      const digits = String(bundle).padStart(Math.ceil(String(bundle).length / 3) * 3, "0").match(/.{3}/g);
      const name = digits.map((part, n) => (n < digits.length - 1 ? `x${part}` : part)).join("/");
      const path = `/network/log/tile/entries/${name}${width < 256 ? `.p/${width}` : ""}`;
      const answer = await fetch(address + path, { signal: AbortSignal.timeout(20_000) });
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      for (let at = 0; at < bytes.length; ) {
        const length = bytes.readUInt16BE(at);
        out.push(JSON.parse(bytes.subarray(at + 2, at + 2 + length)));
        at += 2 + length;
      }
    }
    if (out.length !== size) throw new Error(`${size} entries announced, ${out.length} there`);
    return out;
  }
  // What is wrong with the log of any node; nothing may change meanwhile.
  async findings(nodes) {
    const out = [];
    const all = await this.entries(nodes[0].address);
    if (all.length < this.last_known) out.push(`the log had ${this.last_known} entries and has ${all.length}`);
    for (let n = 0; n < (this.before?.length ?? 0); ++n)
      if (JSON.stringify(all[n]) !== this.before[n]) {
        out.push(`entry ${n} is another one than before`);
        break;
      }
    for (let n = 1; n < all.length; ++n) if (all[n].revision <= all[n - 1].revision) out.push(`entry ${n}: revision ${all[n].revision} after ${all[n - 1].revision}`);
    const mine = all.filter((entry) => entry.agency === "crash" && entry.kind === "service");
    this.others = all.length - mine.length;
    for (let n = 0; n < services; ++n) {
      const said = mine.filter((entry) => entry.local.endsWith(`s${n}`)).map((entry) => entry.sha256);
      if (new Set(said).size !== said.length) out.push(`an edition of s${n} is in the log twice`);
      if (said.length < this.kept || said.length > this.kept + this.refused)
        out.push(`${said.length} editions of s${n} in the log, ${this.kept} kept, ${this.refused} refused`);
    }
    const roots = new Set();
    for (const node of nodes) {
      const checkpoint = await (await fetch(`${node.address}/network/log/checkpoint`, { signal: AbortSignal.timeout(5_000) })).text();
      roots.add(checkpoint.split("\n").slice(0, 3).join("\n"));
      const verified = await this.cluster.command(["log", "verify", node.data, "--json", "--data", node.data]);
      if (verified.status !== 0 || JSON.parse(verified.out).entries !== all.length) out.push(`log verify at ${node.name}: ${(verified.err || verified.out).replace(/\s+/g, " ").slice(0, 200)}`);
    }
    if (roots.size !== 1) out.push(`the processes have ${roots.size} checkpoints`);
    const checked = await this.cluster.command(["store", "check", "--data", nodes[0].data]);
    if (checked.status !== 0) out.push(`store check: ${checked.out} ${checked.err}`);
    this.last_known = all.length;
    this.before = all.map((entry) => JSON.stringify(entry));
    return out;
  }
  summary() {
    return `${this.kept} editions kept, ${this.refused} refused, ${this.last_known} entries in the log`;
  }
}

// People who read, through HAProxy, four at a time; every answer but 200 is a failure.
export class Readers {
  constructor(address) {
    this.asked = 0;
    this.failures = [];
    this.running = true;
    const pages = ["/", "/suche?q=Hund+anmelden&ort=22846", "/norderstedt", "/api/v1/services?q=Leistung", "/network/log/checkpoint"];
    this.all = Promise.all([0, 1, 2, 3].map(async (first) => {
      for (let n = first; this.running; ++n) {
        const page = pages[n % pages.length];
        ++this.asked;
        try {
          const answer = await fetch(address + page, { signal: AbortSignal.timeout(30_000) });
          await answer.arrayBuffer();
          if (answer.status !== 200) this.failures.push(`${page}: ${answer.status}`);
        } catch (error) {
          this.failures.push(`${page}: ${error.cause?.code ?? error.message}`);
        }
        await sleep(20);
      }
    }));
  }
  async stop() {
    this.running = false;
    await this.all;
  }
}
