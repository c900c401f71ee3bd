// SPDX-License-Identifier: EUPL-1.2
#include "directory/evaluation/evaluate.h"

#include <optional>

#include "directory/finder/finder_test_support.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;

class Evaluate : public ::testing::Test {
 protected:
  void SetUp() override {
    store_.areas(testing::some_areas(), testing::some_postal_codes());
    put("A", "ausweis", "Personalausweis", "99008001012000", "Perso");
    put("B", "ausweis", "Personalausweis beantragen", "99008001012000", "");
    put("A", "hund", "Hundesteuer anmelden", "99102013104000", "Zamperl");
  }
  void put(std::string_view agency, std::string_view local, std::string_view title, std::string service_key,
           std::string term) {
    Service one = testing::service(oid(agency, local), title);
    one.service_keys = {{"", "", std::move(service_key), ""}};
    if (!term.empty()) one.modules.search_terms.push_back({{}, {{"de", std::move(term), "001"}}});
    store_.put(one);
  }
  Result<Evaluation> evaluate(const std::string& table, bool search_terms = true) {
    const auto queries = read_judged_queries(table);
    EXPECT_TRUE(queries.has_value());
    std::shared_ptr<const Snapshot> snapshot;
    std::optional<ServiceNames> names;
    store_.database().read([&](store::Connection& connection) {
      snapshot = Snapshot::build(connection, testing::day(), {.search_terms = search_terms});
      names.emplace(connection);
    });
    return directory::evaluate(*snapshot, *names, *queries, AreaKey());
  }

  testing::FinderStore store_;
};

TEST_F(Evaluate, ServicesAreNamedByIdLocalIdOrKey) {
  const auto result = evaluate("Hundesteuer\tA.LB.hund\nHundesteuer anmelden\thund\nHundesteuer A\t99102013104000\n"
                               "Personalausweis\tausweis\nAusweis Personal\t99008001012000\n");
  ASSERT_TRUE(result.has_value()) << result.error().text();
  ASSERT_EQ(result->outcomes.size(), 5U);
  EXPECT_EQ(result->all.success_at_1, 1);
  EXPECT_EQ(result->outcomes[0].ranking.relevant, 1U);
  EXPECT_EQ(result->outcomes[3].ranking.relevant, 2U);   // of two agencies
  EXPECT_EQ(result->outcomes[4].ranking.relevant, 2U);
  EXPECT_EQ(result->outcomes[3].ranking.ranks, (std::vector<std::size_t>{1, 2}));
}

TEST_F(Evaluate, WhatIsNotInTheNodeIsCountedApart) {
  const auto result = evaluate("Hundesteuer\thund,katze\nKatze\tkatze\nMaus\t\nHund\t99999999999999\n");
  ASSERT_TRUE(result.has_value()) << result.error().text();
  EXPECT_EQ(result->all.queries, 1U);
  EXPECT_EQ(result->all.success_at_1, 1);
  EXPECT_EQ(result->partly_in_node, 1U);
  ASSERT_EQ(result->not_in_node.size(), 2U);
  EXPECT_EQ(result->not_in_node[0].query, "Katze");
  EXPECT_EQ(result->not_in_node[1].line, 4U);
  ASSERT_EQ(result->without_service.size(), 1U);
  EXPECT_EQ(result->without_service[0].query, "Maus");
}

TEST_F(Evaluate, KindsAreMeasuredApart) {
  const auto result = evaluate("Hundesteuer\thund\t\tgood\nPersonalausweis\thund\t\tbad\nPersonalausweis\tausweis\n");
  ASSERT_TRUE(result.has_value()) << result.error().text();
  EXPECT_EQ(result->all.queries, 3U);
  ASSERT_EQ(result->kinds.size(), 2U);
  EXPECT_EQ(result->kinds.at("good").success_at_1, 1);
  EXPECT_EQ(result->kinds.at("bad").mrr, 0);
}

TEST_F(Evaluate, SearchTermsCanBeLeftOutOfTheIndex) {
  const std::string table = "Zamperl\thund\n";
  const auto with = evaluate(table), without = evaluate(table, false);
  ASSERT_TRUE(with.has_value() && without.has_value());
  EXPECT_EQ(with->all.success_at_1, 1);
  EXPECT_EQ(without->all.success_at_5, 0);
}

TEST_F(Evaluate, AnAreaNobodyKnowsIsAnError) {
  const auto result = evaluate("Hundesteuer\thund\t22846\nHundesteuer\thund\tAtlantis\n");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().where, "line 2");
  EXPECT_EQ(result.error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace verbund::directory
