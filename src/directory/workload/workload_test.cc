// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/formats/formats.h"
#include "directory/formats/testing/test_node.h"
#include "kits/html/html.h"
#include "kits/json/json.h"

namespace verbund::directory {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::vector<std::string>> rows(const fs::path& path) {
  std::vector<std::vector<std::string>> out;
  const std::string text = file_text(path);
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> fields;
    for (const std::string_view field : split(line, '\t')) fields.emplace_back(field);
    out.push_back(std::move(fields));
  }
  return out;
}

const fs::path geography = fs::path(VERBUND_SOURCE_DIR) / "data" / "geography";

WorkloadOptions small(std::uint64_t seed) {
  WorkloadOptions options;
  options.scale = 0.002;
  options.seed = seed;
  options.area_list_day = "2023-11-30";
  for (const auto& fields : rows(geography / "areas.tsv")) {
    Area area;
    area.key = *AreaKey::parse(fields.at(0));
    area.level = *area_level_from_name(fields.at(1));
    area.top_level = *area_level_from_name(fields.at(2));
    area.kind_code = fields.at(3);
    area.name = fields.at(4);
    area.short_name = fields.at(5);
    area.population = *parse_number(fields.at(6));
    area.hectares = *parse_number(fields.at(7));
    area.seat = fields.at(8);
    area.seat_postal_code = fields.at(9);
    options.areas.push_back(std::move(area));
  }
  for (const auto& fields : rows(geography / "postal-codes.tsv")) {
    options.postal_codes.push_back({fields.at(0), *AreaKey::parse(fields.at(1)), fields.at(2)});
  }
  return options;
}

// One small workload and a node that holds its catalogue, made once for all tests.
struct Made {
  testing::TestNode node;
  fs::path folder;
  WorkloadSummary summary;
  ImportSummary imported;
};

Made& made() {
  static Made one;
  if (one.folder.empty()) {
    one.folder = fs::path(one.node.folder().path("workload"));
    auto summary = generate_workload(small(7), one.folder.string(), {});
    if (!summary) throw std::runtime_error(summary.error().text());
    one.summary = *summary;
    auto imported =
        import_json(one.node.database(), one.node.clock(), (one.folder / "catalogue").string(), {}, {});
    if (!imported) throw std::runtime_error(imported.error().text());
    one.imported = *imported;
  }
  return one;
}

std::map<std::string, std::string> all_files(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder).string()] = file_text(entry.path());
  }
  return out;
}

TEST(Workload, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const auto first = all_files(made().folder);
  testing::TestNode other;
  ASSERT_TRUE(generate_workload(small(7), other.folder().path("again"), {}));
  ASSERT_TRUE(generate_workload(small(8), other.folder().path("different"), {}));
  const auto again = all_files(other.folder().path("again")), different = all_files(other.folder().path("different"));
  ASSERT_EQ(first.size(), 17u);
  ASSERT_EQ(again.size(), first.size());
  for (const auto& [name, text] : first) {
    EXPECT_TRUE(again.at(name) == text) << name;
    const bool is_fact = name == "catalogue/area.ndjson" || name == "catalogue/postal_code.ndjson";
    EXPECT_EQ(different.at(name) == text, is_fact) << name;
  }
}

TEST(Workload, HoldsEveryKindAndComesOutOfANodeAsItWentIn) {
  Made& m = made();
  EXPECT_EQ(m.imported.findings_total, 0) << m.imported.to_text();
  for (const char* kind : {"unit", "service", "specialisation", "online_service", "responsibility", "area"}) {
    EXPECT_GT(m.imported.kinds[kind].added, 0) << kind;
  }
  const fs::path out = fs::path(m.node.folder().path("export"));
  ASSERT_TRUE(export_json(m.node.database(), out.string(), {}));
  EXPECT_TRUE(all_files(out) == all_files(m.folder / "catalogue"));
}

TEST(Workload, TextsAreCleanHtmlOfRealisticLength) {
  std::size_t words = 0, services = 0;
  made().node.database().read([&](store::Connection& connection) {
    ObjectStore(connection).each<Service>([&](const Service& service) {
      ++services;
      std::size_t here = 0;
      for (const TextModule& module : service.modules.texts) {
        for (const LocalisedText& text : module.content) {
          EXPECT_EQ(html::sanitise(text.text), text.text);
          const std::string plain = html::to_plain_text(text.text);
          here += static_cast<std::size_t>(std::count(plain.begin(), plain.end(), ' ')) + 1;
          EXPECT_EQ(plain.find('{'), std::string::npos) << plain;
        }
      }
      EXPECT_GE(here, 150u) << service.id.local;
      EXPECT_LE(here, 1700u) << service.id.local;
      words += here;
      EXPECT_FALSE(service.modules.search_terms.at(0).terms.empty());
    });
  });
  ASSERT_GT(services, 15u);
  EXPECT_GT(words / services, 250u);
  EXPECT_GT(made().summary.stems, 1000);
}

std::string external_list(const std::vector<AuthorityBrief>& units) {
  std::string out;
  for (const AuthorityBrief& unit : units) {
    if (!out.empty()) out += ',';
    out += external_id(ObjectKind::unit, unit.id);
  }
  return out;
}

