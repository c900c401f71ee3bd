-- SPDX-License-Identifier: EUPL-1.2
-- For wrk: asks for the lines of a file one after the other, each thread for its share. wrk ... -- FILE THREADS
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  requests, at, again = {}, 0, 0
  local line_number = 0
  for line in io.lines(args[1]) do
    if line_number % tonumber(args[2]) == id then requests[#requests + 1] = wrk.format("GET", line) end
    line_number = line_number + 1
  end
end

function request()
  at = at + 1
  if at > #requests then at = 1; again = again + 1 end
  return requests[at]
end

local all = {}
local plain_setup = setup
function setup(thread)
  plain_setup(thread)
  all[#all + 1] = thread
end

function done(summary, latency, _)
  local repeated = 0
  for _, thread in ipairs(all) do repeated = repeated + (thread:get("again") or 0) end
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.status, errors.connect + errors.read + errors.write + errors.timeout, repeated))
end
