// SPDX-License-Identifier: EUPL-1.2
// Starts the demonstration on a free port and runs a command with its address as last word:
//   node script/with-demo.mjs build/verbund node script/check-pages.mjs
import { spawnSync } from "node:child_process";
import { serve } from "./program.mjs";

const [program, command, ...words] = process.argv.slice(2);
const server = await serve(program, ["--demo"]);
const result = spawnSync(command, [...words, server.address], { stdio: "inherit" });
const status = await server.stop();
if (status !== 0) console.error(`verbund serve ended with ${status}: ${server.log()}`);
process.exit(result.status === 0 && status === 0 ? 0 : 1);
