// SPDX-License-Identifier: EUPL-1.2
// Who looks on while script/cluster-test breaks things: that never two lead.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { sleep } from "./cluster.mjs";

// Asks all processes again and again who leads. Two lead if one says so before and after another does.
export class Leaders {
  constructor(nodes) {
    this.nodes = nodes;
    this.looks = 0;
    this.two = [];
    this.running = true;
    this.loop();
  }
  async leads(node) {
    try {
      const answer = await fetch(`${node.address}/metrics`, { signal: AbortSignal.timeout(1_000) });
      return /verbund_log_leads 1/.test(await answer.text());
    } catch {
      return false;
    }
  }
  async loop() {
    while (this.running) {
      ++this.looks;
      const leading = [];
      for (const node of this.nodes) if (await this.leads(node)) leading.push(node);
      if (leading.length > 1 && (await this.leads(leading[0])) && (await this.leads(leading[1])))
        this.two.push(leading.map((node) => node.name).join(" and "));
      await sleep(50);
    }
  }
  findings() {
    const out = this.two.map((who) => `${who} led at the same time`);
    this.two = [];
    return out;
  }
  stop() {
    this.running = false;
  }
}

// What each database node says to a write of its own, in order. Of two primaries the older one (its timeline is lower:
// each promotion begins a new one) must not acknowledge a write that was begun after the newer one had acknowledged one.
// An old primary that still takes connections, but whose commits wait for ever, is none.
export class Acknowledged {
  constructor() {
    this.first = new Map();      // timeline -> {node, at}: its first acknowledged write
    this.latest = new Map();     // timeline -> {node, begun}: of its acknowledged writes the one begun last
    this.count = 0;
    this.findings = [];
  }
  note(node, timeline, begun, at) {
    ++this.count;
    const late = (old, timeline, newer, other) => this.findings.push(`${old.node} acknowledged a write on timeline ${timeline}, ` +
      `begun ${old.begun - newer.at} ms after ${newer.node} had acknowledged one on ${other}`);
    const first = this.first.get(timeline);
    if (first && first.node !== node) this.findings.push(`${first.node} and ${node} acknowledged writes on timeline ${timeline}`);
    if (!first) {
      this.first.set(timeline, { node, at });
      // What an older one acknowledged meanwhile may have been told earlier.
      for (const [other, old] of this.latest) if (other < timeline && old.begun > at) late(old, other, { node, at }, timeline);
    }
    if (!(this.latest.get(timeline)?.begun >= begun)) this.latest.set(timeline, { node, begun });
    for (const [other, newer] of this.first) if (other > timeline && newer.at < begun) late({ node, begun }, timeline, newer, other);
  }
}

// Writes at each database node, past HAProxy and the program, five times a second; a line of its own to each.
export class Primaries {
  constructor(cluster) {
    this.cluster = cluster;
    this.acknowledged = new Acknowledged();
    this.running = true;
    this.children = new Map();
    this.all = Promise.all(cluster.databases.map((one) => this.watch(one)));
  }
  async watch(one) {
    while (this.running) {
      try {
        await this.ask(one);
      } catch {
        // a node that is away is asked again
      }
      await sleep(200);
    }
  }
  async ask(one) {
    const [program, ...words] = [...this.cluster.as, `${this.cluster.bin}/psql`, "-qAtX", "-h", one.host, "-p", String(one.sql), "-U", "postgres", "-d", "postgres"];
    const child = spawn(program, words, { cwd: "/", stdio: ["pipe", "pipe", "pipe"], env: { ...process.env,
      PGPASSWORD: this.cluster.passwords.super, PGCONNECT_TIMEOUT: "2", PGOPTIONS: "-c lc_messages=C -c synchronous_commit=on" } });
    child.stdin.on("error", () => {});
    this.children.set(one.name, child);
    let warned = false;
    child.stderr.on("data", (text) => (warned ||= /WARNING/.test(text)));
    let begun = Date.now(), timeline = null;
    const next = () => {
      begun = Date.now();
      timeline = null;
      warned = false;
      // The row is shown when the commit is acknowledged; that of a standby is empty.
      child.stdin.write("SELECT CASE WHEN NOT pg_is_in_recovery() THEN substr(pg_walfile_name(" +
        "pg_logical_emit_message(true, 'watch', '')), 1, 8) END;\n\\echo end\n");
    };
    next();
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== "end") {
        timeline = parseInt(line, 16);
        continue;
      }
      const at = Date.now();
      await sleep(20);      // a warning comes on another line
      if (timeline && !warned) this.acknowledged.note(one.name, timeline, begun, at);
      await sleep(200);
      if (!this.running) break;
      next();
    }
    child.kill("SIGKILL");
  }
  // What was found since the last call.
  findings() {
    return this.acknowledged.findings.splice(0);
  }
  summary() {
    return `writes acknowledged by the databases themselves: ${this.acknowledged.count} on ${this.acknowledged.first.size} timelines`;
  }
  stop() {
    this.running = false;
    for (const child of this.children.values()) child.kill("SIGKILL");
  }
}
