// SPDX-License-Identifier: EUPL-1.2
// What is heard of the directory of others: two floors that do not know each other meet here.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "directory/geography/area.h"
#include "kits/store/store.h"
#include "network/following/sink.h"

namespace verbund::app {

// The source of what was heard from a log: "network:" and its origin.
std::string source_of(const std::string& origin);

// Objects of the directory. A body is taken if it reads strictly, is in its canonical form and is the object that its
// entry names. A responsibility decides about its areas (none: Germany), a specialisation about its own; texts, units
// and online services decide about nothing. Thread-safe.
class DirectorySink : public network::Sink {
 public:
  // Requires: `database` lives as long.
  explicit DirectorySink(store::Database& database);

  Result<std::vector<network::Claim>> claims(const network::Entry& entry, std::string_view body) override;
  std::optional<std::string> held(store::Connection& connection, const network::Entry& entry) override;
  std::unique_ptr<Writing> writing(store::Connection& connection, const std::string& origin, Instant now) override;

 private:
  using Levels = std::unordered_map<std::string, directory::AreaLevel>;   // by key
  // The lists of areas may be replaced at any time.
  void look(store::Connection& connection);
  network::Claim claim(const Levels& levels, const directory::AreaKey& key) const;

  std::mutex mutex_;
  std::shared_ptr<const Levels> levels_;
  std::int64_t areas_ = -1;       // AreaStore::state of levels_
};

}  // namespace verbund::app
