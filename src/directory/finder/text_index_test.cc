// SPDX-License-Identifier: EUPL-1.2
// The index alone, on documents that have nothing to do with the directory.
#include "directory/finder/text_index.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "directory/finder/query.h"
#include "directory/finder/vocabulary.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {
namespace {

constexpr std::size_t title = 0, body = 1;

TextIndexBuilder builder() {
  return TextIndexBuilder({{0.9F, 0.5F, 0.6F, true}, {0.2F, 2, 0.5F, false}},
                          [](std::string_view word) { return text::stem_german(word); }, words_never_parts());
}

TextIndex animals() {
  TextIndexBuilder index = builder();
  const char* titles[] = {"Schäferhund", "Hund", "Hundehütte", "Katze", "Hauskatze und Hund", "Hütte", "Schäfer",
                          "Haus"};
  for (std::uint32_t i = 0; i < std::size(titles); ++i) {
    index.add(i, title, text::words(titles[i]));
    for (const ShownWord& word : shown_words(titles[i])) index.know(word.folded, word.shown, true);
  }
  index.add(3, body, text::words("Eine Katze ist kein Hund. Sie jagt Mäuse."));
  index.learn();
  for (std::uint32_t i = 0; i < std::size(titles); ++i) index.phrase(i, text::words(titles[i]), 1);
  return index.finish(static_cast<std::uint32_t>(std::size(titles)));
}

std::vector<std::uint32_t> found(const TextIndex& index, std::string_view query, bool typing = false) {
  std::vector<QueryWord> words;
  for (std::string& word : text::words(query)) words.push_back({std::move(word), 1, false});
  if (typing && !words.empty()) words.back().prefix = true;
  std::vector<TextMatch> matches = index.search(words).matches;
  std::sort(matches.begin(), matches.end(), [](const TextMatch& a, const TextMatch& b) {
    return std::pair(-a.score - a.exact, a.document) < std::pair(-b.score - b.exact, b.document);
  });
  std::vector<std::uint32_t> out;
  for (const TextMatch& match : matches) out.push_back(match.document);
  return out;
}

using Documents = std::vector<std::uint32_t>;

TEST(TextIndex, PutsTheTitleBeforeThePartBeforeTheText) {
  EXPECT_EQ(found(animals(), "Hund"), (Documents{1, 4, 0, 2, 3}));
}

TEST(TextIndex, CompletesOnlyTheWordBeingTyped) {
  EXPECT_EQ(found(animals(), "Mau", true), (Documents{3}));
  EXPECT_TRUE(found(animals(), "Mau").empty());
}

TEST(TextIndex, JoinsWordsThatBelongTogetherAndSplitsCompounds) {
  EXPECT_EQ(found(animals(), "Hunde Hütte").front(), 2U);
  EXPECT_EQ(found(animals(), "Katzenhaus"), (Documents{4})) << "unknown compound: only where both parts stand";
}

TEST(TextIndex, CorrectsToStrongWordsOnly) {
  const TextIndex index = animals();
  const std::vector<QueryWord> wrong{{"schaferhnud", 1, false}};
  const TextAnswer answer = index.search(wrong);
  ASSERT_EQ(answer.corrections.size(), 1U);
  EXPECT_EQ(answer.corrections[0].second, "Schäferhund");
  EXPECT_FALSE(answer.matches.empty());
  const std::vector<QueryWord> weak{{"mausw", 1, false}};
  EXPECT_TRUE(index.search(weak).corrections.empty()) << "Mäuse stands in a text only";
}

TEST(TextIndex, CoverageOfAllWordsBeatsOneRareWord) {
  EXPECT_EQ(found(animals(), "Hauskatze Hund").front(), 4U);
}

TEST(TextIndex, EmptyIndexAndEmptyQueryFindNothing) {
  TextIndexBuilder empty = builder();
  const TextIndex index = empty.finish(0);
  EXPECT_TRUE(found(index, "Hund").empty());
  EXPECT_TRUE(found(animals(), "").empty());
}

TEST(Dictionary, LearnsPartsOfCompoundsFromItsOwnWords) {
  const TextIndex index = animals();
  const Dictionary& words = index.dictionary();
  const auto parts = [&](std::string_view word) {
    std::size_t leaves = 0;
    for (const Dictionary::Part& part : words.parts(word)) leaves += part.leaf ? 1 : 0;
    return leaves;
  };
  EXPECT_EQ(parts("schaferhund"), 2U);
  EXPECT_EQ(parts("hundehutte"), 2U);
  EXPECT_EQ(parts("hund"), 0U);
  EXPECT_EQ(parts("hauskatzenhutte"), 3U) << "not in the dictionary itself";
  EXPECT_EQ(parts("hundexyz"), 0U);
}

TEST(Query, DropsWhatOnlyMakesASentence) {
  const auto words = [](std::string_view typed) {
    std::string out;
    for (const QueryWord& word : understand(typed, {"norderstedt"}).words) out += (out.empty() ? "" : " ") + word.text;
    return out;
  };
  EXPECT_EQ(words("wo melde ich meinen Hund an"), "melde hund");
  EXPECT_EQ(words("Was brauche ich für das Führungszeugnis?"), "fuhrungszeugnis");
  EXPECT_EQ(words("Reisepass in Norderstedt"), "reisepass");
  EXPECT_EQ(words("Norderstedt"), "norderstedt") << "nothing else is left";
  EXPECT_EQ(words("wo ist das"), "wo ist das");
  EXPECT_EQ(words(""), "");
}

TEST(Query, TheLastWordIsBeingTypedUnlessSomethingFollows) {
  EXPECT_TRUE(understand("Perso", {}).words.back().prefix);
  EXPECT_FALSE(understand("Perso ", {}).words.back().prefix);
  EXPECT_FALSE(understand("Perso?", {}).words.back().prefix);
  const Query two = understand("neuer Perso", {});
  EXPECT_FALSE(two.words.front().prefix);
}

TEST(Query, ReadsKeysWithSpacesAndCutsForeignBytes) {
  EXPECT_EQ(understand("99 115 005 104 001", {}).digits, "99115005104001");
  EXPECT_EQ(understand("99115 x", {}).digits, "");
  EXPECT_EQ(readable("a\xff" "b\xC3\xBC\n"), "a b\xC3\xBC ");
  EXPECT_EQ(readable("\xE2\x82"), "  ");
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
