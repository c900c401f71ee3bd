// SPDX-License-Identifier: EUPL-1.2
// Runs stories against the real program: node script/scenarios.mjs PROGRAM FOLDER [NAME...]
//
// A story is a text file; each runs in an empty folder of its own with `verbund` standing for the program:
//   # words for people
//   needs PATH            the story is skipped where this path (relative to the repository) is not there
//   file NAME             writes the following lines, each after "| ", into NAME
//   $ verbund ...         runs a command (quotes as in a shell); expects status 0 unless "status N" follows
//   serve [WORDS]         starts `verbund serve WORDS` on a free port, until the story ends
//   demo [WORDS]          starts `verbund demo WORDS` on three free ports, until the story ends
//   at ENTRY              the next GETs ask this one: server (of `serve`), town, state or federation (of `demo`)
//   soon MILLISECONDS     the next GET is asked again until all of its "+", "-" and "=" lines hold, at most so long
//   stop                  ends the running server and waits for it
//   header NAME: VALUE    is sent with every GET from here on; `header` alone sends none any more
//   GET /path             asks the running server
//   POST /path FIELDS     sends a form (a=b&c=d, encoded) as a page of the server would; an answer that leads on is not
//                         followed: its address is $THERE from then on
//   repeat N              asks the last GET N times more
//   status N              the last command's exit status, or the last answer's HTTP status
//   + text                the last output (or body and headers) contains this
//   - text                ... does not contain this
//   = PATH VALUE          the last output is JSON; the value at PATH (a.b.0.c) is VALUE (JSON)
//   same NAME             remembers the last output as NAME; when NAME is remembered already, both must be equal
// Words $DATA (an empty data folder of the story), $REPO (the repository), $SERVER (the address of the running server),
// $TOWN, $STATE and $FEDERATION (of the running demo) are filled in.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { dirname, join, resolve } from "node:path";
import { demo, run, serve, temporaryFolder } from "./program.mjs";

const [programPath, folder, ...only] = process.argv.slice(2);
const program = resolve(programPath);
const repository = resolve(dirname(new URL(import.meta.url).pathname), "..");

function shellWords(line) {
  return execFileSync("bash", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" }).split("\0").slice(0, -1);
}

function at(document, path) {
  return path.split(".").reduce((value, key) => (value === undefined || value === null ? undefined : value[key]), document);
}

// GET (or another method) with these headers and no others: {status, headers (text), body}.
function ask(url, headers, method = "GET", sent = "") {
  return new Promise((done, failed) => {
    const asking = request(url, { headers, method }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece) => (body += piece));
      answer.on("error", failed);
      answer.on("end", () =>
        done({
          status: answer.statusCode,
          headers: Object.entries(answer.headers).map(([key, value]) => `${key}: ${value}`).join("\n"),
          body,
        }),
      );
    });
    asking.on("error", failed);
    asking.end(sent);
  });
}

async function tell(path) {
  const home = temporaryFolder();
  const fill = (text) =>
    text
      .replaceAll("$DATA", join(home, "data"))
      .replaceAll("$REPO", repository)
      .replaceAll("$SERVER", () => server?.address ?? "$SERVER")
      .replaceAll("$THERE", () => there);
  const remembered = new Map();
  let last = { status: 0, text: "", out: "" };
  let checked = true;   // the status of the last command was looked at
  let server = null;
  let network = null;
  let entry = "server";
  let patience = 0;         // milliseconds
  let headers = {};
  let asked = null;
  let there = "";
  let file = null;
  const lines = readFileSync(path, "utf8").split("\n");
  const addresses = () => ({ server: server?.address, ...network?.addresses });
  const fillAddresses = (text) =>
    text.replace(/\$(SERVER|TOWN|STATE|FEDERATION)\b/g, (word) => addresses()[word.slice(1).toLowerCase()] ?? word);
  const end = async (ending) => {
    if (!ending) return;
    const status = await ending.stop();
    if (status !== 0) throw new Error(`${path}: server ended with ${status}: ${ending.log()}`);
  };
  const stop = async () => {
    const ending = server;
    server = null;
    await end(ending);
  };
  const get = async () => {
    const answer = await ask(addresses()[entry] + asked, headers);
    last = { status: answer.status, text: answer.headers + "\n\n" + answer.body, out: answer.body };
  };
  const check = (word, rest) => {
    if (word === "+") {
      if (!last.text.includes(rest)) throw new Error(`does not contain "${rest}": ${last.text.slice(0, 3000)}`);
    } else if (word === "-") {
      if (last.text.includes(rest)) throw new Error(`contains "${rest}"`);
    } else {
      const [key] = rest.split(" ", 1);
      const wanted = JSON.stringify(JSON.parse(rest.slice(key.length + 1)));
      const found = JSON.stringify(at(JSON.parse(last.out), key));
      if (found !== wanted) throw new Error(`${key} is ${found}, not ${wanted}`);
    }
  };
  // Asks again until it holds or the time is over.
  const checkSoon = async (word, rest) => {
    const until = Date.now() + patience;
    while (true) {
      try {
        return check(word, rest);
      } catch (error) {
        if (Date.now() >= until) throw error;
      }
      await new Promise((done) => setTimeout(done, 10));
      await get();
    }
  };
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
          const [name, ...words] = shellWords(fillAddresses(rest));
          const result = run(name === "verbund" ? program : name, words, { cwd: home });
          last = { status: result.status, text: result.out + result.err, out: result.out };
          asked = null;
          checked = false;
        } else if (word === "serve") {
          server = await serve(program, shellWords(rest), { cwd: home });
        } else if (word === "demo") {
          network = await demo(program, shellWords(rest), { cwd: home });
        } else if (word === "at") {
          entry = rest;
        } else if (word === "soon") {
          patience = Number(rest);
        } else if (word === "stop") {
          await stop();
        } else if (word === "header") {
          const colon = rest.indexOf(":");
          if (colon < 0) headers = {};
          else headers[rest.slice(0, colon)] = fillAddresses(rest.slice(colon + 1).trim());
        } else if (word === "POST") {
          const [path] = rest.split(" ", 1);
          const sent = rest.slice(path.length + 1);
          const form = { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
            "Content-Length": Buffer.byteLength(sent), ...headers };
          const answer = await ask(addresses()[entry] + path, form, "POST", sent);
          last = { status: answer.status, text: answer.headers + "\n\n" + answer.body, out: answer.body };
          there = (answer.headers.match(/^location: (.*)$/m) ?? ["", ""])[1];
          asked = null;
          checked = true;
        } else if (word === "GET" || word === "repeat") {
          if (word === "GET") asked = rest;
          for (let times = word === "GET" ? 1 : Number(rest); times > 0; --times) await get();
          checked = true;
        } else if (word === "status") {
          if (last.status !== Number(rest)) throw new Error(`status is ${last.status}, not ${rest}: ${last.text}`);
          checked = true;
        } else if (word === "+" || word === "-" || word === "=") {
          if (patience > 0 && asked) await checkSoon(word, rest);
          else check(word, rest);
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
    await stop();
    await end(network);
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
