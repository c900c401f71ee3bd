// SPDX-License-Identifier: EUPL-1.2
// Runs stories against the real program: node script/scenarios.mjs PROGRAM FOLDER [NAME...]
//
// A story is a text file; each runs in an empty folder of its own with `verbund` standing for the program:
//   # words for people
//   needs PATH            the story is skipped where this path (relative to the repository) is not there
//   file NAME             writes the following lines, each after "| ", into NAME
//   $ verbund ...         runs a command (quotes as in a shell); expects status 0 unless "status N" follows
//   serve [WORDS]         starts `verbund serve WORDS` on a free port, until the story ends
//   GET /path             asks the running server
//   status N              the last command's exit status, or the last answer's HTTP status
//   + text                the last output (or body and headers) contains this
//   - text                ... does not contain this
//   = PATH VALUE          the last output is JSON; the value at PATH (a.b.0.c) is VALUE (JSON)
//   same NAME             remembers the last output as NAME; when NAME is remembered already, both must be equal
// Words $DATA (an empty data folder of the story) and $REPO (the repository) are filled in.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { run, serve, temporaryFolder } from "./program.mjs";

const [programPath, folder, ...only] = process.argv.slice(2);
const program = resolve(programPath);
const repository = resolve(dirname(new URL(import.meta.url).pathname), "..");

function shellWords(line) {
  return execFileSync("bash", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" }).split("\0").slice(0, -1);
}

function at(document, path) {
  return path.split(".").reduce((value, key) => (value === undefined || value === null ? undefined : value[key]), document);
}

async function tell(path) {
  const home = temporaryFolder();
  const fill = (text) => text.replaceAll("$DATA", join(home, "data")).replaceAll("$REPO", repository);
  const remembered = new Map();
  let last = { status: 0, text: "", out: "" };
  let checked = true;   // the status of the last command was looked at
  let server = null;
  let file = null;
  const lines = readFileSync(path, "utf8").split("\n");
  const expectGood = () => {
    if (!checked && last.status !== 0) throw new Error(`ended with ${last.status}: ${last.text}`);
    checked = true;
  };
  try {
    for (let number = 1; number <= lines.length; ++number) {
      const line = fill(lines[number - 1]);
      try {
        if (file && line.startsWith("| ")) {
          writeFileSync(file, line.slice(2) + "\n", { flag: "a" });
          continue;
        }
        file = null;
        if (line.trim() === "" || line.startsWith("#")) continue;
        const [word] = line.split(" ", 1);
        const rest = line.slice(word.length + 1);
        if (word !== "status") expectGood();
        if (word === "needs") {
          if (!existsSync(join(repository, rest))) return "skipped";
        } else if (word === "file") {
          file = join(home, rest);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, "");
        } else if (word === "$") {
          const [name, ...words] = shellWords(rest);
          const result = run(name === "verbund" ? program : name, words, { cwd: home });
          last = { status: result.status, text: result.out + result.err, out: result.out };
          checked = false;
        } else if (word === "serve") {
          server = await serve(program, shellWords(rest), { cwd: home });
        } else if (word === "GET") {
          const answer = await fetch(server.address + rest, { redirect: "manual" });
          const body = await answer.text();
          const headers = [...answer.headers].map(([key, value]) => `${key}: ${value}`).join("\n");
          last = { status: answer.status, text: headers + "\n\n" + body, out: body };
          checked = true;
        } else if (word === "status") {
          if (last.status !== Number(rest)) throw new Error(`status is ${last.status}, not ${rest}: ${last.text}`);
          checked = true;
        } else if (word === "+") {
          if (!last.text.includes(rest)) throw new Error(`does not contain "${rest}": ${last.text.slice(0, 3000)}`);
        } else if (word === "-") {
          if (last.text.includes(rest)) throw new Error(`contains "${rest}"`);
        } else if (word === "=") {
          const [key] = rest.split(" ", 1);
          const wanted = JSON.stringify(JSON.parse(rest.slice(key.length + 1)));
          const found = JSON.stringify(at(JSON.parse(last.out), key));
          if (found !== wanted) throw new Error(`${key} is ${found}, not ${wanted}`);
        } else if (word === "same") {
          if (!remembered.has(rest)) remembered.set(rest, last.out);
          else if (remembered.get(rest) !== last.out) throw new Error(`differs from what was remembered as ${rest}`);
        } else {
          throw new Error(`unknown word "${word}"`);
        }
      } catch (error) {
        throw new Error(`${path}:${number}: ${error.message}`);
      }
    }
    expectGood();
  } finally {
    if (server) {
      const status = await server.stop();
      if (status !== 0) throw new Error(`${path}: server ended with ${status}: ${server.log()}`);
    }
  }
  return "passed";
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".txt")).sort()) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  let outcome;
  try {
    outcome = await tell(join(folder, name));
  } catch (error) {
    outcome = "failed";
    console.error(error.message);
  }
  ++counts[outcome];
  console.log(`    ${outcome.padEnd(8)}${name}`);
}
console.log(`scenarios: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
