// SPDX-License-Identifier: EUPL-1.2
// Real wording against real catalogues: the files of reference data beside the checkout, skipped where they are absent.
// Prints what it measured, so that a change is seen before it fails.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <optional>
#include <random>
#include <set>

#include "base/text.h"
#include "directory/evaluation/evaluate.h"
#include "directory/evaluation/typo_test_support.h"
#include "directory/finder/finder_test_support.h"
#include "directory/formats/formats.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;

const std::string reference = VERBUND_SOURCE_DIR "/../shared/reference/";
const std::string munich_terms = reference + "suche/muenchen-suchbegriffe.csv";
const std::string munich_queries = reference + "portal/made/search/queries-muenchen.tsv";
const std::string cologne_matters = reference + "leistungen/anliegen-leika-koeln-2026-10.csv";
const std::string cologne_services = reference + "leistungen/leistungen-koeln-2026-10.csv";

std::string whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<JudgedQuery> read_file(const std::string& path) {
  auto queries = read_judged_queries(whole(path));
  EXPECT_TRUE(queries.has_value()) << path;
  return queries ? std::move(*queries) : std::vector<JudgedQuery>{};
}

// Every pair of a term and a service counts, as the file has them: a term of three services three times.
std::vector<JudgedQuery> each_pair(const std::vector<JudgedQuery>& queries) {
  std::vector<JudgedQuery> out;
  for (const JudgedQuery& query : queries) out.insert(out.end(), query.relevant.size(), query);
  return out;
}

Measures say(const std::string& what, const Evaluation& result) {
  std::cout << what << ": " << result.all.queries << " queries, success@1 " << result.all.success_at_1 << " @3 "
            << result.all.success_at_3 << " @5 " << result.all.success_at_5 << ", MRR " << result.all.mrr
            << ", nDCG@10 " << result.all.ndcg_at_10 << ", not here " << result.not_in_node.size() << "\n";
  return result.all;
}

class RealWording : public ::testing::Test {
 protected:
  void need(std::initializer_list<std::string> files) {
    for (const std::string& file : files) {
      if (!std::filesystem::exists(file)) GTEST_SKIP() << "skipped: " << file << " is not beside this checkout";
    }
  }
  void import_munich() {
    store_.areas(testing::some_areas(), testing::some_postal_codes());
    const std::string folder = reference + "kataloge/muenchen-2026-06/";
    const auto done = import_dldb(store_.database(), FixedClock(testing::day()), folder + "services_de.json",
                                  folder + "locations_de.json", "muenchen", key("09162"), [](auto, auto, auto) {});
    ASSERT_TRUE(done.has_value()) << done.error().text();
  }
  Evaluation measured(const std::vector<JudgedQuery>& queries, const AreaKey& area, bool search_terms = true) {
    std::shared_ptr<const Snapshot> snapshot;
    std::optional<ServiceNames> names;
    store_.database().read([&](store::Connection& connection) {
      snapshot = Snapshot::build(connection, testing::day(), {.search_terms = search_terms});
      names.emplace(connection);
    });
    auto result = evaluate(*snapshot, *names, queries, area);
    EXPECT_TRUE(result.has_value());
    return result ? std::move(*result) : Evaluation{};
  }

  testing::FinderStore store_;
};

TEST_F(RealWording, TermsOfMunichFindTheirServices) {
  need({munich_terms, reference + "kataloge/muenchen-2026-06/services_de.json"});
  if (IsSkipped()) return;
  import_munich();
  const auto pairs = each_pair(read_file(munich_terms));
  EXPECT_EQ(pairs.size(), 702U);
  EXPECT_GE(say("terms of Munich", measured(pairs, key("09162"))).success_at_3, 0.98);
  EXPECT_GE(say("terms of Munich, not in the index", measured(pairs, key("09162"), false)).success_at_5, 0.60);
}

TEST_F(RealWording, TermsOfMunichWithATypoFindTheirServices) {
  need({munich_terms, reference + "kataloge/muenchen-2026-06/services_de.json"});
  if (IsSkipped()) return;
  import_munich();
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937 chance(seed);
    auto pairs = each_pair(read_file(munich_terms));
    for (JudgedQuery& pair : pairs) pair.query = testing::with_typo(pair.query, chance);
    EXPECT_GE(say("terms of Munich with a typo", measured(pairs, key("09162"))).success_at_3, 0.95) << "seed " << seed;
  }
}

TEST_F(RealWording, JudgedQueriesOfMunichAreAnswered) {
  need({munich_queries, reference + "kataloge/muenchen-2026-06/services_de.json"});
  if (IsSkipped()) return;
  import_munich();
  const Evaluation result = measured(read_file(munich_queries), key("09162"));
  EXPECT_EQ(result.all.queries, 15U);   // the catalogue is a selection
  EXPECT_EQ(result.not_in_node.size(), 9U);
  const Measures all = say("queries of Munich", result);
  EXPECT_GE(all.success_at_1, 0.80);
  EXPECT_GE(all.success_at_3, 0.95);
}

