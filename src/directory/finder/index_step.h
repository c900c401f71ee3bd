// SPDX-License-Identifier: EUPL-1.2
// One step of the index writer: a draft, and what to note when it is published. Inside this room only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "directory/finder/index_writer.h"
#include "directory/finder/object_facts.h"
#include "directory/finder/snapshot_texts.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {

class IndexStep {
 public:
  using Objects = std::set<std::pair<ObjectKind, ObjectId>>;

  IndexStep(IndexWriter& writer, store::Connection& connection, Instant now);
  void apply(const Objects& changed);
  std::shared_ptr<const Snapshot> publish(std::int64_t sequence);   // and notes everything in the writer

 private:
  struct Pending {                                 // links of one service
    std::vector<finder::Link> removed, added;
    bool wake = false;                             // a holder came or went: look at all of them
  };
  void unit(const ObjectId& id);
  void online(const ObjectId& id);
  void service(const ObjectId& id);
  void specialisation(const ObjectId& id);
  void responsibility(const ObjectId& id);
  void change_links(std::uint32_t service, Pending& pending);
  void change_text(std::uint32_t service, std::vector<finder::ServiceIndex::Change>& changes);
  void set_life_events(std::uint32_t service, const std::vector<std::pair<std::string, std::string>>& events);

  template <typename T>
  std::optional<T> read(const ObjectId& id) const { return objects_.get<T>(id); }
  void turn(ObjectKind kind, const ObjectId& id, const finder::Standing& standing);
  void holder_turned(std::span<const std::uint32_t> services);
  std::uint32_t service_number(finder::IdView id);
  std::uint32_t unit_number(finder::IdView id);
  std::uint32_t online_number(finder::IdView id);
  std::optional<std::uint8_t> role_number(std::string_view role);

  IndexWriter& writer_;
  ObjectStore objects_;
  Instant now_;
  std::unique_ptr<Snapshot::State> state_;
  finder::LinkReader reader_;
  std::map<std::uint32_t, Pending> pending_;
  std::set<std::uint32_t> text_changed_;
  std::map<std::uint32_t, Service> services_read_;   // changed ones, until their texts are taken
  std::vector<IndexWriter::Turn> turns_;
  std::vector<std::pair<std::uint64_t, std::optional<finder::LinkTable::Entry>>> noted_;
  std::vector<std::unique_ptr<search::Draft>> drafts_;   // live until the texts are taken over
};

}  // namespace verbund::directory
