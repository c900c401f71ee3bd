// SPDX-License-Identifier: EUPL-1.2
// Requests per second beside nginx in one run, and what happens at twice what can be answered. See bench/http.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { serve, temporaryFolder } from "../script/program.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const options = { data: "", queries: "", seconds: 4, rounds: 3, threads: 2, connections: 64, json: false };
for (let words = process.argv.slice(2); words.length > 0; ) {
  const name = words.shift().replace(/^--/, "");
  if (!(name in options)) throw new Error(`unknown word ${name}`);
  options[name] = name === "json" ? true : typeof options[name] === "number" ? Number(words.shift()) : words.shift();
}
const say = (text) => (options.json ? process.stderr : process.stdout).write(text + "\n");
const home = temporaryFolder();

let state = 20260608;   // the same requests in every run
const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);
const shuffled = (list) => {
  const out = [...list];
  for (let i = out.length - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
};
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

// What people ask for: the file of the generated workload (query TAB ... TAB area), else our everyday words.
function queryWords() {
  if (options.queries) return readFileSync(options.queries, "utf8").split("\n").map((line) => line.split("\t")[0]).filter(Boolean);
  const lines = readFileSync(join(here, "../data/vocabulary/everyday.tsv"), "utf8").split("\n");
  return lines.filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t")[0]);
}

async function places(address) {
  const keys = new Set();
  for (const a of "abdefghklmnoprstw") {
    for (const b of "aeiourlh") {
      const answer = await (await fetch(`${address}/api/v1/areas?q=${a}${b}&limit=100`)).json();
      for (const area of answer.areas) if (area.level === "municipality" || area.postal_codes.length > 0) keys.add(area.key);
    }
  }
  return [...keys];
}

// Pairs of query and place, none twice: the n-th.
function pairs(words, keys) {
  const q = shuffled([...new Set(words)].filter((word) => /^[\p{L}\p{N} -]+$/u.test(word)));
  const p = shuffled(keys);
  return (n) => {
    const round = Math.floor(n / q.length);
    if (round >= p.length) throw new Error("too few queries and places");
    return { q: q[n % q.length], area: p[(round + (n % q.length) * 7) % p.length] };
  };
}
const apiTarget = ({ q, area }) => `/api/v1/services?q=${encodeURIComponent(q)}&area=${area}`;
const pageTarget = ({ q, area }) => `/suche?q=${encodeURIComponent(q)}&ort=${area}`;

// Zipf over `many` pairs with exponent 1: the n-th most asked for is asked for 1/n as often as the first.
function zipf(many) {
  const sums = new Float64Array(many);
  for (let i = 0, sum = 0; i < many; ++i) sums[i] = sum += 1 / (i + 1);
  return () => {
    const at = random() * sums[many - 1];
    let low = 0, high = many - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < at) low = middle + 1; else high = middle;
    }
    return low;
  };
}

// Processor time of a process and its children, in seconds.
function cpu(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return children.reduce((sum, child) => sum + cpu(child), (Number(fields[11]) + Number(fields[12])) / 100);
}

// `pid`: of the server asked.
function wrk(pid, address, targets) {
  const file = join(home, "targets.txt");
  writeFileSync(file, targets.join("\n") + "\n");
  const words = ["-t", options.threads, "-c", options.connections, "-d", `${options.seconds}s`, "--timeout", "5s",
                 "-s", join(here, "wrk_targets.lua"), address, "--", file, options.threads].map(String);
  const before = cpu(pid);
  const result = spawnSync("wrk", words, { encoding: "utf8" });
  const used = cpu(pid) - before;
  const found = result.stdout.match(/RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)/);
  if (!found) throw new Error("wrk: " + result.stdout + result.stderr);
  const [requests, micros, p50, p99, status, errors, repeated] = found.slice(1).map(Number);
  return { cpu_us: (used * 1e6) / requests, per_s: (requests - status) / (micros / 1e6), p50_ms: p50 / 1000, p99_ms: p99 / 1000, errors: status + errors, repeated };   // per_s: of the 200
}

