// SPDX-License-Identifier: EUPL-1.2
// Queries and points of a workload.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "corpus.h"

namespace verbund::bench {
namespace {

using namespace directory;

// "L100001.LB.12" or "L100001.12".
Result<ObjectId> read_id(ObjectKind kind, std::string_view text) {
  if (auto id = parse_external_id(kind, text)) return *id;
  const std::size_t dot = text.find('.');
  if (dot == text.npos) return fail(ErrorCode::invalid, "not an id: " + std::string(text));
  return make_object_id(text.substr(0, dot), text.substr(dot + 1));
}

Result<void> read_queries(Corpus& corpus, const std::string& folder, std::size_t most) {
  for (const char* name : {"mix", "titles", "synonyms", "typos", "prefixes", "compounds", "everyday"}) {
    QueryKind kind{name, {}};
    bool header = true;
    auto read = each_line(folder + "/queries/" + name + ".tsv", [&](std::string_view line) -> Result<void> {
      if (std::exchange(header, false) || kind.queries.size() >= most) return {};
      const auto columns = split(line, '\t');
      if (columns.size() < 3) return fail(ErrorCode::invalid, "three columns wanted: query, relevant, area");
      auto area = AreaKey::parse(trim(columns[2]));
      if (!area) return pass(area);
      Query query{std::string(columns[0]), {}, *area, corpus.place(*area)};
      for (const std::string_view text : split(columns[1], ',')) {
        auto id = read_id(ObjectKind::service, trim(text));
        if (!id) return pass(id);
        const std::uint32_t service = corpus.find_service(*id);
        if (service != UINT32_MAX) query.relevant.push_back(service);
      }
      std::sort(query.relevant.begin(), query.relevant.end());
      kind.queries.push_back(std::move(query));
      return {};
    });
    if (!read) return read;
    corpus.kinds.push_back(std::move(kind));
  }
  return {};
}

Result<void> read_points(Corpus& corpus, const std::string& folder, std::size_t most) {
  bool header = true;
  return each_line(folder + "/points.tsv", [&](std::string_view line) -> Result<void> {
    if (std::exchange(header, false) || corpus.points.size() >= most) return {};
    const auto columns = split(line, '\t');
    if (columns.size() < 4) return fail(ErrorCode::invalid, "four columns wanted: service, area, role, units");
    auto service = read_id(ObjectKind::service, trim(columns[0]));
    if (!service) return pass(service);
    auto area = AreaKey::parse(trim(columns[1]));
    if (!area) return pass(area);
    Point point{*service, *area, std::string(trim(columns[2])), corpus.find_service(*service), UINT32_MAX,
                corpus.place(*area), {}};
    const auto role = std::find(corpus.roles.begin(), corpus.roles.end(), point.role);
    if (role != corpus.roles.end()) point.role_number = static_cast<std::uint32_t>(role - corpus.roles.begin());
    for (const std::string_view text : split(columns[3], ',')) {
      if (trim(text).empty()) continue;
      auto unit = read_id(ObjectKind::unit, trim(text));
      if (!unit) return pass(unit);
      point.units.push_back(corpus.find_unit(*unit));
    }
    std::sort(point.units.begin(), point.units.end());
    corpus.points.push_back(std::move(point));
    return {};
  });
}

}  // namespace

Result<void> read_questions(Corpus& corpus, const std::string& folder, std::size_t most_queries) {
  if (auto read = read_queries(corpus, folder, most_queries); !read) return read;
  return read_points(corpus, folder, most_queries * 10);
}

}  // namespace verbund::bench
