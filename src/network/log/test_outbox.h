// SPDX-License-Identifier: EUPL-1.2
// For tests: an outbox in memory that says what its functions say.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "network/log/entry.h"

namespace verbund::network {

class TestOutbox : public Outbox {
 public:
  // The state `body` of object `local`; "" withdraws it.
  void say(const std::string& local, const std::string& body) {
    const auto revision = static_cast<std::int64_t>(rows_.size()) + 1;
    Entry entry{"service", "stadt", local, revision, Instant(std::chrono::seconds(1'700'000'000)), {}};
    if (!body.empty()) entry.digest = crypto::sha256({body});
    rows_.emplace_back(std::move(entry), true);
    if (body.empty()) now_.erase(local);
    else now_[local] = body;
  }
  // A change that others publish.
  void hear(const std::string& local) {
    say(local, "of others");
    rows_.back().second = false;
  }

  // The state of an object, "" if there is none.
  std::string now(const std::string& local) const {
    const auto found = now_.find(local);
    return found == now_.end() ? std::string() : found->second;
  }

  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) override {
    for (; most > 0 && static_cast<std::size_t>(after) < rows_.size(); --most) {
      const auto& [entry, own] = rows_[static_cast<std::size_t>(after++)];
      if (own) each(entry);
    }
    return after;
  }
  std::int64_t last() override { return static_cast<std::int64_t>(rows_.size()); }
  void bodies(std::span<const Entry> entries, const std::function<bool(std::optional<std::string>)>& each) override {
    for (const Entry& entry : entries) {
      const auto found = now_.find(entry.local);
      const bool same = found != now_.end() && entry.digest == crypto::sha256({found->second});
      if (!each(same ? std::optional(found->second) : std::nullopt)) return;
    }
  }

 private:
  std::vector<std::pair<Entry, bool>> rows_;
  std::map<std::string, std::string> now_;
};

}  // namespace verbund::network
