// SPDX-License-Identifier: EUPL-1.2
// The example of docs/search-kit.md, as it stands there.
#include <gtest/gtest.h>

#include "kits/search/index_builder.h"
#include "kits/search/searcher.h"
#include "kits/text/text.h"

namespace {

TEST(Example, BuildsSavesMapsAsksAndChanges) {
  // begin of the example
  using namespace verbund;

  auto rules = std::make_shared<search::Rules>();
  rules->fields = {{0.9F, 0.5F, 0.6F, true},     // 0: title, strong: completed and corrected to
                   {0.2F, 2.0F, 0.5F, false}};   // 1: text
  rules->kinds = {{1.0F}};                       // 0: a whole title
  rules->stemmer = text::stem_german_view;

  const auto draft_of = [](std::string_view title, std::string_view body) {
    search::Draft draft;
    text::WordList words;
    words.read(title);
    std::vector<search::Draft::Word> phrase;
    for (std::size_t i = 0; i < words.size(); ++i) phrase.push_back({words[i], words.source(i, title)});
    draft.add_phrase(0, 0, phrase);
    words.read(body);
    for (std::size_t i = 0; i < words.size(); ++i) draft.add(1, words[i]);
    return draft;
  };
  search::IndexBuilder builder(rules);
  builder.add(0, draft_of("Gartenhaus bauen", "Holz, Schrauben und ein freier Tag"));
  builder.add(1, draft_of("Brot backen", "Mehl und Wasser, ein Haus voller Duft"));
  auto built = builder.finish(2);

  flat::Writer out("recipes 1");                 // the key: what it was made from
  built.save(out);
  const auto file = flat::File::of_bytes(out.bytes(), "recipes 1");   // File::map(path, key) in earnest
  auto index = std::make_shared<const search::TextIndex>(*search::TextIndex::load(*file, rules));

  search::Scratch scratch;                       // one per thread
  search::Answer answer;
  const auto first = [&](const search::TextOverlay* overlay, std::string_view word, bool typing) {
    const search::QueryWord words[] = {{word, 256, typing, {}}};
    search::Query query;
    query.words = words;
    search::search(*index, overlay, query, scratch, answer);
    return answer.matches.empty() ? -1 : static_cast<int>(answer.matches[0].document);
  };
  EXPECT_EQ(first(nullptr, "gartenhuas", false), 0);    // a swap
  EXPECT_EQ(first(nullptr, "bro", true), 1);            // being typed

  const search::Draft cake = draft_of("Kuchen backen", "Zucker");
  const search::TextOverlay::Change changes[] = {{2, &cake}, {1, nullptr}};
  const auto overlay = search::TextOverlay::over(index)->with(changes);
  EXPECT_EQ(first(overlay.get(), "backen", false), 2);  // at once, without a build
  EXPECT_EQ(first(overlay.get(), "brot", false), -1);
  // end of the example
}

}  // namespace
