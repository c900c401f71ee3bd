// SPDX-License-Identifier: EUPL-1.2
// Tables network_log_head, network_log_file and network_process: what the processes of one node have in common of files,
// and who they are. A log is a word of ours: "log" and "members" (what the node publishes), "heard/NAME" (its copy of
// another's), "witness" (what it has cosigned); each is a folder below DATA/network.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/store/store.h"
#include "network/log/sequencer.h"

namespace verbund::network {

inline constexpr std::size_t file_limit = 8 << 20;                  // bytes of a file in common
inline constexpr auto turn_patience = std::chrono::seconds(30);      // for another process's work on the same folder

std::vector<store::Migration> sharing_migrations();

class SharedLogStore {
 public:
  SharedLogStore(store::Connection& connection, std::string log) : connection_(connection), log_(std::move(log)) {}

  // From now on nobody but `leader` (a random name) adds files, whoever still believes that it may.
  void lead(std::string_view leader);
  // Adds or replaces files as one addition; the partial tiles that a full one replaces go. Errors: conflict (another
  // process leads by now).
  Result<void> add(std::string_view leader, const std::vector<LogFile>& files);
  bool leads(std::string_view leader) const;   // nobody else does by now
  std::optional<std::string> body(std::string_view path) const;
  // Adds `after` in the place of `before` (nothing: no such file), as one addition by whoever it is. False: something
  // else is there. "" as `after`: the file is gone.
  bool replace(std::string_view path, const std::optional<std::string>& before, std::string_view after);
  std::int64_t last() const;     // the number of the last addition; 0: there is no such log here yet
  // Files that were added later than `number`, in the order of their additions.
  using Each = std::function<void(std::string_view path, std::string bytes)>;
  void each_after(std::int64_t number, const Each& each) const;
  void each_but_tiles(const Each& each) const;   // all others, whenever they were added
  // The last addition to each log there is.
  static std::map<std::string, std::int64_t> heads(store::Connection& connection);

 private:
  void put(std::int64_t number, std::string_view path, std::string_view bytes);
  store::Connection& connection_;
  const std::string log_;
};

// SharedLogStore::lead as a transaction of its own, which may be tried again. Gives the number of the last addition as last()
// does. Errors: those of Database::write.
Result<std::int64_t> begin_to_lead(store::Database& database, const std::string& log, std::string_view leader);

// Nothing is in common any more: for a node that has its store to itself, whose folders are the truth again. What the
// tables have kept of earlier times must never be taken for newer than they are.
void forget_shared(store::Connection& connection);

// The processes that say that they are there; see SharedWork.
class ProcessStore {
 public:
  explicit ProcessStore(store::Connection& connection) : connection_(connection) {}
  void enter(std::string_view name);
  void remove(std::string_view name);
  std::vector<std::string> names() const;   // sorted

 private:
  store::Connection& connection_;
};

}  // namespace verbund::network
