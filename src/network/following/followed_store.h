// SPDX-License-Identifier: EUPL-1.2
// Tables network_followed (how far each log is applied), network_position (where each object was said last),
// network_missing (states whose body is not here), network_refused (what was not believed). Owner: following. No
// personal data.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kits/store/store.h"
#include "network/following/trouble.h"
#include "network/log/entry.h"

namespace verbund::network {

std::vector<store::Migration> following_migrations();

// What is known of a followed log.
struct FollowedLog {
  std::string origin;
  std::int64_t number = 0;          // of the log in this store
  std::uint64_t position = 0;       // entries that are applied
  std::uint64_t size = 0;           // entries that the publisher has announced
  bool stock = false;               // all of it is being applied anew
  std::string terms;                // Rules::terms it was applied under
  Instant heard_at{};               // when the log was got last (noted at most once a minute); the epoch: never
  Instant said_at{};                // time of the newest entry that is applied
  std::int64_t delay = -1;          // seconds from an entry's time to its being applied, newest entry that came while the
                                    // log was followed; -1: none has come yet
  Trouble trouble = Trouble::none;
  std::string reason;               // of the trouble
  Instant since{};                  // of the trouble
};

struct MissingBody {
  std::uint64_t position = 0;
  Entry entry;
  Instant since{};
};

struct RefusedEntry {
  std::string origin;
  std::uint64_t position = 0;
  Entry entry;
  std::string reason;               // one English line
  Instant at{};
};

// Lives within one transaction.
class FollowedStore {
 public:
  explicit FollowedStore(store::Connection& connection);
  ~FollowedStore();

  std::optional<FollowedLog> log(std::string_view origin) const;
  std::vector<FollowedLog> logs() const;                 // by origin
  // Notes all of it; a number 0 is given one.
  void note(FollowedLog& log);
  // Forgets the log and all that is noted of it.
  void forget(std::string_view origin);

  // Where the object of `entry` was said last; nothing if it never was.
  std::optional<std::uint64_t> position(std::int64_t log, const Entry& entry) const;
  void set_position(std::int64_t log, const Entry& entry, std::uint64_t position);

  // A state without its body; the object's earlier one is replaced, its `since` stays.
  void miss(std::int64_t log, std::uint64_t position, const Entry& entry, Instant now);
  void found(std::int64_t log, const Entry& entry);      // of this object nothing is missing
  std::int64_t missing_count(std::int64_t log) const;
  std::optional<Instant> missing_since(std::int64_t log) const;   // the longest
  // In order of position behind `after`, at most `most`.
  std::vector<MissingBody> missing(std::int64_t log, std::int64_t after, std::size_t most) const;

  // Keeps why, unless `most` are kept for this log already.
  void refuse(std::int64_t log, std::uint64_t position, const Entry& entry, std::string_view reason, Instant now,
              std::int64_t most);
  void accepted(std::int64_t log, const Entry& entry);   // of this object nothing is refused
  std::int64_t refused_count(std::int64_t log) const;
  // Of all logs, the newest first, at most `most`.
  std::vector<RefusedEntry> refused(std::size_t most) const;

  // Nothing is missing or refused any more.
  void clear(std::int64_t log);

 private:
  struct Often;      // statements that are run for every entry
  Often& often();
  store::Connection& connection_;
  std::unique_ptr<Often> often_;
};

}  // namespace verbund::network
