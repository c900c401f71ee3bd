// SPDX-License-Identifier: EUPL-1.2
// What tenants cost: node script/measure-tenants.mjs PROGRAM N...  (with script/with-postgresql: on that server)
// For each N an installation of N tenants, each with the same 500 services of 4 KiB text (SERVICES=...); prints a table
// line: start to all answering, memory, threads, processor time at rest, connections to the database, bytes on disk.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "./program.mjs";

const program = resolve(process.argv[2]);
const url = process.env.VERBUND_TEST_POSTGRESQL;
const services = Number(process.env.SERVICES ?? 500);
const environment = { ...process.env };
delete environment.VERBUND_TEST_POSTGRESQL;
delete environment.VERBUND_POSTGRESQL_FOLDER;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const status = (pid, key) =>
  Number(readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`${key}:\\s+(\\d+)`))[1]);
const ticks = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return Number(fields[11]) + Number(fields[12]);
};
const get = (port, host) =>
  new Promise((done, failed) => {
    const asking = request({ host: "127.0.0.1", port, path: "/suche?q=hund", headers: { Host: host } }, (answer) => {
      answer.resume();
      answer.on("end", () => done(answer.statusCode));
    });
    asking.on("error", failed);
    asking.end();
  });

console.log("| tenants | all answer after s | resident MiB | of it anonymous | threads | processor at rest % | " +
            "connections | on disk MiB |");
for (const n of process.argv.slice(3).map(Number)) {
  const home = temporaryFolder();
  const data = join(home, "data");
  const module = (code, text) =>
    `<xzufi:modulText><xzufi:leikaTextmodul><code>${code}</code></xzufi:leikaTextmodul>` +
    `<xzufi:inhalt languageCode="de">${text}</xzufi:inhalt></xzufi:modulText>`;
  let stock = `<?xml version="1.0" encoding="UTF-8"?>
<xzufi:transfer xmlns:xzufi="http://xoev.de/schemata/xzufi/2_2_0" xzufiVersion="2.2.0"><xzufi:nachrichtenkopf/>\n`;
  for (let k = 0; k < services; ++k) {
    const text = Array.from({ length: 400 }, (_, w) => `wort${(w * 7919 + k * 31) % 5000}`).join(" ");
    stock += `<xzufi:schreibe><xzufi:leistung><xzufi:id schemeAgencyID="land">s${k}</xzufi:id>` +
      `${module("03", `Leistung ${k}`)}${module("05", text)}</xzufi:leistung></xzufi:schreibe>\n`;
  }
  writeFileSync(join(home, "stock.xml"), stock + "</xzufi:transfer>\n");
  const env = { ...environment };
  if (url) env.VERBUND_STORE = `${url}&options=-csearch_path%3Dm${process.pid}_${n}_{node}`;
  for (let i = 0; i < n; ++i) {
    for (const words of [["tenant", "add", `t${i}`, "--host", `t${i}.example`],
                         ["import", "xzufi", join(home, "stock.xml"), "--source", "stock", "--tenant", `t${i}`]]) {
      const result = run(program, [...words, "--data", data], { env });
      if (result.status !== 0) throw new Error(result.err);
    }
  }
  const begin = Date.now();
  const node = await serve(program, ["--data", data], { env });
  const all = (Date.now() - begin) / 1000;
  const port = new URL(node.address).port;
  for (let i = 0; i < n; ++i) if ((await get(port, `t${i}.example`)) !== 200) throw new Error(`t${i} does not answer`);
  await sleep(15_000);
  const before = ticks(node.process.pid);
  await sleep(10_000);
  const rest = (ticks(node.process.pid) - before) / 10;
  const connections = url
    ? Number(execFileSync("psql", ["-h", process.env.VERBUND_POSTGRESQL_FOLDER, "-U", "verbund", "-d", "postgres",
        "-Atc", "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'verbund'"], { encoding: "utf8" }))
    : 0;
  const disk = Number(execFileSync("du", ["-sm", data], { encoding: "utf8" }).split("\t")[0]);
  const mib = (key) => (status(node.process.pid, key) / 1024).toFixed(0);
  const threads = status(node.process.pid, "Threads");
  console.log(`| ${n} | ${all.toFixed(1)} | ${mib("VmRSS")} | ${mib("RssAnon")} | ${threads} | ${rest.toFixed(1)} | ` +
              `${connections} | ${disk} |`);
  await node.stop();
}
process.exit(0);
