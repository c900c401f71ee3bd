// SPDX-License-Identifier: EUPL-1.2
// Runs stories against the real program: node script/scenarios.mjs PROGRAM FOLDER [NAME...]
//
// A story is a text file; each runs in an empty folder of its own with `verbund` standing for the program:
//   # words for people
//   needs PATH            the story is skipped where this path (relative to the repository) is not there
//   sqlite WHY            the story is skipped where the stories run on PostgreSQL
//   env NAME VALUE        sets a variable of the environment for what the story starts from here on
//   file NAME             writes the following lines, each after "| ", into NAME
//   $ verbund ...         runs a command (quotes as in a shell); expects status 0 unless "status N" follows
//   serve [WORDS]         starts `verbund serve WORDS` on a free port, until the story ends
//   node NAME [WORDS]     the same for one of several: ${NAME} is its address, which stays when it is started again
//   web NAME FOLDER       starts a plain web server for the files in FOLDER; ${NAME} is its address
//   liar NAME ADDRESS     starts a server that hands on what ADDRESS gives, or lies; see story-server.mjs
//   lie NAME HOW          how it lies from here on: truth, alter, withhold, rollback
//   seen NAME             what a web server or liar was asked since the last time, as output: lines "STATUS PATH"
//   told NAME             what a node has written to its log so far, as output
//   demo [WORDS]          starts `verbund demo WORDS` on three free ports, until the story ends
//   at ENTRY              the next GETs ask this one: server (of `serve`), town, state or federation (of `demo`), a NAME
//   soon MILLISECONDS     from here on a GET, `seen` or `told` is asked again until its "+", "-" and "=" lines hold, at
//                         most so long; 0: once
//   stop [NAME]           ends the running server, or that of this name, and waits for it
//   header NAME: VALUE    is sent with every GET from here on; `header` alone sends none any more
//   GET /path             asks the running server
//   POST /path FIELDS     sends a form (a=b&c=d, encoded) as a page of the server would; an answer that leads on is not
//                         followed: its address is $THERE from then on
//   clicks MOST WHAT | WHERE | AUTHORITY  from the start page of the entry a person finds WHAT at WHERE, done by AUTHORITY,
//                         with at most so many clicks (clicks.mjs); tried for as long as `soon` says
//   repeat N              asks the last GET N times more
//   status N              the last command's exit status, or the last answer's HTTP status
//   + text                the last output (or body and headers) contains this
//   - text                ... does not contain this
//   = PATH VALUE          the last output is JSON; the value at PATH (a.b.0.c) is VALUE (JSON)
//   same NAME [PATH]      remembers the last output, or the value at PATH in it, as NAME; when NAME is remembered already,
//                         both must be equal
// Words $DATA (an empty data folder of the story), $REPO (the repository), $SERVER (the address of the running server),
// $TOWN, $STATE and $FEDERATION (of the running demo) are filled in.
// With VERBUND_TEST_POSTGRESQL (script/with-postgresql) all nodes are on that server, each in a schema of its own.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { globalAgent, request } from "node:http";
import { dirname, join, resolve } from "node:path";
import { find } from "./clicks.mjs";
import { demo, run, serve, serveStory, temporaryFolder } from "./program.mjs";

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
      .replaceAll("$THERE", () => there)
      .replaceAll(/\$\{([a-z0-9]+)\}/g, (word, name) => others.get(name)?.address ?? word);
  const remembered = new Map();
  // On a machine that does other things too, a worker is free later: no story is about who is turned away then.
  const environment = { VERBUND_HTTP_QUEUE_MS: "60000", ...process.env };
  if (environment.VERBUND_TEST_POSTGRESQL) {
    const schema = `s${randomBytes(6).toString("hex")}_{node}`;
    environment.VERBUND_STORE = `${environment.VERBUND_TEST_POSTGRESQL}&options=-csearch_path%3D${schema}`;
  }
  delete environment.VERBUND_TEST_POSTGRESQL;   // not for the program
  delete environment.VERBUND_POSTGRESQL_FOLDER;
  let last = { status: 0, text: "", out: "" };
  let checked = true;   // the status of the last command was looked at
  let server = null;
  let network = null;
  const others = new Map();   // servers by name; those that were stopped keep their address
  let entry = "server";
  let patience = 0;         // milliseconds
  let headers = {};
  let asked = null;
  let there = "";
  let file = null;
  const lines = readFileSync(path, "utf8").split("\n");
  const addresses = () => ({
    server: server?.address,
    ...network?.addresses,
    ...Object.fromEntries([...others].map(([name, other]) => [name, other.address])),
  });
  const fillAddresses = (text) =>
    text.replace(/\$(SERVER|TOWN|STATE|FEDERATION)\b/g, (word) => addresses()[word.slice(1).toLowerCase()] ?? word);
  // What the servers of the story have logged, for whoever looks for the reason.
  const said = () =>
    [["server", server], ["demo", network], ...others]
      .map(([name, one]) => [name, one?.log() ?? ""])
      .filter(([, log]) => log !== "")
      .map(([name, log]) => `\n  ${name} said:\n${log.trimEnd().split("\n").slice(-40).map((line) => `    ${line}`).join("\n")}`)
      .join("");
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
    if (typeof asked === "function") {
      const text = await asked();
      last = { status: 0, text, out: text };
      return;
    }
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
  // Tries until it goes well or the time is over.
  const tryUntil = async (work) => {
    const until = Date.now() + patience;
    while (true) {
      try {
        return await work();
      } catch (error) {
        if (Date.now() >= until) throw error;
      }
      await new Promise((done) => setTimeout(done, 10));
    }
  };
  const checkSoon = async (word, rest) => {
    let first = true;
    await tryUntil(async () => {
      if (!first) await get();
      first = false;
      check(word, rest);
    });
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
          if (!existsSync(resolve(repository, rest))) return "skipped";
        } else if (word === "sqlite") {
          if (environment.VERBUND_STORE) return `skipped: ${rest}`;
        } else if (word === "env") {
          const [name] = rest.split(" ", 1);
          environment[name] = rest.slice(name.length + 1);
        } else if (word === "file") {
          file = join(home, rest);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, "");
        } else if (word === "$") {
          const [name, ...words] = shellWords(fillAddresses(rest));
          const result = run(name === "verbund" ? program : name, words, { cwd: home, env: environment });
          globalAgent.destroy();   // nothing was heard meanwhile: a server may have closed what was idle for too long
          last = { status: result.status, text: result.out + result.err, out: result.out };
          asked = null;
          checked = false;
        } else if (word === "serve") {
          server = await serve(program, shellWords(rest), { cwd: home, env: environment });
        } else if (word === "node") {
          const [name, ...words] = shellWords(rest);
          const port = others.has(name) ? ["--port", new URL(others.get(name).address).port] : [];
          others.set(name, await serve(program, [...port, ...words], { cwd: home, env: environment }));
        } else if (word === "web" || word === "liar") {
          const [name, where] = shellWords(rest);
          others.set(name, await serveStory(word, where, { cwd: home }));
        } else if (word === "lie") {
          const [name, how] = rest.split(" ");
          await ask(`${others.get(name).address}/-/lie/${how}`, {});
        } else if (word === "clicks") {
          const [most] = rest.split(" ", 1);
          const [what, where, authority] = rest.slice(most.length + 1).split("|").map((text) => text.trim());
          await tryUntil(async () => {
            const found = await find(addresses()[entry], what, where, authority);
            last = { status: 0, text: `${found.clicks} clicks to ${found.page}`, out: "" };
            if (found.clicks > Number(most)) throw new Error(last.text);
          });
          asked = null;
        } else if (word === "seen" || word === "told") {
          const other = others.get(rest);
          let text = "";
          asked =
            word === "told" ? () => other.log() : async () => (text += (await ask(`${other.address}/-/seen`, {})).body);
          await get();
          checked = true;
        } else if (word === "demo") {
          network = await demo(program, shellWords(rest), { cwd: home, env: environment });
        } else if (word === "at") {
          entry = rest;
        } else if (word === "soon") {
          patience = Number(rest);
        } else if (word === "stop") {
          if (rest === "") await stop();
          else await end(others.get(rest));
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
          const [name, key] = rest.split(" ");
          const value = key ? JSON.stringify(at(JSON.parse(last.out), key)) : last.out;
          if (!remembered.has(name)) remembered.set(name, value);
          else if (remembered.get(name) !== value) throw new Error(`differs from what was remembered as ${name}`);
        } else {
          throw new Error(`unknown word "${word}"`);
        }
      } catch (error) {
        throw new Error(`${path}:${number}: ${error.message.slice(0, 6000)}${said()}`);
      }
    }
    expectGood();
  } finally {
    await stop();
    await end(network);
    for (const other of others.values()) await end(other);
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
  const [word, why] = outcome.split(": ");
  ++counts[word];
  console.log(`    ${word.padEnd(8)}${name}${why ? ` (${why})` : ""}`);
}
console.log(`scenarios: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
