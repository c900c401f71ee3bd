// SPDX-License-Identifier: EUPL-1.2
// Tables network_log_head and network_log_file: the published files of a node's logs, for its processes on other
// machines. A log is a word of ours ("log", "members").
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/store/store.h"
#include "network/log/sequencer.h"

namespace verbund::network {

std::vector<store::Migration> sharing_migrations();

class SharedLogStore {
 public:
  SharedLogStore(store::Connection& connection, std::string log) : connection_(connection), log_(std::move(log)) {}

  // From now on nobody but `leader` (a random name) adds files, whoever still believes that it may.
  void lead(std::string_view leader);
  // Adds or replaces files as one addition; the partial tiles that a full one replaces go. Errors: conflict (another
  // process leads by now).
  Result<void> add(std::string_view leader, const std::vector<LogFile>& files);
  std::int64_t last() const;     // the number of the last addition; 0: there is no such log here yet
  // Files that were added later than `number`, in the order of their additions.
  void each_after(std::int64_t number, const std::function<void(std::string_view path, std::string bytes)>& each) const;

 private:
  store::Connection& connection_;
  const std::string log_;
};

}  // namespace verbund::network
