// SPDX-License-Identifier: EUPL-1.2
// Running the real program from tests: commands to their end, a server until it is stopped.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

// Starts `verbund serve` on a free port; gives {address, stop(), process} once it answers.
export function serve(program, words, options = {}) {
  const child = spawn(program, ["serve", "--port", "0", ...words], { stdio: ["ignore", "pipe", "pipe"], ...options });
  process.on("exit", () => child.kill("SIGKILL"));
  let err = "";
  child.stderr.on("data", (piece) => (err += piece));
  return new Promise((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (piece) => {
      out += piece;
      const found = out.match(/http:\/\/\S+/);
      if (found) {
        resolve({
          address: found[0],
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
