// SPDX-License-Identifier: EUPL-1.2
// Running the real program from tests: commands to their end, a server until it is stopped.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

process.setMaxListeners(0);   // one for each program that is started

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "verbund-test-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// Numbers from 0 to 1 (mulberry32), the same again for the same seed; says the seed, so that a failure can be repeated.
export function seededRandom(given) {
  let seed = Number(given ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`    seed ${seed}`);
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Runs to the end: {status, out, err}.
export function run(program, words, options = {}) {
  const result = spawnSync(program, words, { encoding: "utf8", maxBuffer: 256 << 20, ...options });
  if (result.error) throw result.error;
  return { status: result.status, out: result.stdout, err: result.stderr };
}

// Starts `verbund serve` on a free port unless `words` name one; gives {address, stop(), process, log()} once it answers.
export async function serve(program, words, options = {}) {
  const port = words.includes("--port") ? [] : ["--port", "0"];
  const started = await start(program, ["serve", ...port, ...words], /http:\/\/\S+/, options);
  return { ...started, address: started.found[0] };
}

// Starts `verbund demo` on three free ports; gives {addresses: {town, state, federation}, ...} once they answer.
export async function demo(program, words, options = {}) {
  const pattern = /(http:\/\/\S+)[^]*?(http:\/\/\S+)[^]*?(http:\/\/\S+)[^]*Versuchen/;
  const started = await start(program, ["demo", "--port", "0", ...words], pattern, options);
  const [, town, state, federation] = started.found;
  return { ...started, addresses: { town, state, federation } };
}

// Starts a server of somebody else (story-server.mjs): {address, ...}.
export async function serveStory(kind, where, options = {}) {
  const script = join(import.meta.dirname, "story-server.mjs");
  const started = await start(process.execPath, [script, kind, where], /http:\/\/\S+/, options);
  return { ...started, address: started.found[0] };
}

// Starts a program that serves; it does when its output matches `pattern`.
function start(program, words, pattern, options) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], ...options });
  process.on("exit", () => child.kill("SIGKILL"));
  let err = "";
  child.stderr.on("data", (piece) => (err += piece));
  return new Promise((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (piece) => {
      out += piece;
      const found = out.match(pattern);
      if (found) {
        resolve({
          found,
          process: child,
          log: () => err,
          stop: () =>
            new Promise((done) => {
              if (child.exitCode !== null) return done(child.exitCode);
              child.on("exit", (code) => done(code));
              child.kill("SIGTERM");
            }),
        });
      }
    });
    child.on("exit", (code) => reject(new Error(`server ended with ${code}: ${err}`)));
  });
}
