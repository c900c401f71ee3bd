// SPDX-License-Identifier: EUPL-1.2
// What a visitor and an operator feel: start, memory, first byte, bytes of a first visit.
//   node bench/portal.mjs build/verbund
// Where nginx is installed it serves the very bytes of our pages as files beside us, as the floor nobody gets below
// without a cache in the browser; figures are given as ratios to it.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "../script/program.mjs";

process.env.PATH += ":/usr/sbin";   // where Debian puts nginx
const program = resolve(process.argv[2] ?? "build/verbund");
const requests = Number(process.argv[3] ?? 3000);
const home = temporaryFolder();
const data = join(home, "data");

// One request on a kept connection: milliseconds to the first byte, and the size as transferred.
function ask(agent, address, path) {
  return new Promise((done, fail) => {
    const start = process.hrtime.bigint();
    http
      .get(address + path, { agent, headers: { "accept-encoding": "br, gzip" } }, (answer) => {
        const first = Number(process.hrtime.bigint() - start) / 1e6;
        let bytes = 0;
        const pieces = [];
        answer.on("data", (piece) => { bytes += piece.length; pieces.push(piece); });
        answer.on("end", () => done({ first, bytes, status: answer.statusCode, body: Buffer.concat(pieces), type: answer.headers["content-type"] }));
      })
      .on("error", fail);
  });
}

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const line = (name, value) => console.log(`${name.padEnd(58)} ${value}`);

async function measure(address, paths, rounds, fresh) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  for (let n = 0; n < rounds; ++n) {
    const path = paths[n % paths.length];
    const { first, status } = await ask(agent, address, fresh ? path.replace("NUMBER", n) : path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    times.push(first);
  }
  agent.destroy();
  return times.sort((a, b) => a - b);
}

// The data folder is made first, so that the start measured is that of a node that has its data.
let server = await serve(program, ["--demo", "--data", data]);
await server.stop();
const starts = [];
for (let n = 0; n < 5; ++n) {
  const begin = Date.now();
  server = await serve(program, ["--demo", "--data", data]);
  await fetch(server.address + "/health");
  starts.push(Date.now() - begin);
  if (n < 4) await server.stop();
}
line("start to first answer, median of 5", `${starts.sort((a, b) => a - b)[2]} ms   (limit 1000 ms)`);

await new Promise((done) => setTimeout(done, 1500));
const resident = (pid) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
line("resident, idle with the demonstration", `${resident(server.process.pid).toFixed(1)} MiB   (limit 100 MiB)`);

const hits = JSON.parse(run(program, ["find", "Personalausweis", "--area", "22846", "--json", "--data", data]).out).hits;
const pages = ["/", "/suche?q=Perso+verloren&ort=22846", "/norderstedt", hits[0].url, "/suche?q=Hund+anmelden&ort=Norderstedt"];
const warm = await measure(server.address, pages, requests, false);
const cold = await measure(server.address, ["/suche?q=f%C3%BChrungszeugnis+NUMBER&ort=22846"], 500, true);
line(`first byte, ${requests} requests over ${pages.length} pages`, `p50 ${percentile(warm, 0.5).toFixed(2)} ms, p95 ${percentile(warm, 0.95).toFixed(2)} ms, p99 ${percentile(warm, 0.99).toFixed(2)} ms   (limit p95 20 ms)`);
line("first byte, result page built and compressed anew each time", `p50 ${percentile(cold, 0.5).toFixed(2)} ms, p95 ${percentile(cold, 0.95).toFixed(2)} ms`);

// A first visit: the page and every asset it names, as transferred.
const agent = new http.Agent({ keepAlive: true });
for (const page of pages) {
  const main = await ask(agent, server.address, page);
  const html = await (await fetch(server.address + page)).text();
  let bytes = main.bytes;
  const assets = new Set([...html.matchAll(/(?:href|src)="(\/assets\/[^"]+|\/favicon[^"]*)"/g)].map((match) => match[1]));
  for (const asset of assets) bytes += (await ask(agent, server.address, asset)).bytes;
  line(`first visit of ${page}`, `${(bytes / 1024).toFixed(1)} KiB in ${assets.size + 1} requests   (limit 60 KiB)`);
}
line("resident after these requests", `${resident(server.process.pid).toFixed(1)} MiB`);

if (spawnSync("nginx", ["-v"]).status === 0) {
  const root = join(home, "nginx");
  mkdirSync(join(root, "files"), { recursive: true });
  for (const [n, page] of pages.entries()) writeFileSync(join(root, "files", `${n}.html`), (await ask(agent, server.address, page)).body);
  writeFileSync(join(root, "nginx.conf"), `daemon off; ${process.getuid() === 0 ? "user root;" : ""} pid ${root}/pid; error_log ${root}/error.log; worker_processes 1;
events {} http { access_log off; keepalive_requests 1000000; sendfile on; tcp_nopush on; open_file_cache max=100;
client_body_temp_path ${root}/b; proxy_temp_path ${root}/p; fastcgi_temp_path ${root}/f; uwsgi_temp_path ${root}/u; scgi_temp_path ${root}/s;
server { listen 127.0.0.1:18099; root ${root}/files; } }\n`);
  const nginx = spawn("nginx", ["-c", join(root, "nginx.conf"), "-p", root], { stdio: "ignore" });
  process.on("exit", () => nginx.kill());
  await new Promise((done) => setTimeout(done, 500));
  const files = await measure("http://127.0.0.1:18099", pages.map((_, n) => `/${n}.html`), requests, false);
  nginx.kill();
  line("nginx, the same bytes as files", `p50 ${percentile(files, 0.5).toFixed(2)} ms, p95 ${percentile(files, 0.95).toFixed(2)} ms`);
  line("verbund / nginx", `p50 ${(percentile(warm, 0.5) / percentile(files, 0.5)).toFixed(2)}, p95 ${(percentile(warm, 0.95) / percentile(files, 0.95)).toFixed(2)}`);
} else {
  line("nginx", "skipped: not installed");
}
agent.destroy();
await server.stop();
