// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/understood.h"

#include <algorithm>

#include "faces/portal/place_authorities.h"

namespace verbund::portal {
namespace {

using directory::UnderstoodWord;
using How = UnderstoodWord::How;

std::string sentence(const Visit& visit, const UnderstoodWord& word) {
  const std::string typed(word.typed);
  const Values values = {{"word", typed}, {"as", std::string(word.as)}};
  switch (word.how) {
    case How::corrected:
      return word.as.empty() ? visit.say("results.word.part", {{"word", typed}})
                             : visit.say("results.word.corrected", values);
    case How::piece:
      return word.as.empty() ? visit.say("results.word.part", {{"word", typed}})
                             : visit.say("results.word.piece", values);
    case How::known:
    case How::joined: return visit.say("results.word.known", {{"word", typed}});
    case How::compound:
    case How::completed: return visit.say("results.word.part", {{"word", typed}});
    case How::unknown: break;
  }
  return visit.say("results.word.unknown", {{"word", typed}});
}

// The query with one of its words as it may have been meant.
std::string with_word(const std::string& query, const std::string& typed, const std::string& meant) {
  const std::size_t at = query.find(typed);
  return at == std::string::npos ? meant : query.substr(0, at) + meant + query.substr(at + typed.size());
}

}  // namespace

bool add_understood(page::Data& data, const Visit& visit, const std::string& query, const std::string& typed_place,
                    const directory::SearchAnswer& answer) {
  std::vector<page::Data> words;
  std::string without;
  for (const UnderstoodWord& word : answer.words) {
    const std::string typed(word.typed);
    if (answer.total > 0 && word.how != How::piece) {
      if (word.how != How::unknown) continue;
      const std::string quoted = visit.say("results.quoted", {{"word", typed}});
      without = without.empty() ? quoted : without + ", " + quoted;
      continue;
    }
    std::vector<page::Data> near;
    for (const std::string_view known : word.near) {
      near.push_back(page::Data()
                         .set("choice_url", visit.url("/suche", {{"q", with_word(query, typed, std::string(known))},
                                                                 {"ort", typed_place}}))
                         .set("choice_label", known));
    }
    words.push_back(page::Data()
                        .set("word_text", sentence(visit, word))
                        .set("word_choices", !near.empty())
                        .set("word_near", std::move(near)));
  }
  const bool certain = std::any_of(answer.words.begin(), answer.words.end(), [](const UnderstoodWord& word) {
    return word.how != How::unknown && word.how != How::piece;
  });
  data.set("has_understood", !words.empty())
      .set("understood", std::move(words))
      .set("without", without.empty() ? std::string() : visit.say("results.without", {{"words", without}}));
  return !answer.words.empty() && !certain;
}

void add_ask_authority(page::Data& data, const Visit& visit, const directory::Area* place) {
  std::vector<PlaceAuthority> found;
  if (place != nullptr) found = place_authorities(visit, *place, visit.snapshot.services_at(place->key), 1);
  data.set("ask_name", found.empty() ? std::string() : found[0].brief.name)
      .set("ask_url", found.empty() ? std::string() : found[0].url);
}

}  // namespace verbund::portal
