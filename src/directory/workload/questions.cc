// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/questions.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "directory/formats/export_folder.h"
#include "directory/workload/queries.h"

namespace verbund::directory::workload {
namespace {

constexpr double queries_at_one = 2200, mixed_at_one = 10'000, points_at_one = 24'000;
constexpr std::size_t queries_least = 60, points_least = 1000;
constexpr std::size_t places_at_most = 400;
constexpr std::size_t tries = 400;             // services looked at for one query at one place


std::string row_of(const Plan& plan, const Country& country, const Query& query, std::uint32_t place) {
  std::string out = query.text + "\t";
  for (std::size_t i = 0; i < query.relevant.size(); ++i) {
    if (i > 0) out += ',';
    out += external_id(ObjectKind::service, plan.services()[query.relevant[i]].id);
  }
  return out + "\t" + country.area(place).key.digits() + "\n";
}

Result<void> write_rows(const std::filesystem::path& folder, std::string_view name,
                        const std::vector<std::string>& rows, FileList& files) {
  const std::string path = "queries/" + std::string(name) + ".tsv";
  ExportFile out(folder / path);
  out.write("query\trelevant\tarea\n");
  for (const std::string& row : rows) out.write(row);
  files.emplace_back(path, static_cast<std::int64_t>(rows.size()));
  return out.finish();
}

}  // namespace

Result<void> Questions::write(const std::filesystem::path& folder, double scale, FileList& files) const {
  const auto wanted = std::max(queries_least, static_cast<std::size_t>(queries_at_one * scale));
  const KnownWords known(plan_);
  const QueryMaker maker(words_, plan_, known);
  Random random(mix(seed_, 50));

  // Towns of every size, in all states.
  std::vector<std::uint32_t> towns = country_.of_level(Level::municipality, 0);
  std::erase_if(towns, [&](std::uint32_t town) { return country_.area(town).population == 0; });
  random.shuffle(towns);
  towns.resize(std::clamp<std::size_t>(wanted / 5, 20, places_at_most));

  std::array<std::vector<std::string>, query_kinds.size()> rows;
  std::unordered_set<std::string> seen;
  const std::size_t at_one_place = wanted / towns.size() + 1;
  // Where few can be told apart, others give more; a town is visited again if all together are too few.
  for (std::size_t round = 0; round < 3; ++round) {
    for (const std::uint32_t town : towns) {
      if (std::all_of(rows.begin(), rows.end(), [&](const auto& kind) { return kind.size() >= wanted; })) break;
      const PlaceServices place(plan_, coverage_, country_, town);
      if (place.services().empty()) continue;
      for (std::size_t kind = 0; kind < query_kinds.size(); ++kind) {
        std::size_t made = 0;
        for (std::size_t i = 0; i < tries && made < at_one_place && rows[kind].size() < wanted; ++i) {
          const std::uint32_t service = random.pick(place.services());
          const auto query = maker.make(static_cast<QueryKind>(kind), service, place, random);
          if (!query) continue;
          std::string row = row_of(plan_, country_, *query, town);
          if (!seen.insert(std::string(query_kinds[kind]) + row).second) continue;
          rows[kind].push_back(std::move(row));
          ++made;
        }
      }
    }
  }
  std::vector<std::string> mixed;
  for (std::size_t kind = 0; kind < query_kinds.size(); ++kind) {
    if (auto written = write_rows(folder, query_kinds[kind], rows[kind], files); !written) return written;
    mixed.insert(mixed.end(), rows[kind].begin(), rows[kind].end());
  }
  random.shuffle(mixed);
  mixed.resize(std::min(mixed.size(), std::max(queries_least, static_cast<std::size_t>(mixed_at_one * scale))));
  if (auto written = write_rows(folder, "mix", mixed, files); !written) return written;
  return write_points(folder, scale, files);
}

Result<void> Questions::write_points(const std::filesystem::path& folder, double scale, FileList& files) const {
  const auto wanted = std::max(points_least, static_cast<std::size_t>(points_at_one * scale));
  Random random(mix(seed_, 51));
  ExportFile out(folder / "points.tsv");
  out.write("service\tarea\trole\tunits\n");
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_publisher;
  for (std::uint32_t i = 0; i < plan_.services().size(); ++i) by_publisher[plan_.services()[i].publisher].push_back(i);
  std::unordered_set<std::uint64_t> seen;
  std::size_t rows = 0;
  for (std::size_t i = 0; rows < wanted && i < wanted * 20; ++i) {
    static constexpr Level levels[] = {Level::municipality, Level::municipality, Level::municipality,
                                       Level::municipality, Level::municipality, Level::municipality,
                                       Level::municipality, Level::association,  Level::district,
                                       Level::district,     Level::region,       Level::state};
    const std::uint32_t place = random.pick(country_.of_level(levels[random.below(std::size(levels))], 0));
    // What the federation, the state or the town itself publishes.
    const auto& above = country_.above(place);
    const std::uint32_t publishers[] = {0, country_.state_of(place), country_.state_of(place),
                                        above[random.below(above.size())]};
    const auto published = by_publisher.find(publishers[random.below(4)]);
    if (published == by_publisher.end()) continue;
    const std::uint32_t service = random.pick(published->second);
    const std::uint8_t role = random.chance(85) ? role_competent : role_contact;
    if (!seen.insert((std::uint64_t{service} << 20 | place) << 2 | role).second) continue;
    std::string row = external_id(ObjectKind::service, plan_.services()[service].id) + "\t" +
                      country_.area(place).key.digits() + "\t" + (role == role_competent ? "01" : "03") + "\t";
    bool first = true;
    for (const std::uint32_t unit : coverage_.units(service, place, role)) {
      if (!first) row += ',';
      row += external_id(ObjectKind::unit, country_.unit_id(unit));
      first = false;
    }
    out.write(row + "\n");
    ++rows;
  }
  files.emplace_back("points.tsv", static_cast<std::int64_t>(rows));
  return out.finish();
}

}  // namespace verbund::directory::workload
