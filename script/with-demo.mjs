// SPDX-License-Identifier: EUPL-1.2
// Starts the demonstration on a free port and runs a command with its address as last word; with --network its three
// nodes (town, state, federation), whose addresses are the last three words:
//   node script/with-demo.mjs [--network] build/verbund node script/check-pages.mjs
import { spawn } from "node:child_process";
import { demo, serve } from "./program.mjs";

const given = process.argv.slice(2);
const network = given[0] === "--network";
const [program, command, ...words] = network ? given.slice(1) : given;
// On a machine that is busy with other tests nobody shall be told to come back later.
const env = { ...process.env, VERBUND_HTTP_QUEUE_MS: "20000" };
const server = network ? await demo(program, [], { env }) : await serve(program, ["--demo"], { env });
const addresses = network ? [server.addresses.town, server.addresses.state, server.addresses.federation] : [server.address];
// Not spawnSync: what the server says must be read meanwhile, or it waits for room.
const result = await new Promise((done, failed) => {
  spawn(command, [...words, ...addresses], { stdio: "inherit" }).on("exit", (code) => done(code)).on("error", failed);
});
const status = await server.stop();
if (status !== 0) console.error(`verbund ended with ${status}: ${server.log()}`);
process.exit(result === 0 && status === 0 ? 0 : 1);
