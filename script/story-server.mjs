// SPDX-License-Identifier: EUPL-1.2
// Servers of others in a story, as processes of their own: node script/story-server.mjs web FOLDER | liar ADDRESS
//
// web: plain files with ETag and Last-Modified, as any web server gives them; queries mean nothing to it.
// liar: hands on what ADDRESS gives, but lies as it is told: truth, alter (turns a bit of bodies and bundles), withhold
//   (says the first checkpoints it has seen for ever), rollback (the first time it is asked for one it has given before,
//   it gives the older one). `liar` waits for nobody: queries are left out.
// GET /-/seen gives a line "STATUS PATH" for each request since the last time; GET /-/lie/HOW changes the way of lying.
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

const [kind, where] = process.argv.slice(2);
let seen = [];
let lie = "truth";
const remembered = new Map();   // the first checkpoint by path

function file(path, headers) {
  const name = join(where, normalize(path));
  let bytes, about;
  try {
    about = statSync(name);
    bytes = readFileSync(name);
  } catch {
    return { status: 404, headers: {}, body: "not found\n" };
  }
  const tag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
  const out = { ETag: tag, "Last-Modified": about.mtime.toUTCString() };
  const asked = headers["if-none-match"];
  const since = headers["if-modified-since"];
  const same = asked ? asked === tag : since && Date.parse(since) >= Math.floor(about.mtimeMs / 1000) * 1000;
  return same ? { status: 304, headers: out, body: "" } : { status: 200, headers: out, body: bytes };
}

async function lied(path) {
  const answer = await fetch(where + path, { redirect: "manual" });
  let body = Buffer.from(await answer.arrayBuffer());
  const wanted = answer.status === 200;
  if (wanted && path.endsWith("/checkpoint")) {
    if (!remembered.has(path)) remembered.set(path, body);
    if (lie === "withhold" || lie === "rollback") body = remembered.get(path);
  }
  if (wanted && lie === "alter" && /\/(bodies|tile\/entries)\//.test(path) && body.length > 60) {
    body = Buffer.from(body);
    body[body.length - 60] ^= 1;   // within a text, or the digest of the last entry
  }
  return { status: answer.status, headers: { "Content-Type": answer.headers.get("content-type") ?? "text/plain" }, body };
}

const server = createServer(async (request, answer) => {
  const path = request.url.split("?")[0];
  let out;
  if (path === "/-/seen") {
    out = { status: 200, headers: {}, body: seen.map((line) => line + "\n").join("") };
    seen = [];
  } else if (path.startsWith("/-/lie/")) {
    lie = path.slice("/-/lie/".length);
    remembered.clear();
    out = { status: 200, headers: {}, body: "" };
  } else {
    try {
      out = kind === "web" ? file(path, request.headers) : await lied(path);
    } catch (error) {
      out = { status: 502, headers: {}, body: String(error) };
    }
    seen.push(`${out.status} ${path}`);
  }
  answer.writeHead(out.status, { ...out.headers, ...(out.status === 304 ? {} : { "Content-Length": out.body.length }) });
  answer.end(out.body);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on("SIGTERM", () => process.exit(0));
