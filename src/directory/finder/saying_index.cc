// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/saying_index.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "directory/finder/snapshot_tables.h"
#include "directory/objects/body_scan.h"
#include "directory/objects/object_pages.h"

namespace verbund::directory {
namespace {

constexpr std::string_view sayings_format = "sayings 1";
constexpr std::size_t block_rows = 128;
constexpr unsigned block_bits = 24;
constexpr std::uint64_t block_mask = (std::uint64_t{1} << block_bits) - 1;
constexpr std::int64_t most_later = 50'000;        // changes in memory
constexpr std::size_t rows_of_a_block = 100'000;   // so many it may have become at most before the table is made anew

// FNV-1a over the parts with their ends, spread by multiplication; the lowest bits give way to the block.
class Hash {
 public:
  Hash& add(std::string_view part) {
    for (const char c : part) step(static_cast<unsigned char>(c));
    step(0x100);
    return *this;
  }
  std::uint64_t value() const {
    std::uint64_t out = value_ ^ value_ >> 32;
    out *= 0x9e3779b97f4a7c15ULL;
    return (out ^ out >> 29) & ~block_mask;
  }

 private:
  void step(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

struct Said {
  std::string_view service_agency, service_local, holder_agency, holder_local;
  ObjectKind holder_kind = ObjectKind::unit;
  std::uint64_t at(std::string_view area) const {
    return Hash().add(service_agency).add(service_local).add(name(holder_kind)).add(holder_agency).add(holder_local)
        .add(area).value();
  }
};

// Reads bodies of responsibilities, quickly where they are plain.
class Reader {
 public:
  // `each(hash)`: once for each area.
  template <typename Each>
  void read(std::string_view body, const Each& each) {
    if (scan_responsibility(body, scan_)) {
      const Said said{scan_.service_agency, scan_.service_local, scan_.holder_agency, scan_.holder_local,
                      scan_.holder_kind};
      if (scan_.areas.empty()) each(said.at({}));
      for (const std::string_view area : scan_.areas) each(said.at(area));
      return;
    }
    const auto one = from_body<Responsibility>(body);
    if (!one) throw store::Failure("stored object does not read: " + one.error().text());
    const Said said{one->service.agency, one->service.local, one->holder.agency, one->holder.local, one->holder_kind};
    if (one->areas.empty()) each(said.at({}));
    for (const AreaKey& area : one->areas) each(said.at(area.digits()));
  }

 private:
  ResponsibilityScan scan_;
};

std::string path_in(const std::string& folder) {
  return (std::filesystem::path(folder) / "sayings.index").string();
}

ObjectId id_at(std::string_view ids, const flat::Array<std::uint32_t>& ends, std::size_t block) {
  const std::size_t begin = block == 0 ? 0 : ends[block - 1];
  const std::string_view line = ids.substr(begin, ends[block] - begin);
  const std::size_t space = std::min(line.find(' '), line.size());
  ObjectId out;
  out.agency = line.substr(0, space);
  out.local = line.substr(std::min(space + 1, line.size()));
  return out;
}

bool contains(const Responsibility& one, const AreaKey& area) {
  return one.areas.empty() || std::ranges::any_of(one.areas, [&](const AreaKey& key) { return key.contains(area); });
}

}  // namespace

SayingIndex::Table SayingIndex::make(store::Connection& connection) const {
  const ObjectStore objects(connection);
  Table out;
  out.sequence = objects.last_sequence();
  std::vector<std::uint64_t> places;
  std::vector<char> ids;
  std::vector<std::uint32_t> ends;
  std::size_t rows = 0;
  Reader reader;
  ObjectId last;
  const auto close = [&] {
    for (const std::string* part : {&last.agency, &last.local}) {
      if (part == &last.local) ids.push_back(' ');
      ids.insert(ids.end(), part->begin(), part->end());
    }
    ends.push_back(static_cast<std::uint32_t>(ids.size()));
  };
  objects.each_body(ObjectKind::responsibility, [&](const ObjectId& id, std::string_view body) {
    const std::uint64_t block = rows++ / block_rows;
    reader.read(body, [&](std::uint64_t hash) { places.push_back(hash | (block & block_mask)); });
    last = id;
    if (rows % block_rows == 0) close();
  });
  if (rows % block_rows != 0) close();
  std::ranges::sort(places);
  places.erase(std::ranges::unique(places).begin(), places.end());
  out.places = std::move(places);
  out.ids = std::move(ids);
  out.ends = std::move(ends);
  return out;
}

std::shared_ptr<const SayingIndex::Table> SayingIndex::kept(store::Connection& connection) const {
  if (folder_.empty()) return nullptr;
  const auto file = flat::File::map(path_in(folder_), sayings_format);
  if (!file) return nullptr;
  Table out;
  flat::Array<std::int64_t> numbers;
  flat::Array<char> mark;
  const auto read = file->read("numbers", numbers, "mark", mark, "places", out.places, "ids", out.ids, "ends", out.ends);
  if (!read || numbers.size() != 1) return nullptr;
  out.sequence = numbers.front();
  const std::int64_t now = ObjectStore(connection).last_sequence();
  const bool other_store = out.sequence > now || flat::text_of(mark) != change_mark(connection, out.sequence);
  if (other_store || now - out.sequence > most_later) return nullptr;
  if (!std::ranges::is_sorted(out.ends) || (!out.ends.empty() && out.ends.back() != out.ids.size())) return nullptr;
  return std::make_shared<const Table>(std::move(out));
}

// The table with at most `most_later` changes behind it; nothing while another thread makes it.
std::shared_ptr<const SayingIndex::Table> SayingIndex::table(store::Connection& connection) {
  const std::int64_t now = ObjectStore(connection).last_sequence();
  const auto good = [&]() -> std::shared_ptr<const Table> {
    const std::lock_guard lock(mutex_);
    return table_ && now - table_->sequence <= most_later ? table_ : nullptr;
  };
  if (auto there = good()) return there;
  const std::unique_lock making(making_, std::try_to_lock);
  if (!making) return nullptr;
  if (auto there = good()) return there;
  std::shared_ptr<const Table> next = kept(connection);
  if (!next) {
    next = std::make_shared<const Table>(make(connection));
    if (!folder_.empty()) {
      flat::Writer writer{std::string(sayings_format)};
      const std::vector<std::int64_t> numbers = {next->sequence};
      const std::string mark = change_mark(connection, next->sequence);
      writer.add("numbers", numbers);
      writer.add_text("mark", mark);
      writer.add("places", next->places);
      writer.add("ids", next->ids);
      writer.add("ends", next->ends);
      const bool written = writer.write(path_in(folder_)).has_value();   // kept for the next start, if it can be
      if (auto mapped = written ? kept(connection) : nullptr) next = std::move(mapped);
    }
  }
  const std::lock_guard lock(mutex_);
  table_ = next;
  caught_up_ = next->sequence;
  later_.clear();
  return next;
}

// Requires: the lock.
void SayingIndex::catch_up(store::Connection& connection, std::int64_t until) {
  const ObjectStore objects(connection);
  Reader reader;
  while (caught_up_ < until) {
    const std::int64_t before = caught_up_;
    objects.each_change(caught_up_, 1'000, [&](const Change& change) {
      caught_up_ = change.sequence;
      if (change.kind != ObjectKind::responsibility || change.withdrawn) return;
      const auto body = objects.body(change.kind, change.id);
      if (!body) return;   // withdrawn later
      reader.read(*body, [&](std::uint64_t hash) {
        auto& ids = later_[hash];
        if (std::ranges::find(ids, change.id) == ids.end()) ids.push_back(change.id);
      });
    });
    if (caught_up_ == before) return;
  }
}

void SayingIndex::prepare(store::Connection& connection) { (void)table(connection); }

Result<std::vector<ObjectId>> SayingIndex::find(store::Connection& connection, const ObjectId& service,
                                                std::span<const ObjectName> holders, const AreaKey& area) {
  const auto table = this->table(connection);
  if (!table) return fail(ErrorCode::unavailable, "the table of responsibilities is being made", "", "try again");
  std::set<ObjectId> found;
  const auto look = [&](const ObjectId& id, std::string_view body) {
    const auto one = from_body<Responsibility>(body);
    if (!one || one->service != service || !contains(*one, area)) return;
    if (std::ranges::find(holders, ObjectName{one->holder_kind, one->holder}) != holders.end()) found.insert(id);
  };
  std::set<std::uint64_t> blocks, hashes;
  for (const auto& [kind, holder] : holders) {
    const Said said{service.agency, service.local, holder.agency, holder.local, kind};
    for (const AreaKey& above : area.with_ancestors()) hashes.insert(said.at(above.digits()));
  }
  for (const std::uint64_t hash : hashes) {
    for (auto at = std::ranges::lower_bound(table->places, hash);
         at != table->places.end() && (*at & ~block_mask) == hash; ++at) {
      blocks.insert(*at & block_mask);
    }
  }
  Reader reader;
  const std::string_view ids = flat::text_of(table->ids);
  for (const std::uint64_t block : blocks) {
    if (block >= table->ends.size()) continue;
    const ObjectId after = block == 0 ? ObjectId{} : id_at(ids, table->ends, block - 1);
    each_body_after(connection, ObjectKind::responsibility, after, id_at(ids, table->ends, block), rows_of_a_block,
                    [&](const ObjectId& id, std::string_view body) {
                      bool wanted = false;
                      reader.read(body, [&](std::uint64_t hash) { wanted = wanted || hashes.contains(hash); });
                      if (wanted) look(id, body);
                    });
  }
  std::vector<ObjectId> later;
  {
    const std::lock_guard lock(mutex_);
    if (table_ != table) return fail(ErrorCode::unavailable, "the table of responsibilities was made anew");
    catch_up(connection, ObjectStore(connection).last_sequence());
    for (const std::uint64_t hash : hashes) {
      if (const auto at = later_.find(hash); at != later_.end()) {
        later.insert(later.end(), at->second.begin(), at->second.end());
      }
    }
  }
  const ObjectStore objects(connection);
  for (const ObjectId& id : later) {
    if (const auto body = objects.body(ObjectKind::responsibility, id)) look(id, *body);
  }
  return std::vector<ObjectId>(found.begin(), found.end());
}

}  // namespace verbund::directory