// As the manual of nginx recommends for static files.
async function startNginx(files) {
  const root = join(home, "nginx");
  mkdirSync(join(root, "files"), { recursive: true });
  for (const [name, body] of Object.entries(files)) writeFileSync(join(root, "files", name), body);
  writeFileSync(join(root, "nginx.conf"), `daemon off; user ${userInfo().username}; pid ${root}/pid; error_log ${root}/error.log; worker_processes auto;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; keepalive_timeout 65s; sendfile on; tcp_nopush on; tcp_nodelay on;
open_file_cache max=1000 inactive=60s; open_file_cache_valid 60s; types { text/html html; application/json json; }
client_body_temp_path ${root}/b; proxy_temp_path ${root}/p; fastcgi_temp_path ${root}/f; uwsgi_temp_path ${root}/u; scgi_temp_path ${root}/s;
add_header Access-Control-Allow-Origin *; add_header Cache-Control no-cache; add_header Vary Accept-Encoding;
server { listen 127.0.0.1:18098 backlog=4096; root ${root}/files; } }\n`);
  const child = spawn("nginx", ["-c", join(root, "nginx.conf"), "-p", root], { stdio: "ignore" });
  process.on("exit", () => child.kill("SIGTERM"));
  await new Promise((done) => setTimeout(done, 500));
  return child;
}

function openLoad(port, rate, seconds, connections, lines) {
  const file = join(home, "asks.txt");
  writeFileSync(file, lines.join("\n") + "\n");
  const words = [port, rate.toFixed(0), seconds, connections, file].map(String);
  const result = spawnSync(join(home, "open_load"), words, { encoding: "utf8" });
  if (!result.stdout) throw new Error("open_load: " + result.stderr);
  return { offered_per_s: Math.round(rate), ...JSON.parse(result.stdout) };
}

const compiled = spawnSync("g++", ["-O2", "-std=c++20", join(here, "open_load.cc"), "-o", join(home, "open_load")], { encoding: "utf8" });
if (compiled.status !== 0) throw new Error(compiled.stderr);

const program = resolve(process.env.VERBUND ?? join(here, "../build/verbund"));
const words = ["--data", join(home, "data")];
if (options.data) cpSync(options.data, join(home, "data"), { recursive: true });   // the node writes where it serves
else words.unshift("--demo");
const server = await serve(program, words);
const port = Number(new URL(server.address).port);
const ours = `http://127.0.0.1:${port}`;
// A node that was just imported has its log to write first: that is not what is measured.
for (let told = false; ; told = true) {
  const pending = (await (await fetch(`${ours}/metrics`)).text()).match(/^verbund\w*_log_pending (\d+)/m);
  if (!pending || Number(pending[1]) === 0) break;
  if (!told) say(`waiting for the log of the node: ${pending[1]} changes`);
  await new Promise((done) => setTimeout(done, 1000));
}
const pair = pairs(queryWords(), await places(ours));
let used = 0;
const fresh = (count) => Array.from({ length: count }, () => pair(used++));

// A file as large as the mean answer.
const sample = await Promise.all(fresh(300).map(async (each) => (await fetch(ours + apiTarget(each))).text()));
const sizes = sample.map((text) => Buffer.byteLength(text));
const mean = sizes.reduce((a, b) => a + b, 0) / sizes.length;
const nearest = sample[sizes.indexOf([...sizes].sort((a, b) => Math.abs(a - mean) - Math.abs(b - mean))[0])];
const found = await (await fetch(`${ours}/api/v1/services?q=Personalausweis&limit=1`)).json();
const servicePage = process.env.SERVICE_PAGE ?? found.hits[0].url;
const page = await (await fetch(ours + servicePage)).text();
const nginx = await startNginx({ "answer.json": nearest, "page.html": page });
const theirs = "http://127.0.0.1:18098";
say(`answers of ${Math.round(mean)} bytes (mean), page ${servicePage} of ${Buffer.byteLength(page)} bytes; ` +
    `wrk -t${options.threads} -c${options.connections}, ${options.rounds} rounds of ${options.seconds} s, medians`);

