// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/restore_areas.h"

#include <map>
#include <set>

#include "directory/geography/area_store.h"
#include "directory/objects/body.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {
namespace {

// A restored list is taken as it is: what would break its tables is refused here.
Result<void> check(const ExportedAreas& exported) {
  std::set<AreaKey> keys;
  std::set<std::string> slugs;
  for (const Area& area : exported.areas) {
    if (!keys.insert(area.key).second || !slugs.insert(area.slug).second) {
      return fail(ErrorCode::invalid, "Das Gebiet " + area.key.padded() + " oder seine Adresse „" + area.slug +
                                          "“ kommt zweimal vor", exported.area_path);
    }
  }
  std::set<std::pair<std::string, AreaKey>> pairs;
  for (const PostalCodeEntry& code : exported.codes) {
    if (!keys.contains(code.area) || !pairs.emplace(code.postal_code, code.area).second) {
      return fail(ErrorCode::invalid, "Die Postleitzahl " + code.postal_code + " kommt zweimal vor oder nennt ein "
                                      "unbekanntes Gebiet", exported.code_path);
    }
  }
  return {};
}

using Lines = std::map<std::string, std::string>;  // what tells rows apart -> the row

ImportSummary::Counts compare(const Lines& before, const Lines& after) {
  ImportSummary::Counts counts;
  for (const auto& [key, row] : after) {
    const auto found = before.find(key);
    ++(found == before.end() ? counts.added : found->second == row ? counts.unchanged : counts.changed);
  }
  for (const auto& [key, row] : before) counts.withdrawn += after.contains(key) ? 0 : 1;
  return counts;
}

Lines areas_of(const AreaStore& store) {
  Lines out;
  store.each_area([&](const Area& area) { out.emplace(area.key.digits(), to_body(area)); });
  return out;
}

Lines codes_of(const AreaStore& store) {
  Lines out;
  store.each_postal_code([&](const PostalCodeEntry& entry) {
    out.emplace(entry.postal_code + " " + entry.area.digits(), to_body(entry));
  });
  return out;
}

}  // namespace

Result<bool> restore_areas(const ExportedAreas& exported, ImportSink& sink) {
  if (auto sound = check(exported); !sound) return pass(sound);
  if (exported.areas.empty() || ObjectStore(sink.connection()).last_sequence() > 0) return false;
  AreaStore store(sink.connection());
  const Lines areas = areas_of(store), codes = codes_of(store);
  store.restore(exported.areas, exported.codes, exported.day);
  auto& kinds = sink.summary().kinds;
  kinds["area"] = compare(areas, areas_of(store));
  if (!codes.empty() || !exported.codes.empty()) kinds["postal_code"] = compare(codes, codes_of(store));
  return true;
}

}  // namespace verbund::directory
