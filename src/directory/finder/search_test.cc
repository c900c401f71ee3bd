// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>

#include "directory/finder/finder_test_support.h"
#include "directory/finder/vocabulary.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;

class Search : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    store_ = new testing::FinderStore();
    testing::put_test_services(*store_);
    snapshot_ = store_->snapshot();
  }
  static void TearDownTestSuite() {
    snapshot_.reset();
    delete store_;
    store_ = nullptr;
  }
  static std::string ids(const SearchAnswer& answer) {
    std::string out;
    for (const Hit& hit : answer.hits) out += " " + name(hit);
    return out;
  }
  static std::string name(const Hit& hit) {
    const ObjectId id = ObjectId(snapshot_->service_of(hit).id);
    return id.agency + "." + id.local;
  }
  static AreaKey norderstedt() { return key("010600063063"); }
  static SearchAnswer search(std::string_view query, AreaKey area, std::size_t limit = 10, std::size_t offset = 0) {
    return snapshot_->search({query, std::move(area), limit, offset});
  }

  static inline testing::FinderStore* store_ = nullptr;
  static inline std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(Search, PutsTheRightServiceFirstForEveryQueryOfTheList) {
  const auto list = testing::rows("queries.tsv");
  ASSERT_GE(list.size(), 80U);
  for (const auto& row : list) {
    ASSERT_EQ(row.size(), 3U) << row[0];
    const SearchAnswer answer = search(row[0], row[1] == "N" ? norderstedt() : key("09162"));
    ASSERT_FALSE(answer.hits.empty()) << row[0];
    EXPECT_EQ(name(answer.hits.front()), row[2]) << "for \"" << row[0] << "\":" << ids(answer);
  }
}

TEST_F(Search, ScoresFallAndNothingComesTwice) {
  for (const auto& row : testing::rows("queries.tsv")) {
    const SearchAnswer answer = search(row[0], norderstedt(), 100);
    std::vector<std::uint32_t> seen;
    for (std::size_t i = 0; i < answer.hits.size(); ++i) {
      if (i > 0) {
        EXPECT_LE(answer.hits[i].score, answer.hits[i - 1].score) << row[0];
      }
      seen.push_back(answer.hits[i].service);
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end()) << row[0];
    EXPECT_EQ(answer.total, answer.hits.size()) << row[0];
  }
}

TEST_F(Search, PagesThroughTheSameOrder) {
  const SearchAnswer whole = search("anmelden", norderstedt(), 100);
  ASSERT_GT(whole.hits.size(), 4U);
  // Page one holds enough local hits, so services of other places stay out of the count of a small page.
  const SearchAnswer first = search("anmelden", norderstedt(), 2, 0), second = search("anmelden", norderstedt(), 2, 2);
  EXPECT_EQ(first.hits[0].service, whole.hits[0].service);
  EXPECT_EQ(second.hits[0].service, whole.hits[2].service);
  EXPECT_EQ(second.hits[1].service, whole.hits[3].service);
}

TEST_F(Search, KeepsAnotherCitysServiceBehindEveryLocalOne) {
  const SearchAnswer answer = search("Personalausweis", norderstedt());
  bool other = false;
  for (const Hit& hit : answer.hits) {
    if (snapshot_->service_of(hit).id.agency == "M") other = true;
    if (other) {
      EXPECT_FALSE(hit.offered_here) << name(hit);
    }
  }
  EXPECT_TRUE(other) << "shown while there is room";
  const SearchAnswer full = search("Personalausweis", norderstedt(), 1);
  for (std::size_t offset = 0; offset < full.total; ++offset) {
    const SearchAnswer one = search("Personalausweis", norderstedt(), 1, offset);
    EXPECT_NE(snapshot_->service_of(one.hits.at(0)).id.agency, "M");
  }
}

TEST_F(Search, ShowsAnotherCitysServiceWhenThereIsNothingElse) {
  const SearchAnswer answer = search("Oktoberfest", norderstedt());
  ASSERT_EQ(answer.hits.size(), 1U);
  EXPECT_EQ(name(answer.hits[0]), "M.oktoberfest");
  EXPECT_FALSE(answer.hits[0].offered_here);
  EXPECT_FALSE(snapshot_->authority_of(answer.hits[0], answer.place).has_value());
}

TEST_F(Search, LeavesOutWhatOtherPlacesOfferIfAsked) {
  EXPECT_TRUE(snapshot_->search({"Oktoberfest", norderstedt(), 10, 0, false}).hits.empty());
  for (const auto& row : testing::rows("queries.tsv")) {
    const SearchAnswer all = search(row[0], norderstedt());
    const SearchAnswer here = snapshot_->search({row[0], norderstedt(), 10, 0, false});
    EXPECT_LE(here.total, all.total);
    ASSERT_LE(here.hits.size(), all.hits.size());
    for (std::size_t i = 0; i < here.hits.size(); ++i) {
      EXPECT_EQ(here.hits[i].service, all.hits[i].service) << row[0];
      EXPECT_EQ(here.hits[i].score, all.hits[i].score) << row[0];
    }
    for (std::size_t i = here.hits.size(); i < all.hits.size(); ++i) EXPECT_FALSE(all.hits[i].offered_here) << row[0];
  }
}

