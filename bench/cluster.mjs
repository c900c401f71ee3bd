// SPDX-License-Identifier: EUPL-1.2
// What a cluster carries: node bench/cluster.mjs PROGRAM [--seconds N] [--parts read,write,publish,memory]
// Brings one up as script/cluster does: three PostgreSQL under Patroni, three processes, HAProxy. Needs wrk
// (script/bootstrap bench, script/bootstrap cluster) and, for write, build/store_bench (-DVERBUND_BENCH=ON).
// read: requests/s at one process, and through HAProxy at all three.
// write: changed objects, each durable on two machines before it is acknowledged, and forms through HAProxy, beside
//   pgbench's simple update (-N) on the same primary; meanwhile what each replica is behind, as the primary says.
// publish: from the end of an import to the checkpoint at every process.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Cluster, sleep } from "../script/cluster.mjs";
import { Editor, median } from "../script/cluster-load.mjs";
import { percentile, publications, requests } from "./measuring.mjs";

const given = process.argv.slice(2);
const option = (name, otherwise) => (given.includes(name) ? given[given.indexOf(name) + 1] : otherwise);
const seconds = Number(option("--seconds", 8));
const parts = option("--parts", "read,write,publish,memory").split(",");
const cluster = new Cluster(given[0], { log: (text) => console.log(`  ${text}`) });
const store_bench = join(dirname(resolve(given[0])), "store_bench");
const forms_at_most = 2_000;       // a node takes 5,000 a day

async function read() {
  console.log("read: requests a second; databases, processes, HAProxy and the generator of the load on the same machine");
  const [first] = cluster.nodes;
  const hit = await (await fetch(`${first.address}/api/v1/services?q=Ausweis&area=22846&limit=1`)).json();
  const service = `/api/v1/services/${encodeURIComponent(hit.hits[0].id)}`;
  for (const [what, path, apart] of [["service page, in memory", "/norderstedt/verlust-oder-diebstahl-des-ausweises-melden"], ["result page", "/suche?q=Ausweis&ort=22846"],
    ["JSON search", "/api/v1/services?q=Ausweis&area=22846"], ["JSON service, from the database", service, true]]) {
    const how = { seconds, connections: 32, apart, folder: cluster.folder };
    const one = await requests(first.address, path, how);
    const all = await requests(cluster.address, path, how);
    console.log(`  ${what.padEnd(34)} one process ${one.toFixed(0)}/s, three through HAProxy ${all.toFixed(0)}/s = ${(all / one).toFixed(2)}`);
  }
}

// Forms of people, each answered when it is kept.
async function forms(clients) {
  const took = [];
  const begin = Date.now();
  await Promise.all(Array.from({ length: clients }, async () => {
    while (Date.now() - begin < seconds * 1_000 && took.length < forms_at_most - clients) {
      const asked = performance.now();
      const answer = await fetch(`${cluster.address}/rueckmeldung`, { method: "POST", redirect: "manual", body: "seite=%2Fnorderstedt&hilfreich=ja",
        headers: { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" } });
      await answer.arrayBuffer();
      if (answer.status !== 303) throw new Error(`a form was not taken: ${answer.status}`);
      took.push(performance.now() - asked);
    }
  }));
  return { per_s: took.length / ((Date.now() - begin) / 1000), p50: median(took).toFixed(1), p99: percentile(took, 0.99).toFixed(1) };
}
async function write() {
  if (!existsSync(store_bench)) throw new Error(`${store_bench} is not there: cmake -DVERBUND_BENCH=ON, target store_bench`);
  console.log("write: each durable on two machines before it is acknowledged");
  const primary = await cluster.primary();
  const at = ["-h", primary.folder, "-p", String(primary.sql), "-U", "postgres"];
  cluster.must([`${cluster.bin}/pgbench`, ...at, "-i", "-q", "-s", "10", "postgres"]);
  const lags = new Map();
  let looking = true;
  const look = (async () => {
    while (looking) {
      const told = await cluster.runBeside([`${cluster.bin}/psql`, "-qAtX", ...at, "-c",
        "SELECT sync_state, 1000 * COALESCE(extract(epoch FROM replay_lag), 0) FROM pg_stat_replication"]);
      for (const line of told.out.trim().split("\n").filter(Boolean)) {
        const [state, lag] = line.split("|");
        lags.set(state, [...(lags.get(state) ?? []), Number(lag)]);
      }
      await sleep(200);
    }
  })();
  const where = cluster.store.replace("%3Dtown", "%3Dbench");
  for (const clients of [1, 8]) {
    const told = await cluster.runBeside([`${cluster.bin}/pgbench`, ...at, "-N", "-n", "-M", "prepared", "-c", String(clients), "-T", String(seconds), "postgres"]);
    const peer = Number(told.out.match(/tps = ([0-9.]+)/)[1]);
    const ours = (await cluster.runBeside([store_bench, where, String(seconds), String(clients)], { env: cluster.env }));
    const found = ours.out.match(/RESULT (\S+) (\S+) (\S+)/);
    if (!found) throw new Error(ours.err);
    const people = await forms(clients);
    console.log(`  ${clients} at once: pgbench -N ${peer.toFixed(0)}/s; changed objects ${found[1]}/s (p50 ${found[2]}, p99 ${found[3]} ms) = ${(found[1] / peer).toFixed(2)} of it; ` +
      `forms ${people.per_s.toFixed(0)}/s (p50 ${people.p50}, p99 ${people.p99} ms)`);
  }
  looking = false;
  await look;
  for (const [state, all] of lags)
    console.log(`  replica (${state}) behind: median ${median(all).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms, at most ${Math.max(...all).toFixed(1)} ms, ${all.length} looks`);
}

async function publish() {
  console.log(`publish: an import of three objects, to the checkpoint at every process: ${await publications(new Editor(cluster), cluster.nodes, 20)}`);
}

// What each program has in memory after all that, its share of what it has in common with others (Pss), in MiB.
function memory() {
  const share = (pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss:\s+(\d+)/m)[1]) / 1024;
    } catch {
      return 0;      // it has ended
    }
  };
  const name = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    } catch {
      return "";
    }
  };
  const sum = (pids) => pids.reduce((all, pid) => all + share(pid), 0).toFixed(0);
  console.log("memory: MiB of each program, with what belongs to it");
  for (const one of cluster.databases) {
    const pids = cluster.processesOf(one);
    const of = (pattern) => sum(pids.filter((pid) => pattern.test(name(pid))));
    console.log(`  ${one.name}: PostgreSQL ${of(/^postgres/)}, Patroni ${of(/^(patroni|python)/)}, etcd ${of(/^etcd/)}`);
  }
  for (const each of [...cluster.nodes.map((node) => node.name), "haproxy"])
    console.log(`  ${each}: ${sum([cluster.running.get(each).pid])}`);
}

let status = 1;
try {
  await cluster.bringUp();
  for (const part of parts) await { read, write, publish, memory }[part]();
  status = 0;
} catch (error) {
  console.error(`bench/cluster: ${error.stack}\n  what all programs said: ${cluster.keepLogs()}`);
}
await cluster.bringDown();
process.exit(status);