// The plan and the finder know nothing of each other.
TEST(Workload, PointsAreWhatTheFinderAnswers) {
  Made& m = made();
  std::shared_ptr<const Snapshot> snapshot;
  m.node.database().read([&](store::Connection& connection) { snapshot = Snapshot::build(connection); });
  std::size_t asked = 0, nobody = 0, inherited = 0;
  std::set<std::size_t> lengths;
  for (const auto& row : rows(m.folder / "points.tsv")) {
    if (row.at(0) == "service") continue;
    ++asked;
    const AreaKey place = *AreaKey::parse(row.at(1));
    lengths.insert(row[1].size());
    const ServiceAtPlace answer = snapshot->at_place(*parse_external_id(ObjectKind::service, row[0]), place);
    std::string units;
    for (const ResponsibleUnits& role : answer.roles) {
      if (role.role != row.at(2)) continue;
      std::vector<AuthorityBrief> sorted = role.units;
      std::sort(sorted.begin(), sorted.end(),
                [](const AuthorityBrief& a, const AuthorityBrief& b) { return a.id < b.id; });
      units = external_list(sorted);
      inherited += role.area != place;
    }
    EXPECT_EQ(units, row.at(3)) << row[0] << " " << row[1] << " " << row[2];
    nobody += row[3].empty();
  }
  EXPECT_GE(asked, 1000u);
  EXPECT_GT(nobody, 30u);
  EXPECT_GT(inherited, 30u);
  EXPECT_LT(nobody, asked / 2);
  EXPECT_EQ(lengths.size(), 5u);   // municipality, association, district, region, state
}

TEST(Workload, QueriesNameServicesThatAreOfferedThere) {
  Made& m = made();
  std::shared_ptr<const Snapshot> snapshot;
  m.node.database().read([&](store::Connection& connection) { snapshot = Snapshot::build(connection); });
  for (const char* kind : {"titles", "synonyms", "typos", "prefixes", "compounds", "everyday", "mix"}) {
    std::size_t queries = 0;
    for (const auto& row : rows(m.folder / "queries" / (std::string(kind) + ".tsv"))) {
      if (row.at(0) == "query") continue;
      ++queries;
      ASSERT_EQ(row.size(), 3u);
      std::set<std::string> offered;
      for (const ServiceBrief& brief : snapshot->services_at(*AreaKey::parse(row[2]))) {
        offered.insert(external_id(ObjectKind::service, brief.id));
      }
      for (const std::string_view id : split(row[1], ',')) {
        EXPECT_TRUE(offered.contains(std::string(id))) << kind << ": " << row[0] << " " << id;
      }
    }
    EXPECT_GE(queries, 20u) << kind;
  }
}

TEST(Workload, ChangesFitOneAfterTheOther) {
  Made& m = made();
  testing::TestNode node;
  ASSERT_TRUE(import_json(node.database(), node.clock(), (m.folder / "catalogue").string(), {}, {}));
  std::map<std::string, int> seen;
  const std::string text = file_text(m.folder / "changes.ndjson");
  auto written = node.database().write([&](store::Connection& connection) -> Result<void> {
    ObjectStore objects(connection);
    for (const std::string_view line : split(text, '\n')) {
      if (line.empty()) continue;
      auto change = parse_json(line, "change");
      if (!change) return pass(change);
      EXPECT_EQ(change->to_canonical(), line);
      const ObjectKind kind = *object_kind_from_name(change->text_or("kind"));
      const ObjectId id = *parse_external_id(kind, change->text_or("id"));
      ++seen[std::string(name(kind))];
      if (change->find("withdrawn")) {
        ++seen["withdrawn"];
        EXPECT_TRUE(objects.withdraw(kind, id, node.clock().now())) << line;
        continue;
      }
      EXPECT_EQ((*change)["body"].text_or("id"), change->text_or("id"));
      const std::string body = (*change)["body"].to_canonical();
      switch (objects.put_body(kind, id, body, "changes", node.clock().now())) {
        case PutOutcome::added: ++seen["added"]; break;
        case PutOutcome::changed: ++seen["changed"]; break;
        case PutOutcome::unchanged: ++seen["unchanged"]; break;
        case PutOutcome::foreign: ADD_FAILURE() << line; break;
      }
    }
    return {};
  });
  ASSERT_TRUE(written) << written.error().text();
  for (const char* one : {"unit", "service", "specialisation", "online_service", "responsibility", "withdrawn", "added",
                          "changed"}) {
    EXPECT_GT(seen[one], 0) << one;
  }
  EXPECT_LT(seen["unchanged"], 10);
}

TEST(Workload, RefusesAScaleThatIsNoneAndAFolderThatIsFull) {
  WorkloadOptions options = small(1);
  for (const double scale : {0.0, -1.0, 1000.0}) {
    options.scale = scale;
    const auto refused = generate_workload(options, made().node.folder().path("never"), {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
  }
  const auto refused = generate_workload(small(1), made().folder.string(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace verbund::directory
