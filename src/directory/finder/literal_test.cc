// SPDX-License-Identifier: EUPL-1.2
// What people write is what a service is called, and the everyday vocabulary says it of another one.
#include <algorithm>
#include <set>

#include "directory/finder/acts.h"
#include "directory/finder/finder_test_support.h"
#include "directory/finder/query.h"
#include "directory/finder/vocabulary.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;

// Words of content by their stems, in any order.
std::vector<std::string> stems(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string& word : text::words(text)) {
    if (!finder::makes_sentences(word)) out.push_back(finder::acts().stem(word));
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST(LiteralTitle, ComesBeforeWhatTheVocabularySaysOfOthers) {
  testing::FinderStore store;
  const AreaKey place = key("010600063063");
  store.areas(testing::some_areas(), testing::some_postal_codes());
  std::vector<std::string> phrases;
  store.write([&](ObjectStore& objects, AreaStore&) {
    const OrganisationalUnit office = testing::unit(oid("A", "1"), "Amt");
    objects.put(office, "test", testing::day());
    std::set<std::vector<std::string>> titles;
    const auto add = [&](const std::string& title) {
      if (stems(title).empty() || !titles.insert(stems(title)).second) return false;
      const Service one = testing::service(oid("N", "s" + std::to_string(titles.size())), title);
      objects.put(one, "test", testing::day());
      objects.put(testing::responsibility(oid("N", one.id.local), office.id, one.id, {place}), "test", testing::day());
      return true;
    };
    for (const finder::EverydayWord& entry : finder::everyday_vocabulary()) {
      for (const std::string& official : entry.official) add(official);
    }
    for (const finder::EverydayWord& entry : finder::everyday_vocabulary()) {
      if (add(entry.phrase)) phrases.push_back(entry.phrase);
    }
  });
  ASSERT_GT(phrases.size(), 500U);
  const auto snapshot = store.snapshot();
  std::size_t wrong = 0;
  for (const std::string& phrase : phrases) {
    const SearchAnswer answer = snapshot->search({phrase, place});
    ASSERT_FALSE(answer.hits.empty()) << phrase;
    if (stems(snapshot->service_of(answer.hits.front()).title) == stems(phrase)) continue;
    // Or it is the title of the first one in other words of the same act ("läuft ab", "abgelaufen").
    constexpr double least_of_titles = 1.4;
    if (snapshot->explain({phrase, place, 1}).at(0).phrase >= least_of_titles) continue;
    ++wrong;
    std::string shown;
    for (const HitExplanation& why : snapshot->explain({phrase, place, 3})) {
      shown += "\n  " + why.service.title + ": text " + std::to_string(why.text) + ", phrase " +
               std::to_string(why.phrase) + ", score " + std::to_string(why.score);
    }
    ADD_FAILURE() << "\"" << phrase << "\" finds others first:" << shown;
    if (wrong > 40) break;
  }
}

}  // namespace
}  // namespace verbund::directory
