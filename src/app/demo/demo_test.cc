// SPDX-License-Identifier: EUPL-1.2
#include "app/demo/demo.h"

#include <chrono>
#include <filesystem>
#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/evaluation/evaluate.h"
#include "directory/formats/formats.h"
#include "directory/formats/testing/test_node.h"

namespace verbund::app {
namespace {

using directory::AreaKey;
using directory::AreaStore;
using directory::ObjectStore;
using directory::testing::TestNode;

AreaKey key(std::string_view digits) { return *AreaKey::parse(digits); }

TEST(Demo, LoadsWithoutFindings) {
  TestNode node;
  const auto begin = std::chrono::steady_clock::now();
  auto geography = load_geography(node.database(), node.clock());
  ASSERT_TRUE(geography) << geography.error().text();
  const auto middle = std::chrono::steady_clock::now();
  auto summary = load_demo_catalogue(node.database(), node.clock());
  ASSERT_TRUE(summary) << summary.error().text();
  const auto end = std::chrono::steady_clock::now();
  const auto ms = [](auto span) { return std::chrono::duration_cast<std::chrono::milliseconds>(span).count(); };
  std::cout << "areas and postal codes " << ms(middle - begin) << " ms, catalogue " << ms(end - middle) << " ms\n";

  EXPECT_EQ(summary->findings_total, 0) << summary->to_text();
  EXPECT_EQ(summary->source, demo_source);
  for (const auto& [kind, counts] : summary->kinds) EXPECT_EQ(counts.skipped, 0) << kind;
  EXPECT_GE(summary->kinds.at("service").added, 32);
  EXPECT_GE(summary->kinds.at("unit").added, 12);
}

// Judged by us as people write; "blind" ones were written before the everyday vocabulary was read.
TEST(Demo, AnswersTheJudgedQueries) {
  TestNode node;
  ASSERT_TRUE(load_demo(node.database(), node.clock()));
  const std::string table = directory::testing::read_file(
      VERBUND_SOURCE_DIR "/src/directory/evaluation/testdata/queries-demo.tsv");
  const auto queries = directory::read_judged_queries(table);
  ASSERT_TRUE(queries) << queries.error().text();
  ASSERT_GE(queries->size(), 400U);
  node.database().read([&](store::Connection& connection) {
    const auto snapshot = directory::Snapshot::build(connection, node.clock().now());
    const auto result = directory::evaluate(*snapshot, directory::ServiceNames(connection), *queries, AreaKey());
    ASSERT_TRUE(result) << result.error().text();
    EXPECT_TRUE(result->not_in_node.empty());
    EXPECT_EQ(result->partly_in_node, 0U);
    for (const auto& outcome : result->outcomes) {
      if (outcome.ranking.ranks.empty()) std::cout << "not among the first ten: " << outcome.query.query << "\n";
    }
    EXPECT_GE(result->all.success_at_1, 0.95);
    EXPECT_GE(result->all.success_at_3, 0.97);
    EXPECT_GE(result->kinds.at("blind").success_at_3, 0.97);
    EXPECT_GE(result->all.ndcg_at_10, 0.95);
  });
}

TEST(Demo, LoadingTwiceChangesNothing) {
  TestNode node;
  ASSERT_TRUE(load_demo(node.database(), node.clock()));
  const std::string once = node.state();
  node.clock().set(node.clock().now() + std::chrono::hours(24));
  ASSERT_TRUE(load_demo(node.database(), node.clock()));
  EXPECT_EQ(node.state() == once, true);  // not printed: a megabyte
}

TEST(Demo, ObjectsThatTheProgramNoLongerBringsAreWithdrawn) {
  TestNode node;
  ASSERT_TRUE(load_demo(node.database(), node.clock()));
  const std::string state = node.state();
  auto written = node.database().write([&](store::Connection& connection) -> Result<void> {
    directory::OrganisationalUnit old;
    old.id = {"demo-norderstedt", "abgeschafft"};
    old.name = {{"de", "Amt von gestern"}};
    ObjectStore(connection).put(old, demo_source, node.clock().now());
    return {};
  });
  ASSERT_TRUE(written);
  auto summary = load_demo_catalogue(node.database(), node.clock());
  ASSERT_TRUE(summary) << summary.error().text();
  EXPECT_EQ(summary->kinds.at("unit").withdrawn, 1);
}

TEST(Geography, HoldsAllMunicipalitiesWithTheirPostalCodes) {
  TestNode node;
  auto loaded = load_geography(node.database(), node.clock());
  ASSERT_TRUE(loaded) << loaded.error().text();
  node.database().read([](store::Connection& connection) {
    const AreaStore areas(connection);
    EXPECT_EQ(areas.list_day(), "2023-11-30");
    std::map<directory::AreaLevel, int> levels;
    areas.each_area([&](const directory::Area& area) { ++levels[area.level]; });
    EXPECT_EQ(levels[directory::AreaLevel::municipality], 10'981);
    EXPECT_EQ(levels[directory::AreaLevel::state], 14);  // and Berlin and Hamburg, which are municipalities, too

    const auto town = areas.area(key("010600063063"));
    ASSERT_TRUE(town);
    EXPECT_EQ(town->short_name, "Norderstedt");
    EXPECT_EQ(town->slug, "norderstedt");
    const auto berlin = areas.area(key("11"));
    ASSERT_TRUE(berlin);
    EXPECT_EQ(berlin->level, directory::AreaLevel::municipality);
    EXPECT_EQ(berlin->top_level, directory::AreaLevel::state);

    std::vector<std::string> codes;
    int pairs = 0;
    areas.each_postal_code([&](const directory::PostalCodeEntry& entry) {
      ++pairs;
      if (entry.area.digits() == "010600063063") codes.push_back(entry.postal_code);
    });
    EXPECT_THAT(codes, ::testing::ElementsAre("22844", "22846", "22848", "22850", "22851"));
    EXPECT_EQ(pairs, 12'855);  // every pair of the table: none names an area that is not in the list
  });
}

TEST(Geography, ANodeKeepsItsOwnAreas) {
  TestNode node;
  auto written = node.database().write([](store::Connection& connection) -> Result<void> {
    directory::Area state, town;
    state.key = key("01");
    state.name = state.short_name = "Eigenes Land";
    state.level = state.top_level = directory::AreaLevel::state;
    town.key = key("010600063063");
    town.name = town.short_name = "Eigene Stadt";
    if (auto replaced = AreaStore(connection).replace_all({state, town}, "2020-01-01"); !replaced) return pass(replaced);
    return {};
  });
  ASSERT_TRUE(written) << written.error().text();
  auto loaded = load_geography(node.database(), node.clock());
  ASSERT_TRUE(loaded) << loaded.error().text();
  node.database().read([](store::Connection& connection) {
    const AreaStore areas(connection);
    EXPECT_EQ(areas.list_day(), "2020-01-01");
    EXPECT_EQ(areas.area(key("010600063063"))->name, "Eigene Stadt");
    int codes = 0;
    areas.each_postal_code([&](const directory::PostalCodeEntry&) { ++codes; });
    EXPECT_EQ(codes, 5);  // those of the town; the rest of the table names areas that this node does not have
  });
}

// The embedded table and the import of the same official file must not contradict each other.
TEST(Geography, TheOfficialFileOfTheSameDayChangesNothing) {
  const std::string file = VERBUND_SOURCE_DIR "/../shared/reference/gebiete/gv100ad-2023-11-30.txt";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "skipped: no reference data beside the checkout";
  TestNode node;
  ASSERT_TRUE(load_geography(node.database(), node.clock()));
  auto summary = directory::import_gv100ad(node.database(), node.clock(), file, {});
  ASSERT_TRUE(summary) << summary.error().text();
  const auto& counts = summary->kinds.at("area");
  EXPECT_EQ(counts.added, 0);
  EXPECT_EQ(counts.changed, 0);
  EXPECT_EQ(counts.withdrawn, 0);
  EXPECT_GT(counts.unchanged, 12'000);
}

}  // namespace
}  // namespace verbund::app
