// SPDX-License-Identifier: EUPL-1.2
// The index on documents that have nothing to do with the rest of the program.
#include <gtest/gtest.h>

#include <algorithm>

#include "kits/search/index_builder.h"
#include "kits/search/searcher.h"
#include "kits/text/text.h"

namespace verbund::search {
namespace {

constexpr std::size_t title = 0, body = 1;

std::shared_ptr<const Rules> rules() {
  auto out = std::make_shared<Rules>();
  out->fields = {{0.9F, 0.5F, 0.6F, true}, {0.2F, 2, 0.5F, false}, {0.8F, 0.5F, 0, true}};
  out->kinds = {{1.0F, 0.85F, 2, 2, true, 2, 2}};
  out->synonyms = {{{{"wuffi", "Wuffi"}}, {{"hund"}}}};
  out->not_parts = {"unter"};
  out->stemmer = text::stem_german_view;
  return out;
}

void add_title(Draft& draft, std::string_view shown) {
  text::WordList words;
  words.read(shown);
  std::vector<Draft::Word> phrase;
  for (std::size_t i = 0; i < words.size(); ++i) phrase.push_back({words[i], words.source(i, shown)});
  draft.add_phrase(0, title, phrase);
}

void add_body(Draft& draft, std::string_view shown) {
  for (const std::string& word : text::words(shown)) draft.add(body, word);
}

TextIndex animals() {
  IndexBuilder builder(rules());
  const char* titles[] = {"Schäferhund", "Hund", "Hundehütte", "Katze", "Hauskatze und Hund", "Hütte", "Schäfer",
                          "Haus"};
  for (std::uint32_t i = 0; i < std::size(titles); ++i) {
    Draft draft;
    add_title(draft, titles[i]);
    if (i == 3) add_body(draft, "Eine Katze ist kein Hund. Sie jagt Mäuse.");
    builder.add(i, draft);
  }
  return builder.finish(static_cast<std::uint32_t>(std::size(titles)));
}

Answer ask(const TextIndex& index, std::string_view query, bool typing = false, bool relax = false) {
  static Scratch scratch;
  const std::vector<std::string> texts = text::words(query);
  std::vector<QueryWord> words;
  for (const std::string& word : texts) words.push_back({word, 256, false, {}});
  if (typing && !words.empty()) words.back().prefix = true;
  Query request;
  request.words = words;
  request.far = 0;
  request.relax = relax;
  Answer answer;
  search(index, nullptr, request, scratch, answer);
  return answer;
}

using Numbers = std::vector<std::uint32_t>;

Numbers found(const TextIndex& index, std::string_view query, bool typing = false) {
  Numbers out;
  for (const Match& match : ask(index, query, typing).matches) out.push_back(match.document);
  return out;
}

TEST(Search, PutsTheTitleBeforeThePartBeforeTheText) {
  EXPECT_EQ(found(animals(), "Hund"), (Numbers{1, 4, 0, 2, 3}));
}

TEST(Search, CompletesOnlyTheWordBeingTyped) {
  EXPECT_EQ(found(animals(), "Mau", true), (Numbers{3}));
  EXPECT_TRUE(found(animals(), "Mau").empty());
}

TEST(Search, JoinsWordsThatBelongTogetherAndSplitsCompounds) {
  EXPECT_EQ(found(animals(), "Hunde Hütte").front(), 2U);
  EXPECT_EQ(found(animals(), "Katzenhaus"), (Numbers{4})) << "unknown compound: only where both parts stand";
}

TEST(Search, CorrectsToStrongWordsOnly) {
  const TextIndex index = animals();
  const Answer answer = ask(index, "schaferhnud");
  ASSERT_EQ(answer.words.size(), 1U);
  EXPECT_EQ(answer.words[0].how, Taken::corrected);
  EXPECT_EQ(answer.words[0].as, "Schäferhund");
  EXPECT_FALSE(answer.matches.empty());
  EXPECT_EQ(ask(index, "mausw").words[0].how, Taken::piece) << "Mäuse stands in a text only";
}

TEST(Search, SurvivesALetterWrongWhileTyping) {
  EXPECT_EQ(found(animals(), "schäfrh", true), (Numbers{0}));
  EXPECT_EQ(ask(animals(), "schäfrh", true).words[0].how, Taken::corrected_beginning);
}

TEST(Search, CoverageOfAllWordsBeatsOneRareWord) {
  EXPECT_EQ(found(animals(), "Hauskatze Hund").front(), 4U);
}

TEST(Search, FindsBySynonym) {
  const Numbers all = found(animals(), "Wuffi");
  ASSERT_EQ(all.size(), 4U) << "all titles with a dog in them";
  EXPECT_EQ(all.front(), 1U) << "the title that is the dog";
}

TEST(Search, EmptyIndexAndEmptyQueryFindNothing) {
  IndexBuilder empty(rules());
  const TextIndex index = empty.finish(0);
  EXPECT_TRUE(found(index, "Hund").empty());
  EXPECT_TRUE(found(index, "Hund", true).empty());
  EXPECT_TRUE(found(animals(), "").empty());
  EXPECT_TRUE(found(TextIndex(), "Hund").empty());
}

TEST(Search, FindsByAPieceIfNothingElseHelps) {
  const TextIndex index = animals();
  const Answer piece = ask(index, "Katzenxyzzy");
  ASSERT_FALSE(piece.matches.empty());
  EXPECT_EQ(piece.matches[0].document, 3U);
  EXPECT_EQ(piece.words[0].how, Taken::piece);
  EXPECT_EQ(ask(index, "Hund Katzenxyzzy").matches[0].document, 4U) << "both, if only a piece of one";
  EXPECT_TRUE(ask(index, "xyzzyplugh").matches.empty());
  EXPECT_TRUE(ask(index, "xyzzyplugh", false, true).matches.empty());
}

TEST(Search, ReadsUnknownNeighboursAsOneWord) {
  IndexBuilder builder(rules());
  Draft draft;
  add_title(draft, "Außerbetriebsetzung");
  builder.add(0, draft);
  Draft other;
  add_title(other, "Betrieb");
  builder.add(1, other);
  const TextIndex index = builder.finish(2);
  const Answer answer = ask(index, "außer Betrieb setzen");
  ASSERT_FALSE(answer.matches.empty());
  EXPECT_EQ(answer.matches[0].document, 0U);
  EXPECT_EQ(answer.words[0].how, Taken::joined);
}

TEST(Search, SplitsCompoundsOfWhichNoHalfIsKnown) {
  IndexBuilder builder(rules());
  Draft draft;
  add_title(draft, "außer Betrieb setzung");
  builder.add(0, draft);
  const TextIndex index = builder.finish(1);
  const Answer answer = ask(index, "Außerbetriebsetzung");
  ASSERT_EQ(answer.matches.size(), 1U);
  EXPECT_EQ(answer.words[0].how, Taken::parts);
}

TEST(Search, ExplainsItself) {
  const TextIndex index = animals();
  Scratch scratch;
  Answer answer;
  const QueryWord words[] = {{"schaferhnud", 256, false, {}}, {"katzenhund", 256, false, {}}};
  Query request;
  request.words = words;
  const std::uint32_t documents[] = {0, 4};
  const auto why = explain(index, nullptr, request, documents, scratch, answer);
  ASSERT_EQ(why.size(), 2U);
  EXPECT_EQ(why[0].words[0].how, Taken::corrected);
  EXPECT_EQ(why[0].words[0].as, "Schäferhund");
  EXPECT_EQ(why[0].words[0].field, title);
  EXPECT_EQ(why[1].words[1].how, Taken::parts);
  EXPECT_EQ(why[1].words[1].as, "katz + hund");
  for (const Match& match : answer.matches) {
    for (std::size_t i = 0; i < 2; ++i) {
      if (documents[i] == match.document) {
        EXPECT_EQ(why[i].score, match.score);
      }
    }
  }
}

TEST(Search, PagesHoldTheSameOrder) {
  const TextIndex index = animals();
  Scratch scratch;
  const QueryWord words[] = {{"hund", 256, false, {}}};
  Query request;
  request.words = words;
  request.far = 0;
  request.limit = 100;
  Answer whole, page;
  search(index, nullptr, request, scratch, whole);
  request.limit = 2;
  for (request.offset = 0; request.offset < 7; ++request.offset) {
    search(index, nullptr, request, scratch, page);
    EXPECT_EQ(page.total, whole.total);
    for (std::size_t i = 0; i < page.matches.size(); ++i) {
      EXPECT_EQ(page.matches[i].document, whole.matches[request.offset + i].document);
    }
  }
}

TEST(Dictionary, LearnsPartsOfCompoundsFromItsOwnWords) {
  const TextIndex index = animals();
  const auto parts = [&](std::string_view word) {
    std::size_t leaves = 0;
    for (const Dictionary::Part& part : index.words().parts(word).span()) leaves += part.leaf ? 1 : 0;
    return leaves;
  };
  EXPECT_EQ(parts("schaferhund"), 2U);
  EXPECT_EQ(parts("hundehutte"), 2U);
  EXPECT_EQ(parts("hund"), 0U);
  EXPECT_EQ(parts("hauskatzenhutte"), 3U) << "not in the dictionary itself";
  EXPECT_EQ(parts("hundexyz"), 0U);
}

TEST(Dictionary, GivesTheFirstFormsOfABeginningFromTheFormItselfOrWithoutIt) {
  const TextIndex index = animals();
  const Dictionary& words = index.words();
  for (std::uint32_t form = 0; form < words.size(); ++form) {
    const std::string_view text = words.form(form);
    for (std::size_t bytes = 1; bytes <= text.size(); ++bytes) {
      const std::string_view prefix = text.substr(0, bytes);
      const Dictionary::Range all = words.with_prefix(prefix);
      for (const std::uint32_t most : {1U, 3U, 1000U}) {
        const Dictionary::Range first = words.with_prefix(prefix, words.find_form(prefix), most);
        EXPECT_EQ(first.begin, all.begin) << prefix;
        EXPECT_EQ(first.size(), std::min(most, all.size())) << prefix;
      }
    }
  }
  EXPECT_EQ(words.with_prefix("xyzxyz", none, 10).size(), 0U);
}

}  // namespace
}  // namespace verbund::search
