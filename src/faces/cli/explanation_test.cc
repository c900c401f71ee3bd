// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/finder/finder_test_support.h"
#include "faces/api/api.h"

namespace verbund::cli {
namespace {

using directory::AreaKey;
using directory::HitExplanation;
using directory::SearchAnswer;
using directory::UnderstoodWord;
using directory::testing::key;
using ::testing::HasSubstr;
using ::testing::Not;
using How = UnderstoodWord::How;

class Explanation : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    store_ = new directory::testing::FinderStore();
    directory::testing::put_test_services(*store_);
    snapshot_ = store_->snapshot();
  }
  static void TearDownTestSuite() {
    snapshot_.reset();
    delete store_;
    store_ = nullptr;
  }
  static std::string first(const std::string& query, const AreaKey& area = key("010600063063")) {
    const auto why = snapshot_->explain({query, area, 1, 0});
    return why.empty() ? std::string() : explanation_text(why[0]);
  }

  static inline directory::testing::FinderStore* store_ = nullptr;
  static inline std::shared_ptr<const directory::Snapshot> snapshot_;
};

TEST_F(Explanation, SaysForEachWordWhatItMet) {
  struct Row {
    const char *query, *expected;
  };
  for (const Row& row : {Row{"Hundesteuer ", "„Hundesteuer“  im Titel"},
                         Row{"Hundesteuerr ", "Tippfehler, gemeint ist „Hundesteuer“"},
                         Row{"Gewerbea", "Anfang von „"},
                         Row{"Papier tonne ", "zusammen geschrieben: „Papiertonne“"},
                         Row{"Hundesteueranmeldung ", "Zusammensetzung aus „"},
                         Row{"Perso ", "im Titel, als „Personalausweis“: wiegt"},
                         Row{"Hochzeit ", "Alltagswort für"},
                         Row{"Wohnsitz angemeldet ", "als „anmelden“"},
                         Row{"Hundesteuer Qwrtz ", "„Qwrtz“        kommt hier nicht vor bei "}}) {
    EXPECT_THAT(first(row.query), HasSubstr(row.expected)) << row.query;
  }
}

TEST_F(Explanation, SaysWhatThePlaceDoes) {
  EXPECT_THAT(first("Hundesteuer "), HasSubstr("hier angeboten\n"));
  EXPECT_THAT(first("Hundesteuer ", AreaKey()), HasSubstr("ohne Ort gesucht\n"));
  EXPECT_THAT(first("Hundesteuer ", key("06412")), HasSubstr("nur an anderen Orten angeboten"));
}

TEST_F(Explanation, NamesTheWholePhraseOnlyWhereTheQueryIsOne) {
  EXPECT_THAT(first("Hundesteuer Hund anmelden "), HasSubstr("weil die ganze Anfrage das meint"));
  EXPECT_THAT(first("Hundesteuer Qwrtz "), Not(HasSubstr("weil die ganze Anfrage das meint")));
}

TEST_F(Explanation, TheSumIsTheScoreButForRounding) {
  for (const auto& row : directory::testing::rows("queries.tsv")) {
    for (const HitExplanation& why : snapshot_->explain({row[0], key("010600063063"), 10, 0})) {
      if (why.outside) continue;
      const double sum = why.text + why.phrase + why.identified - why.place_cut + why.online_bonus;
      EXPECT_NEAR(sum, why.score, 64.0 / 16384) << row[0];
    }
  }
}

TEST_F(Explanation, IsADocumentWithEveryPart) {
  const auto why = snapshot_->explain({"Perso verloren Qwrtz ", key("010600063063"), 1, 0});
  ASSERT_EQ(why.size(), 1U);
  const Json document = explanation_document(why[0]);
  ASSERT_EQ(document["words"].if_array()->size(), 3U);
  const Json& last = document["words"].if_array()->back();
  EXPECT_EQ(last.text_or("typed"), "Qwrtz");
  EXPECT_EQ(last.text_or("how"), "unknown");
  EXPECT_EQ(document.text_or("offered"), "here");
  for (const char* part : {"coverage", "text", "phrase", "identified", "place_cut", "online_bonus", "score"}) {
    EXPECT_NE(document[part].if_double(), nullptr) << part;
  }
}

TEST_F(Explanation, SaysWhatWasUnderstoodOfAQueryThatFoundNothing) {
  SearchAnswer answer;
  answer.words = {{"Xyzzyq", How::unknown, "", {}},
                  {"Hundxx", How::unknown, "", {"Hund", "Hundesteuer"}},
                  {"Hundesteuerxyz", How::piece, "Hundesteuer", {}},
                  {"Ausweiß", How::corrected, "Ausweis", {}}};
  EXPECT_EQ(understood_text(answer),
            "   „Xyzzyq“: unbekannt\n   „Hundxx“: unbekannt; ähnlich: Hund, Hundesteuer\n"
            "   „Hundesteuerxyz“: nur „Hundesteuer“ ist bekannt\n   „Ausweiß“: verstanden als „Ausweis“\n");
  EXPECT_EQ(understood_text({}), "");
}

}  // namespace
}  // namespace verbund::cli
