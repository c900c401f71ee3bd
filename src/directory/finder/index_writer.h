// SPDX-License-Identifier: EUPL-1.2
// The one who brings a snapshot up to date with the change feed: each step makes the next version, which shares with the
// one before what did not change. Inside this room only.
#pragma once

#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "directory/finder/link_table.h"
#include "directory/finder/snapshot_tables.h"
#include "directory/identity/object.h"
#include "kits/store/store.h"

namespace verbund::directory {

class IndexWriter {
 public:
  static constexpr std::size_t most_changes = 20'000;    // at once; more: building anew is quicker
  static constexpr std::size_t most_texts = 3'000;       // services changed since the build; searching slows down

  // `tables`: what the snapshot stands on. Of the snapshot's own changes nothing is known: it comes from a build or file.
  IndexWriter(std::shared_ptr<const Snapshot> snapshot, const SnapshotTables& tables);

  enum class Outcome {
    unchanged,
    changed,       // snapshot() is the next version
    build_anew,    // other lists of areas, too much at once, no room: the snapshot stays as it is
  };
  // Up to what the connection sees, validity as at `now`. A failure leaves everything as it was.
  Outcome advance(store::Connection& connection, Instant now);
  // The same, at most `most` changes at once: to come near the store after a long build. Gives how many are left.
  // What is left may show through already where objects of these changes refer to each other.
  std::size_t catch_up(store::Connection& connection, Instant now, std::size_t most);
  const std::shared_ptr<const Snapshot>& snapshot() const { return snapshot_; }
  // Some validity turns by then.
  bool turns_by(Instant now) const;
  // Enough has changed that a new build pays.
  bool wants_build() const;

 private:
  friend class IndexStep;
  struct Turn {
    std::int64_t at;
    ObjectKind kind;
    ObjectId id;
    bool operator>(const Turn& other) const { return at > other.at; }
  };
  struct Anchor {             // the alphabet of titles as built
    finder::SharedTexts::Ref sort_key;
    std::uint32_t service;
  };
  // False: too much at once, nothing was done.
  bool step(store::Connection& connection, Instant now, std::int64_t last, std::size_t most);
  std::uint32_t rank(const Snapshot::State& state, std::string_view sort_key, finder::IdView id) const;

  std::shared_ptr<const Snapshot> snapshot_;
  finder::LinkTable links_;
  std::vector<Anchor> anchors_;
  flat::Array<TurnRow> turns_;            // as built, by instant
  std::size_t turned_ = 0;                // of turns_, done
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> later_turns_;
};

}  // namespace verbund::directory