const many = 50000;
const popular = Array.from({ length: many }, (_, n) => apiTarget(pair(used + n)));
used += many;
const draw = zipf(many);
const rounds = { nginx_answer: [], never_seen: [], zipf: [], nginx_page: [], page: [] };
for (let round = 0; round < options.rounds; ++round) {
  rounds.nginx_answer.push(wrk(nginx.pid, theirs, ["/answer.json"].concat(Array(options.threads).fill("/answer.json"))));
  rounds.never_seen.push(wrk(server.process.pid, ours, fresh(60000 * options.seconds).map(apiTarget)));
  rounds.zipf.push(wrk(server.process.pid, ours, Array.from({ length: 60000 * options.seconds }, () => popular[draw()])));
  rounds.nginx_page.push(wrk(nginx.pid, theirs, Array(options.threads).fill("/page.html")));
  rounds.page.push(wrk(server.process.pid, ours, Array(options.threads).fill(servicePage)));
}
const result = { answer_bytes: Math.round(mean), page_bytes: Buffer.byteLength(page) };
for (const [name, list] of Object.entries(rounds)) {
  result[name] = Object.fromEntries(["per_s", "p50_ms", "p99_ms", "cpu_us"].map((key) => [key, median(list.map((each) => each[key]))]));
  result[name].errors = list.reduce((sum, each) => sum + each.errors, 0);
  const again = name === "never_seen" ? list.reduce((sum, each) => sum + each.repeated, 0) : 0;
  if (again > 0) throw new Error("queries were repeated: fewer seconds");
}
result.never_seen.of_nginx = median(rounds.never_seen.map((each, n) => each.per_s / rounds.nginx_answer[n].per_s));
result.zipf.of_nginx = median(rounds.zipf.map((each, n) => each.per_s / rounds.nginx_answer[n].per_s));
result.page.of_nginx = median(rounds.page.map((each, n) => each.per_s / rounds.nginx_page[n].per_s));
const row = (label, one, goal) =>
  say(`${label.padEnd(44)} ${Math.round(one.per_s).toString().padStart(7)}/s  p50 ${one.p50_ms.toFixed(2)} ms  p99 ${one.p99_ms.toFixed(2)} ms  ` +
      `${one.cpu_us.toFixed(1)} us of processor each  errors ${one.errors}${one.of_nginx ? `  ${(100 * one.of_nginx).toFixed(0)} % of nginx` : ""}${goal ? `  (goal ${goal})` : ""}`);
row("nginx, a file of that size", result.nginx_answer);
row("search, queries never seen before", result.never_seen, "25 %");
row("search, popular queries repeat (Zipf)", result.zipf, "60 %");
row("nginx, the service page as a file", result.nginx_page);
row("service page from memory", result.page, "15,000/s");

nginx.kill();
// Above capacity: as many as two closed loops get, at twice their rate, whether answers come or not.
const html = ({ q, area }) => `${pageTarget({ q, area })}\tvalue="${q}"`;
const api = ({ q, area }) => `${apiTarget({ q, area })}\t"query":"${q}"`;
const pages = wrk(server.process.pid, ours, fresh(4000 * options.seconds).map(pageTarget));
const overload = (label, rate, seconds, connections, lines) => {
  const one = openLoad(port, rate, seconds, connections, lines);
  say(`${label.padEnd(44)} ${one.offered_per_s}/s offered: ${one.served_per_s}/s served, p50 ${one.served_p50_ms} ms, p99 ${one.served_p99_ms} ms; ` +
      `${one.refused} told to come back (p99 ${one.refused_p99_ms} ms), ${one.not_sent} not sent, ${one.broken} broken, ${one.wrong} wrong; generator late ${one.behind}`);
  return one;
};
const seconds = options.seconds * 2;
say(`result pages never seen: ${Math.round(pages.per_s)}/s with ${options.connections} connections, p99 ${pages.p99_ms.toFixed(2)} ms`);
result.overload = {
  result_pages: overload("result pages at twice that", 2 * pages.per_s, seconds, 1500, fresh(Math.min(60000, Math.ceil(2 * pages.per_s * seconds))).map(html)),
  search: overload("search at twice its rate", 2 * result.never_seen.per_s, seconds, 1500, fresh(Math.ceil(2 * result.never_seen.per_s * seconds)).map(api)),
  page: overload("service page at twice the mark", 30000, seconds, 1500, [`${servicePage}\t</html>`]),
};
await server.stop();
if (options.json) console.log(JSON.stringify(result));
process.exit(0);
