// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>
#include <cstdio>

#include "directory/formats/stock.h"
#include "directory/formats/stock_message.h"
#include "directory/objects/object_pages.h"

namespace verbund::directory {
namespace {

constexpr std::size_t remembered = 8;
constexpr std::size_t no_limit = INT32_MAX;  // a file holds its range, however that has grown

struct Stem {
  ObjectKind kind;
  const char* name;
  std::size_t times;  // as many objects as usual
};
constexpr std::array<Stem, 5> stems = {{{ObjectKind::unit, "organisationseinheit", 1},
                                        {ObjectKind::service, "leistung", 1},
                                        {ObjectKind::specialisation, "spezialisierung", 1},
                                        {ObjectKind::online_service, "onlinedienst", 1},
                                        {ObjectKind::responsibility, "zustaendigkeit", 10}}};

}  // namespace

std::shared_ptr<const StockFiles::Division> StockFiles::division(store::Connection& connection) {
  const ObjectStore objects(connection);
  const std::int64_t sequence = objects.last_sequence();
  const std::lock_guard lock(mutex_);
  if (!divisions_.empty() && divisions_.back()->sequence >= sequence) return divisions_.back();
  auto made = std::make_shared<Division>();
  made->sequence = sequence;
  for (const Stem& stem : stems) {
    // A kind without objects has a file too: what comes into being while somebody collects is in it.
    std::size_t count = 0, number = 0;
    ObjectId after;
    const auto add = [&](const ObjectId& until) {
      char digits[64];
      std::snprintf(digits, sizeof digits, "-%05zu-%lld.xml", ++number, static_cast<long long>(sequence));
      made->ranges.push_back({stem.name + std::string(digits), stem.kind, after, until});
      after = until;
      count = 0;
    };
    ObjectId last;
    objects.each_id(stem.kind, [&](const ObjectId& id) {
      if (count == most_ * stem.times) add(last);
      last = id;
      ++count;
    });
    add({});
  }
  divisions_.push_back(made);
  if (divisions_.size() > remembered) divisions_.erase(divisions_.begin());
  return made;
}

std::string StockFiles::index(store::Connection& connection) {
  std::string out;
  for (const Range& range : division(connection)->ranges) out += range.name + "\n";
  return out;
}

Result<std::string> StockFiles::file(store::Connection& connection, std::string_view name) {
  std::optional<Range> found;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& each : divisions_) {
      for (const Range& range : each->ranges) {
        if (range.name == name) found = range;
      }
    }
  }
  if (!found) return fail(ErrorCode::not_found, "Diese Datei gibt es nicht oder nicht mehr", "", "index.txt neu holen");
  std::vector<StockObject> objects;
  each_body_after(connection, found->kind, found->after, found->until, no_limit,
                  [&](const ObjectId& id, std::string_view body) {
                    objects.push_back({found->kind, id, std::string(body)});
                  });
  return stock_message(objects, {});
}

}  // namespace verbund::directory