TEST_F(RealWording, MattersOfCologneFindTheirServicesByTitleAlone) {
  need({cologne_matters, cologne_services});
  if (IsSkipped()) return;
  store_.areas(testing::some_areas(), testing::some_postal_codes());
  std::size_t services = 0;
  std::string table = whole(cologne_services);
  const std::string_view lines = std::string_view(table).substr(table.find('\n') + 1);
  for (const std::string_view line : split(lines, '\n')) {
    const std::size_t first = line.find(','), last = line.rfind(',');
    if (first == std::string_view::npos || first == last) continue;
    const auto id = parse_external_id(ObjectKind::service, line.substr(0, first));
    ASSERT_TRUE(id.has_value()) << line;
    std::string title(line.substr(first + 1, last - first - 1));
    std::erase(title, '"');
    Service one = testing::service(*id, title);
    one.service_keys = {{"", "", std::string(trim(line.substr(last + 1))), ""}};
    store_.put(one);
    ++services;
  }
  EXPECT_EQ(services, 40U);
  const Evaluation result = measured(read_file(cologne_matters), AreaKey());
  for (const QueryOutcome& outcome : result.outcomes) {
    if (success_at(outcome.ranking, 1)) continue;
    std::cout << "  not first: " << outcome.query.query << " -> "
              << (outcome.answer.empty() ? "nothing" : outcome.answer.front().title) << "\n";
  }
  EXPECT_GE(say("matters of Cologne", result).success_at_3, 0.9);
}

TEST_F(RealWording, QueriesOfOurOwnOverBerlinFindTheirServicesByTitleAlone) {
  const std::string folder = reference + "kataloge/berlin-2016/";
  need({folder + "services_de.json"});
  if (IsSkipped()) return;
  const auto done = import_dldb(store_.database(), FixedClock(testing::day()), folder + "services_de.json",
                                folder + "locations_de.json", "L100108", key("11"), [](auto, auto, auto) {});
  ASSERT_TRUE(done.has_value()) << done.error().text();
  const auto queries = read_file(VERBUND_SOURCE_DIR "/src/directory/evaluation/testdata/queries-berlin.tsv");
  const Measures all = say("queries over Berlin", measured(queries, AreaKey()));
  EXPECT_GE(all.queries, 150U);
  EXPECT_GE(all.success_at_1, 0.75);
  EXPECT_GE(all.success_at_3, 0.85);
  const auto more = read_file(VERBUND_SOURCE_DIR "/src/directory/evaluation/testdata/queries-berlin-2.tsv");
  const Measures second = say("more queries over Berlin", measured(more, AreaKey()));
  EXPECT_GE(second.queries, 90U);
  EXPECT_GE(second.success_at_3, 0.75);
}

TEST_F(RealWording, QueriesOfOurOwnOverMunichFindTheirServices) {
  need({munich_terms, reference + "kataloge/muenchen-2026-06/services_de.json"});
  if (IsSkipped()) return;
  import_munich();
  const auto queries = read_file(VERBUND_SOURCE_DIR "/src/directory/evaluation/testdata/queries-munich.tsv");
  const Measures all = say("own queries over Munich", measured(queries, key("09162")));
  EXPECT_GE(all.queries, 100U);
  EXPECT_GE(all.success_at_1, 0.85);
  EXPECT_GE(all.success_at_3, 0.93);
  say("own queries over Munich, terms not in the index", measured(queries, key("09162"), false));
}

// The vocabulary is made from German, not from these files: no query of theirs stands in it as such. Single words that
// name a thing by its everyday name are let through where the words of the language leave no choice.
TEST_F(RealWording, NoQueryOfTheFilesStandsInTheVocabulary) {
  need({munich_terms, munich_queries, cologne_matters});
  if (IsSkipped()) return;
  std::set<std::string> queries, terms;
  const auto put = [](const std::string& path, std::set<std::string>& into) {
    for (const JudgedQuery& query : read_file(path)) into.insert(to_lower_ascii(query.query));
  };
  put(munich_queries, queries);
  put(cologne_matters, queries);
  put(munich_terms, terms);
  const std::set<std::string> words_of_the_language = {"perso", "führerschein", "auto"};
  std::size_t entries = 0;
  const std::string vocabulary = whole(VERBUND_SOURCE_DIR "/data/vocabulary/everyday.tsv");
  for (const std::string_view line : split(vocabulary, '\n')) {
    const std::size_t tab = line.find('\t');
    if (line.starts_with('#') || tab == std::string_view::npos) continue;
    ++entries;
    const std::string phrase = to_lower_ascii(trim(line.substr(0, tab)));
    EXPECT_FALSE(queries.contains(phrase)) << phrase;
    EXPECT_TRUE(!terms.contains(phrase) || words_of_the_language.contains(phrase)) << phrase;
    for (const std::string_view official : split(line.substr(tab + 1), ',')) {
      const std::string words = to_lower_ascii(trim(official));
      EXPECT_FALSE(queries.contains(words)) << words;
      // Official names of one word are facts.
      EXPECT_TRUE(!terms.contains(words) || words.find(' ') == std::string::npos) << words;
    }
  }
  EXPECT_GE(entries, 1500U);
}

}  // namespace
}  // namespace verbund::directory
