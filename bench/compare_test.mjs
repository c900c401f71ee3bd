// SPDX-License-Identifier: EUPL-1.2
// bench/compare on a hundredth of the country: runs to its end and says what it promises. Says "skipped" where its
// engines are not installed (script/bootstrap bench) or it is not built (-DVERBUND_BENCH=ON).
//   node bench/compare_test.mjs
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";

if (!existsSync("build/compare_engines") || !existsSync("build/verbund")) {
  console.log("bench/compare: skipped (build/compare_engines is not built)");
  process.exit(0);
}
const home = mkdtempSync(join(tmpdir(), "verbund-compare-test-"));
try {
  const words = ["--bootstrap", "no", "--scale", "0.01", "--data", join(home, "workload"),
    "--seconds", "0.05", "--rounds", "1", "--json"];
  const run = spawnSync("bench/compare", words, { encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, run.stderr);
  const { engines, workload } = JSON.parse(run.stdout);
  assert.deepEqual(engines.map((engine) => engine.name), ["verbund", "xapian", "sqlite", "postgresql"]);
  assert.ok(workload.services > 0 && workload.points > 0);
  for (const engine of engines) {
    for (const field of ["qps", "p50_us", "p99_us", "points_per_s", "success_at_3", "ndcg_at_10", "build_s",
      "resident_mb"]) {
      assert.ok(Number.isFinite(engine[field]) && engine[field] > 0, `${engine.name}.${field} is ${engine[field]}`);
    }
    assert.equal(engine.wrong_authority, 0, `${engine.name} names a wrong authority`);
    assert.deepEqual(Object.keys(engine.kinds).sort(),
      ["compounds", "everyday", "mix", "prefixes", "synonyms", "titles", "typos"]);
    for (const configuration of engine.configurations) {
      for (const [kind, figures] of Object.entries(configuration.kinds)) {
        assert.equal(figures.elsewhere, 0, `${engine.name}, ${configuration.name}, ${kind}: hits of other places`);
      }
    }
  }
  console.log("bench/compare: passed");
} finally {
  rmSync(home, { recursive: true, force: true });
}
