// SPDX-License-Identifier: EUPL-1.2
// node script/cluster-test.mjs PROGRAM [--times N] [--only WORDS] [--suspend] [--short]: see script/cluster-test
// Two loads go on through HAProxy all the time: people send forms, an editor imports. After each loss: all that was said
// to be kept is there, once; the log has each change once, in order, and is whole; never did two processes continue it,
// and no old primary acknowledged a write after a newer one had (cluster-watch.mjs).
import { Cluster, sleep, until } from "./cluster.mjs";
import { Editor, People, Readers, median } from "./cluster-load.mjs";
import { Leaders, Primaries } from "./cluster-watch.mjs";

const given = process.argv.slice(2);
const option = (name, otherwise) => (given.includes(name) ? given[given.indexOf(name) + 1] : otherwise);
const short = given.includes("--short");     // each once, on any machine: how long it took is said, not judged
const times = Number(option("--times", short ? 1 : 20));
const only = option("--only", "processes,primary,cut,rolling").split(",");
const service_back = 30_000;     // milliseconds, at most
const patience = short ? 300_000 : 120_000;      // for what has no limit of its own

const names = only.filter((word) => /^p[0-9]$/.test(word));      // of processes
const cluster = new Cluster(given[0], { namespaces: !given.includes("--suspend"), log: (text) => console.log(`    ${text}`) });
let passed = 0, failed = 0, slow = false;
let editor, people, leaders, primaries;

function check(good, text) {
  if (good) ++passed;
  else ++failed;
  if (!good) console.log(`    FAILED: ${text}`);
}

// What must hold when nothing is lost any more and the load has paused.
async function holds(what) {
  await until(`${what}: the cluster is whole`, patience, () => cluster.whole());
  await Promise.all([editor.pause(), people.pause()]);
  await until(`${what}: all has been published everywhere`, patience, () => editor.settled(cluster.nodes));
  const findings = [...(await editor.findings(cluster.nodes)), ...(await people.findings()), ...leaders.findings(), ...primaries.findings()];
  check(findings.length === 0, `${what}: ${findings.slice(0, 5).join("; ")}`);
  editor.go();
  people.go();
}

// Breaks something, waits until everything works again for those who come then, mends it.
async function lose(what, breaking, mending) {
  const backs = [], logs = [];
  for (let n = 1; n <= times; ++n) {
    const name = `${what} ${n}`;
    try {
      await until(`${name}: the cluster is whole before`, patience, () => cluster.whole());
      const before = Date.now();
      await until(`${name}: writing works before`, patience, () => editor.wroteAfter(before));
      const begin = Date.now();
      const broken = await breaking();
      const lost = Date.now();      // counted is from `begin`, but only what was begun after the loss counts
      const wrote = await until(`${name}: a form is taken again`, patience, () => people.wroteAfter(lost));
      const said = await until(`${name}: a change is published again`, patience, () => editor.publishedAfter(lost));
      await mending(broken);
      backs.push(people.wrote_at - begin);
      logs.push(editor.published_at - begin);
      const back = Math.max(backs.at(-1), logs.at(-1));
      slow ||= back > service_back;
      check(short || back <= service_back, `${name}: service back after ${back} ms (waited ${wrote} and ${said} ms)`);
      await holds(name);
      if (times > 3) console.log(`      ${name}: ${back} ms`);
    } catch (error) {
      const seen = [...leaders.findings(), ...primaries.findings(), ...(await people.findings())];
      check(false, [error.message, ...seen.slice(0, 5)].join("; "));
      if (!(await recovered())) return;
    }
  }
  const both = backs.map((back, n) => Math.max(back, logs[n]));
  console.log(`    ${what}: ${backs.length} times; forms taken again after ${median(backs)} ms (median, at most ${Math.max(...backs)}), ` +
    `changes published after ${median(logs)} ms (at most ${Math.max(...logs)}); service back: median ${median(both)} ms`);
}
async function recovered() {
  for (const one of cluster.databases) for (const pid of cluster.processesOf(one)) cluster.signal(pid, "SIGCONT");
  editor.go();
  people.go();
  try {
    if (cluster.cut_off) cluster.join(cluster.cut_off);
    await until("the cluster comes back", patience, () => cluster.whole());
    return true;
  } catch (error) {
    console.log(`    given up: ${error.message}`);
    return false;
  }
}