TEST_F(Search, OffersTheNearestWhereAWordIsKnownFromTheVocabularyOnly) {
  std::string found;   // no service here is called so, nor what it stands for, but parts of it are known
  for (const finder::EverydayWord& entry : finder::everyday_vocabulary()) {
    const SearchAnswer answer = search(entry.phrase + " ", norderstedt());
    EXPECT_TRUE(answer.hits.empty() || answer.nearest.empty()) << entry.phrase;
    if (!answer.nearest.empty()) found += entry.phrase + "; ";
  }
  EXPECT_NE(found, "");
  RecordProperty("nearest", found);
}

TEST_F(Search, NamesTheAuthorityAtThePlace) {
  const SearchAnswer local = search("Personalausweis", norderstedt());
  const auto office = snapshot_->authority_of(local.hits.at(0), local.place);
  ASSERT_TRUE(office.has_value());
  EXPECT_EQ(office->name, "Behörde 010600063063");
  EXPECT_EQ(office->area, norderstedt());
  EXPECT_EQ(office->role, "01");
  EXPECT_TRUE(local.hits[0].offered_here);
  const SearchAnswer inherited = search("Kindergeld", norderstedt());
  EXPECT_EQ(snapshot_->authority_of(inherited.hits.at(0), inherited.place)->area, AreaKey()) << "the federation's, inherited";
}

TEST_F(Search, FindsWithoutAPlaceInAllOfGermany) {
  const SearchAnswer answer = search("Personalausweis", AreaKey());
  EXPECT_NE(ids(answer).find("N.personalausweis"), std::string::npos);
  EXPECT_NE(ids(answer).find("M.personalausweis"), std::string::npos);
}

TEST_F(Search, FollowsThePlaceThatJoinedAnother) {
  EXPECT_EQ(name(search("Hundesteuer", key("010600099099")).hits.at(0)), "N.hundesteuer");
}

TEST_F(Search, TellsWhatItUnderstoodOnlyWhenLettersChanged) {
  EXPECT_EQ(search("fürungszeugnis", norderstedt()).corrected, "Führungszeugnis");
  EXPECT_EQ(search("mein Persnalausweis", norderstedt()).corrected, "Personalausweis");
  EXPECT_EQ(search("Führungszeugnis", norderstedt()).corrected, "");
  EXPECT_EQ(search("fuehrungszeugnis", norderstedt()).corrected, "");
  EXPECT_EQ(search("Hundest", norderstedt()).corrected, "");
}

TEST_F(Search, TellsWhatEveryWordWasTakenFor) {
  using How = UnderstoodWord::How;
  const SearchAnswer answer = search("mein Persnalausweis beantragen Qwrtz ", norderstedt());
  ASSERT_EQ(answer.words.size(), 3U);
  EXPECT_EQ(answer.words[0].typed, "Persnalausweis");
  EXPECT_EQ(answer.words[0].how, How::corrected);
  EXPECT_EQ(answer.words[0].as, "Personalausweis");
  EXPECT_EQ(answer.words[1].how, How::known);
  EXPECT_EQ(answer.words[2].how, How::unknown);
  EXPECT_TRUE(answer.nearest.empty()) << "there are hits";
}

TEST_F(Search, FindsByWhatIsKnownOfAWordAndSaysSo) {
  const SearchAnswer answer = search("Hundesteuerxyzzyq ", norderstedt());
  ASSERT_FALSE(answer.hits.empty());
  EXPECT_EQ(name(answer.hits[0]), "N.hundesteuer");
  ASSERT_EQ(answer.words.size(), 1U);
  EXPECT_EQ(answer.words[0].how, UnderstoodWord::How::piece);
  EXPECT_TRUE(search("xyzzyq", norderstedt()).hits.empty());
  EXPECT_TRUE(search("xyzzyq", norderstedt()).nearest.empty());
}

