// SPDX-License-Identifier: EUPL-1.2
// What stores.mjs and cluster.mjs measure in the same way.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../script/cluster.mjs";
import { median } from "../script/cluster-load.mjs";

export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

// Requests a second that wrk gets answered. `apart`: each request has an address of its own, so that no answer is one
// that was kept. `folder` takes wrk's script.
export function requests(address, path, { seconds, connections, apart, folder }) {
  const script = join(folder, "apart.lua");
  writeFileSync(script, "local n = os.time() % 100000 * 1000000\nrequest = function() n = n + 1; " +
    'return wrk.format("GET", wrk.path .. (wrk.path:find("?") and "&" or "?") .. "n=" .. n) end\n');
  return new Promise((done, failed) => {
    const words = ["-t1", `-c${connections}`, `-d${seconds}s`, ...(apart ? ["-s", script] : []), address + path];
    const child = spawn("wrk", words);
    let out = "";
    child.stdout.on("data", (piece) => (out += piece));
    child.on("exit", () => {
      const found = out.match(/Requests\/sec:\s+([\d.]+)/);
      if (!found || /Non-2xx/.test(out)) failed(new Error(out));
      else done(Number(found[1]));
    });
  });
}

// How soon a change is published: from the end of an import of three objects to the checkpoint at every one of `nodes`
// ({address}). Gives a line of text.
export async function publications(editor, nodes, times) {
  const took = [];
  for (let n = 0; n < times; ++n) {
    const before = await Promise.all(nodes.map((node) => editor.published(node.address)));
    await editor.once();
    if (editor.kept !== n + 1) throw new Error(editor.reason);
    const kept = performance.now();
    await Promise.all(nodes.map(async (node, which) => {
      while ((await editor.published(node.address)) <= before[which]) await sleep(1);
    }));
    took.push(performance.now() - kept);
    await sleep(300);
  }
  return `median ${median(took).toFixed(0)} ms, p95 ${percentile(took, 0.95).toFixed(0)} ms, ${times} times`;
}