async function processes() {
  let nodes = cluster.nodes.filter((each) => !names.length || names.includes(each.name));
  if (short) for (const node of cluster.nodes) if (await leaders.leads(node)) nodes = [node];      // the one that is missed
  for (const node of nodes)
    await lose(`kill -9 of process ${node.name}`, async () => {
      const child = cluster.running.get(node.name);
      process.kill(child.pid, "SIGKILL");
      await child.gone;
    }, async () => {
      cluster.startProcess(node);
      await until(`${node.name} is back`, patience, () => cluster.ready(node));
    });
}
async function primary() {
  await lose("kill -9 of the PostgreSQL primary", async () => {
    const one = await cluster.primary();
    process.kill(cluster.postmaster(one), "SIGKILL");
  }, async () => {});
}
async function cut() {
  if (cluster.namespaces) {
    await lose("network cut between primary and replicas", async () => {
      const one = await cluster.primary();
      cluster.cut(one);
      return one;
    }, async (one) => cluster.join(one));
    return;
  }
  await lose("machine of the primary suspended", async () => {
    const one = await cluster.primary();
    const all = cluster.processesOf(one);
    for (const pid of all) cluster.signal(pid, "SIGSTOP");
    return all;
  }, async (all) => {
    for (const pid of all) cluster.signal(pid, "SIGCONT");
  });
}
// Each process in turn is asked to end and started again, while people read and write.
async function rolling() {
  const readers = new Readers(cluster.address);
  const refused_before = people.refused.length;
  for (let round = 0; round < Math.max(1, Math.min(3, times)); ++round)
    for (const node of cluster.nodes) {
      const child = cluster.running.get(node.name);
      process.kill(child.pid, "SIGTERM");
      const status = await child.gone;
      check(status === 0, `${node.name} ended with ${status}`);
      cluster.startProcess(node);
      await until(`${node.name} is back`, patience, () => cluster.ready(node));
      await sleep(2_000);      // HAProxy looks twice
    }
  await readers.stop();
  const refused = people.refused.slice(refused_before);
  check(readers.failures.length === 0, `rolling restart: ${readers.failures.length} of ${readers.asked} questions failed: ${readers.failures[0]}`);
  check(refused.length === 0, `rolling restart: ${refused.length} forms failed: ${refused[0]}`);
  console.log(`    rolling restart: ${readers.asked} questions, ${readers.failures.length} failed; forms failed: ${refused.length}`);
  await holds("rolling restart");
}

let ending = null;
async function end(status) {
  ending ??= (async () => {
    leaders?.stop();
    primaries?.stop();
    people?.stop();
    editor?.stop();
    await cluster.bringDown();
    process.exit(status);
  })();
  return ending;
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    if (!ending && (failed > 0 || slow)) console.log(`    ended by ${signal}; what all programs said: ${cluster.keepLogs()}`);
    end(130);
  });
try {
  await cluster.bringUp();
  console.log(`    a cut is one of ${cluster.namespaces ? "the network (a network namespace for each database node)" : "time: the primary is suspended (SIGSTOP), its network is not cut"}`);
  editor = new Editor(cluster);
  people = new People(cluster);
  leaders = new Leaders(cluster.nodes);
  primaries = new Primaries(cluster);
  await editor.begin();
  people.begin();
  for (const part of [processes, primary, cut, rolling])
    if (only.includes(part.name) || (part === processes && names.length)) await part();
  await Promise.all([editor.pause(), people.pause()]);
  console.log(`    in all: ${people.summary()}; ${editor.summary()}; leaders asked ${leaders.looks} times; ${primaries.summary()}`);
  check(primaries.acknowledged.count > 0, "no database acknowledged a write of its own");
} catch (error) {
  if (!ending) check(false, error.stack);
  if (!ending && cluster.bringing === "databases") console.log(`    etcd and Patroni are installed and do not come up:\n${cluster.lastWords()}`);
}
if (failed > 0 || slow) console.log(`    what all programs said: ${cluster.keepLogs()}`);
console.log(`${passed} passed, ${failed} failed`);
await end(failed === 0 && passed > 0 ? 0 : 1);