TEST_F(Search, ExplainsEveryHitWithTheScoreItHas) {
  for (const auto& row : testing::rows("queries.tsv")) {
    const SearchAnswer answer = search(row[0], norderstedt());
    const auto why = snapshot_->explain({row[0], norderstedt(), 10, 0});
    ASSERT_EQ(why.size(), answer.hits.size()) << row[0];
    for (std::size_t i = 0; i < why.size(); ++i) {
      EXPECT_EQ(why[i].service.id, ObjectId(snapshot_->service_of(answer.hits[i]).id)) << row[0];
      if (!why[i].outside) {
        EXPECT_DOUBLE_EQ(why[i].score, answer.hits[i].score) << row[0] << " hit " << i;
      }
    }
  }
  const auto why = snapshot_->explain({"Hundesteuer", norderstedt(), 1, 0});
  ASSERT_EQ(why.at(0).words.size(), 1U);
  EXPECT_EQ(why[0].words[0].as, "Hundesteuer");
  EXPECT_NE(why[0].words[0].field.find("title"), std::string::npos) << why[0].words[0].field;
  EXPECT_GT(why[0].words[0].impact, 0.3);
}

TEST_F(Search, AnswersHostileQueries) {
  std::string marks, right_to_left, words;
  for (int i = 0; i < 1000; ++i) {
    marks += "\xCC\x81";
    right_to_left += "\xE2\x80\xAE\xD7\xA9\xD7\x9C ";
  }
  for (int i = 0; i < 10'000; ++i) words += "w" + std::to_string(i) + " ";
  const std::string hostile[] = {std::string(10'000'000, 'a'), marks, right_to_left, words, std::string(65'536, 'x'),
                                 std::string("Hund\0esteuer", 12), std::string(100, '\0'), "\xED\xA0\x80",
                                 "a\xCC\x81\xCC\x81\xCC\x81", std::string(200, '.'), std::string(40, '9')};
  for (const std::string& query : hostile) {
    const SearchAnswer answer = search(query, norderstedt());
    EXPECT_LE(answer.hits.size(), 10U);
    snapshot_->suggest(query, norderstedt(), 5);
    snapshot_->explain({query, norderstedt(), 5, 0});
  }
}

TEST_F(Search, AnswersNonsenseWithNothing) {
  for (const char* query : {"", " ", "???", "xyzzyq", "\xff\xfe", "12345678901234567890", "\n\t"}) {
    const SearchAnswer answer = search(query, norderstedt());
    EXPECT_TRUE(answer.hits.empty()) << query << ids(answer);
    EXPECT_EQ(answer.total, 0U);
    EXPECT_TRUE(snapshot_->suggest(query, norderstedt(), 5).empty()) << query;
  }
}

TEST_F(Search, GivesNothingForAServiceThatOnlySharesGeneralWords) {
  const SearchAnswer answer = search("Hundesteuer", norderstedt());
  EXPECT_EQ(ids(answer).find("personalausweis"), std::string::npos) << ids(answer);
  EXPECT_EQ(ids(answer).find("kindergeld"), std::string::npos) << ids(answer);
}

TEST_F(Search, GivesTheSameAnswerAgainAndFromAnotherSnapshot) {
  const auto again = store_->snapshot();
  for (const auto& row : testing::rows("queries.tsv")) {
    const SearchAnswer one = search(row[0], norderstedt()), two = again->search({row[0], norderstedt(), 10, 0});
    std::string second;
    for (const Hit& hit : two.hits) {
      const ObjectId id = ObjectId(again->service_of(hit).id);
      second += " " + id.agency + "." + id.local;
    }
    EXPECT_EQ(ids(one), second) << row[0];
  }
}

TEST_F(Search, SuggestsWholeServicesAsOneTypes) {
  const auto titles = [&](std::string_view typed, const AreaKey& area) {
    std::vector<std::string> out;
    for (const ServiceBrief& brief : snapshot_->suggest(typed, area, 5)) out.push_back(brief.title);
    return out;
  };
  EXPECT_EQ(titles("Hun", norderstedt()).at(0), "Hundesteuer: Hund anmelden");
  EXPECT_EQ(titles("gewerbe ab", norderstedt()).at(0), "Gewerbe abmelden");
  EXPECT_EQ(titles("Wohns", norderstedt()).at(0).substr(0, 8), "Wohnsitz");
  EXPECT_LE(titles("a", norderstedt()).size(), 5U);
  for (const std::string& title : titles("Personal", norderstedt())) EXPECT_NE(title, "Personalausweis") << "Munich's";
  const auto everywhere = titles("Wohnsitz anm", AreaKey());
  EXPECT_EQ(std::count(everywhere.begin(), everywhere.end(), "Wohnsitz anmelden oder ummelden"), 1)
      << "two cities have it";
}

TEST_F(Search, ReadsNoMoreThanItsLimit) {
  const std::string endless(100'000, 'a');
  EXPECT_TRUE(search(endless, norderstedt()).hits.empty());
  std::string words = "Hundesteuer ";
  for (int i = 0; i < 5000; ++i) words += "Personalausweis ";
  EXPECT_FALSE(search(words, norderstedt()).hits.empty());
}

}  // namespace
}  // namespace verbund::directory
