// SPDX-License-Identifier: EUPL-1.2
// Changes committed at a pace while queries are asked at a pace, in one process: a thread that writes, one that renews the
// index when the store's version changes (as `verbund serve` does, every 5 ms), one that asks.
#pragma once

#include <string>
#include <vector>

#include "directory/finder/finder.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::bench {

struct Write {
  directory::ObjectKind kind;
  directory::ObjectId id;
  std::string body;   // "": withdrawn
};
// Lines {"body": {...}} or {"id": ...}; others are left out.
std::vector<Write> read_changes(const std::string& path);
// First columns; lines that begin with # are left out.
std::vector<std::string> read_queries(const std::string& path);

struct ChangePlan {
  int seconds = 20;
  int changes = 1000;       // a second
  int queries = 10'000;     // a second
  int per_commit = 50;
};
// Prints rates and times. Of a query: "asked" from the call to its return in the thread that asks, by the wall clock, so
// what the scheduler takes away in between counts; "due" from when it should have been asked, so late starts count too.
void change_and_ask(store::Database& database, directory::Finder& finder, const std::vector<Write>& changes,
                    const std::vector<std::string>& queries, const ChangePlan& plan);

}  // namespace verbund::bench
