// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/query.h"

#include <gtest/gtest.h>

#include "directory/finder/acts.h"
#include "directory/finder/vocabulary.h"

namespace verbund::directory::finder {
namespace {

const std::string_view norderstedt[] = {"norderstedt"};

std::string words(std::string_view typed) {
  Query query;
  query.read(typed, norderstedt);
  std::string out;
  for (const search::QueryWord& word : query.words()) out += (out.empty() ? "" : " ") + std::string(word.text);
  return out;
}

TEST(Query, DropsWhatOnlyMakesASentence) {
  EXPECT_EQ(words("wo melde ich meinen Hund an"), "melde hund");
  EXPECT_EQ(words("Was brauche ich für das Führungszeugnis?"), "fuhrungszeugnis");
  EXPECT_EQ(words("Reisepass in Norderstedt"), "reisepass");
  EXPECT_EQ(words("Norderstedt"), "norderstedt") << "nothing else is left";
  EXPECT_EQ(words("wo ist das"), "wo ist das");
  EXPECT_EQ(words(""), "");
}

TEST(Query, TheLastWordIsBeingTypedUnlessSomethingFollows) {
  const auto prefixes = [](std::string_view typed) {
    Query query;
    query.read(typed, {});
    std::string out;
    for (const search::QueryWord& word : query.words()) out += word.prefix ? '1' : '0';
    return out;
  };
  EXPECT_EQ(prefixes("Perso"), "1");
  EXPECT_EQ(prefixes("Perso "), "0");
  EXPECT_EQ(prefixes("Perso?"), "0");
  EXPECT_EQ(prefixes("neuer Perso"), "01");
  EXPECT_EQ(prefixes("Perso für"), "0") << "the word that goes on is left out";
}

TEST(Query, ReadsKeysWithSpacesAndCutsForeignBytes) {
  Query query;
  query.read("99 115 005 104 001", {});
  EXPECT_EQ(query.digits(), "99115005104001");
  query.read("99115 x", {});
  EXPECT_EQ(query.digits(), "");
  std::string out;
  make_readable("a\xff" "b\xC3\xBC\n", out);
  EXPECT_EQ(out, "a b\xC3\xBC ");
  make_readable("\xE2\x82", out);
  EXPECT_EQ(out, "  ");
}

TEST(Query, KeepsWordsAsTypedForShowing) {
  Query query;
  query.read("mein Führungs-Zeugnis (neu)", {});
  ASSERT_EQ(query.words().size(), 3U);
  EXPECT_EQ(query.typed(0), "Führungs");
  EXPECT_EQ(query.typed(1), "Zeugnis");
  EXPECT_EQ(query.folded(), "mein fuhrungs zeugnis neu");
  query.drop(0);
  EXPECT_EQ(query.typed(0), "Zeugnis");
}

TEST(Query, ReadsSixteenWordsOfContentHoweverManyFillTheSentence) {
  std::string sentence = "ich und du und er und sie ";
  for (char c = 'a'; c < 'a' + 20; ++c) sentence += std::string(3, c) + " ";
  Query query;
  query.read(sentence, {});
  EXPECT_EQ(query.words().size(), query_words_read);
  EXPECT_EQ(query.words()[0].text, "aaa");
}

TEST(Query, JoinsAPrefixAtTheEndToItsVerb) {
  const search::Form forms[] = {{"anmelden", {}, 1, true}, {"hund", {}, 1, true}, {"ummelden", {}, 1, true}};
  const search::Dictionary dictionary({std::begin(forms), std::end(forms)}, [](std::string_view word) { return acts().stem_view(word); }, {});
  const auto joined = [&](std::string_view typed) {
    Query query;
    query.read(typed, norderstedt);
    query.join_verbs(dictionary);
    std::string out;
    for (const search::QueryWord& word : query.words()) {
      out += (out.empty() ? "" : " ") + std::string(word.text);
      if (!word.also.empty()) out += "(" + std::string(word.also) + ")";
    }
    return out;
  };
  EXPECT_EQ(joined("wo melde ich meinen Hund an"), "anmelden(melde) hund");
  EXPECT_EQ(joined("wo melde ich meinen Hund an?"), "anmelden(melde) hund");
  EXPECT_EQ(joined("wie melde ich mich um in Norderstedt"), "ummelden(melde)");
  EXPECT_EQ(joined("melde ich das an einer Stelle"), "melde stelle") << "a preposition";
  EXPECT_EQ(joined("wo melde ich das aus"), "melde") << "no such verb";
  EXPECT_EQ(joined("an"), "an");
}

TEST(Vocabulary, TheListInsideTheProgramIsReadWhole) {
  EXPECT_GE(everyday_vocabulary().size(), 250U);
  for (const EverydayWord& entry : everyday_vocabulary()) {
    EXPECT_FALSE(text::words(entry.phrase).empty()) << entry.phrase;
    for (const std::string& official : entry.official) EXPECT_FALSE(text::words(official).empty()) << entry.phrase;
  }
}

TEST(Vocabulary, SaysWhichLineIsWrong) {
  const struct { const char* text; const char* where; const char* what; } cases[] = {
      {"# x\nPerso Personalausweis\n", "line 2", "tab"},
      {"Perso\tPersonalausweis, \n", "line 1", "empty"},
      {"\tx\n", "line 1", ""},
      {"Perso\tA\nperso\tB\n", "line 2", "twice"},
  };
  for (const auto& one : cases) {
    const auto read = read_vocabulary(one.text);
    ASSERT_FALSE(read.has_value()) << one.text;
    EXPECT_EQ(read.error().where, one.where) << one.text;
    EXPECT_NE(read.error().message.find(one.what), std::string::npos) << read.error().message;
  }
  EXPECT_EQ(read_vocabulary("# nothing\n\nPerso\tPersonalausweis, Ausweis\r\n")->at(0).official.size(), 2U);
}

}  // namespace
}  // namespace verbund::directory::finder
