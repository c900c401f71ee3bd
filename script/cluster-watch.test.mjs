// SPDX-License-Identifier: EUPL-1.2
// node script/cluster-watch.test.mjs: that those who look on in script/cluster-test (cluster-watch.mjs) see two leaders.
// Histories are written down here: of a cluster as it should be, and of those that must never be.
// Ends with "N passed, N failed".
import { createServer } from "node:http";
import { sleep } from "./cluster.mjs";
import { Acknowledged, Leaders } from "./cluster-watch.mjs";

let passed = 0, failed = 0;
function check(good, text) {
  if (good) ++passed;
  else ++failed;
  if (!good) console.log(`    FAILED: ${text}`);
}

// Each line: node, timeline, when the write was begun and when it was acknowledged (milliseconds).
const histories = [
  { name: "one primary", lines: [["db1", 1, 0, 10], ["db1", 1, 20, 30]], findings: [] },
  { name: "a primary is replaced", lines: [["db1", 1, 0, 10], ["db2", 2, 900, 910], ["db2", 2, 950, 960]], findings: [] },
  { name: "and comes back as the primary", lines: [["db1", 1, 0, 10], ["db2", 2, 900, 910], ["db1", 3, 2000, 2010]], findings: [] },
  // Begun before the newer one acknowledged anything: it may have been kept before the change.
  { name: "an answer that comes late", lines: [["db1", 1, 0, 10], ["db2", 2, 900, 910], ["db1", 1, 890, 950]], findings: [] },
  // The lines of the two come one after the other to whoever looks on, not in the order of the clock.
  { name: "told in another order", lines: [["db2", 2, 900, 910], ["db1", 1, 0, 10]], findings: [] },
  { name: "an old primary goes on", lines: [["db1", 1, 0, 10], ["db2", 2, 900, 910], ["db1", 1, 920, 930]],
    findings: ["db1 acknowledged a write on timeline 1, begun 10 ms after db2 had acknowledged one on 2"] },
  { name: "an old primary goes on, and is heard first", lines: [["db1", 1, 0, 10], ["db1", 1, 920, 930], ["db2", 2, 900, 910]],
    findings: ["db1 acknowledged a write on timeline 1, begun 10 ms after db2 had acknowledged one on 2"] },
  { name: "an old primary goes on, two changes later",
    lines: [["db1", 1, 0, 10], ["db2", 2, 900, 910], ["db3", 3, 1900, 1910], ["db2", 2, 1950, 1960]],
    findings: ["db2 acknowledged a write on timeline 2, begun 40 ms after db3 had acknowledged one on 3"] },
  // As with etcd v3 and Patroni 3.0.2: the one that was cut off takes the lead with the state it had (docs/operating.md).
  { name: "the same timeline twice", lines: [["db1", 1, 0, 10], ["db2", 2, 17_000, 17_010], ["db1", 2, 31_000, 31_010]],
    findings: ["db2 and db1 acknowledged writes on timeline 2"] },
  { name: "both at once on one timeline", lines: [["db1", 1, 0, 10], ["db2", 1, 5, 12]],
    findings: ["db1 and db2 acknowledged writes on timeline 1"] },
];
for (const { name, lines, findings } of histories) {
  const seen = new Acknowledged();
  for (const line of lines) seen.note(...line);
  check(seen.count === lines.length, `${name}: ${seen.count} writes`);
  check(seen.findings.join("; ") === findings.join("; "), `${name}: found "${seen.findings.join("; ")}"`);
}

// Processes that say whether they lead, as verbund does in /metrics.
async function started(name) {
  const one = { name, leads: false, slow: false };
  const server = createServer(async (request, answer) => {
    if (one.slow) await sleep(1_200);
    answer.end(`verbund_log_leads ${one.leads ? 1 : 0}\nverbund_log_entries 3\n`);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  one.address = `http://127.0.0.1:${server.address().port}`;
  one.end = () => server.close(() => {}).closeAllConnections();
  return one;
}
const nodes = [await started("p1"), await started("p2"), await started("p3")];
const leaders = new Leaders(nodes);
async function looks(count) {
  for (const before = leaders.looks; leaders.looks < before + count; ) await sleep(10);
}
await looks(3);
check(leaders.findings().length === 0, "nobody leads");
nodes[1].leads = true;
await looks(3);
check(leaders.findings().length === 0, "one leads");
nodes[1].leads = false;
nodes[2].leads = true;
await looks(3);
check(leaders.findings().length === 0, "another one leads");
nodes[0].slow = true;      // a process that does not answer says nothing
nodes[0].leads = true;
await looks(2);
check(leaders.findings().length === 0, "a process that hangs does not lead");
nodes[0].slow = false;
await looks(4);
check(leaders.findings().includes("p1 and p3 led at the same time"), "two lead and nobody says so");
nodes[2].leads = false;
await looks(3);
leaders.findings();
await looks(3);
check(leaders.findings().length === 0, "one leads again");
leaders.stop();
for (const node of nodes) node.end();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
