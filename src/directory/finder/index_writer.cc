// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/index_writer.h"

#include <algorithm>

#include "directory/finder/index_step.h"
#include "directory/geography/area_store.h"

namespace verbund::directory {
namespace {

constexpr std::size_t most_later_areas = 64;      // areas nobody had named at the build; each is looked at one by one
constexpr std::size_t most_links = 400'000;       // responsibilities changed since the build

}  // namespace

IndexWriter::IndexWriter(std::shared_ptr<const Snapshot> snapshot, const SnapshotTables& tables)
    : snapshot_(std::move(snapshot)), links_(tables.links), turns_(tables.turns) {
  for (std::uint32_t i = 0; i < tables.services.size(); ++i) {
    if (tables.services[i].present != 0) anchors_.push_back({tables.services[i].sort_key, i});
  }
  std::sort(anchors_.begin(), anchors_.end(), [&](const Anchor& a, const Anchor& b) {
    return tables.services[a.service].rank < tables.services[b.service].rank;
  });
  const auto as_of = static_cast<std::int64_t>(snapshot_->state().as_of.time_since_epoch().count());
  while (turned_ < turns_.size() && turns_[turned_].at <= as_of) ++turned_;
}

bool IndexWriter::turns_by(Instant now) const {
  const auto seconds = static_cast<std::int64_t>(now.time_since_epoch().count());
  return (turned_ < turns_.size() && turns_[turned_].at <= seconds) ||
         (!later_turns_.empty() && later_turns_.top().at <= seconds);
}

bool IndexWriter::wants_build() const {
  const Snapshot::State& state = snapshot_->state();
  return state.text.changed() > most_texts || !state.pool.room() || links_.changed() > most_links ||
         state.responsibilities.later_areas() > most_later_areas;
}

// Even numbers are the alphabet as built, the odd ones between them what came later.
std::uint32_t IndexWriter::rank(const Snapshot::State& state, std::string_view sort_key, finder::IdView id) const {
  const auto after = std::partition_point(anchors_.begin(), anchors_.end(), [&](const Anchor& anchor) {
    const std::string_view key = state.pool.at(anchor.sort_key);
    return key != sort_key ? key < sort_key : state.service_ids.view(anchor.service, state.pool) <= id;
  });
  return static_cast<std::uint32_t>(after - anchors_.begin()) * 2 + 1;
}

IndexWriter::Outcome IndexWriter::advance(store::Connection& connection, Instant now) {
  const Snapshot::State& state = snapshot_->state();
  const ObjectStore objects(connection);
  if (AreaStore(connection).state() != state.area_state) return Outcome::build_anew;
  const std::int64_t last = objects.last_sequence();
  if (last < state.sequence) return Outcome::build_anew;   // another store
  if (last == state.sequence && !turns_by(now)) return Outcome::unchanged;
  if (static_cast<std::size_t>(last - state.sequence) > most_changes || !state.pool.room_for_changes()) {
    return Outcome::build_anew;
  }
  return step(connection, now, last, most_changes) ? Outcome::changed : Outcome::build_anew;
}

std::size_t IndexWriter::catch_up(store::Connection& connection, Instant now, std::size_t most) {
  const std::int64_t last = ObjectStore(connection).last_sequence();
  if (AreaStore(connection).state() != snapshot_->state().area_state || last <= snapshot_->sequence() ||
      !snapshot_->state().pool.room_for_changes()) {
    return 0;
  }
  if (!step(connection, now, last, most)) return 0;
  return static_cast<std::size_t>(last - snapshot_->sequence());
}

bool IndexWriter::step(store::Connection& connection, Instant now, std::int64_t last, std::size_t most) {
  const Snapshot::State& state = snapshot_->state();
  IndexStep::Objects changed;
  std::size_t count = 0;
  std::int64_t reached = state.sequence;
  ObjectStore(connection).each_change(state.sequence, most, [&](const Change& change) {
    changed.emplace(change.kind, change.id);
    reached = change.sequence;
    ++count;
  });
  const auto seconds = static_cast<std::int64_t>(now.time_since_epoch().count());
  std::size_t turned = turned_;
  for (; turned < turns_.size() && turns_[turned].at <= seconds; ++turned) {
    const TurnRow& row = turns_[turned];
    changed.emplace(static_cast<ObjectKind>(row.kind),
                    ObjectId{std::string(state.pool.at(row.agency)), std::string(state.pool.at(row.local))});
  }
  auto later = later_turns_;
  for (; !later.empty() && later.top().at <= seconds; later.pop()) changed.emplace(later.top().kind, later.top().id);
  if (changed.size() > most_changes) return false;
  IndexStep step(*this, connection, now);
  step.apply(changed);
  turned_ = turned;
  later_turns_ = std::move(later);
  snapshot_ = step.publish(count < most ? last : reached);
  return true;
}

}  // namespace verbund::directory
