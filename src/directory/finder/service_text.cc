// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/service_text.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "directory/finder/query.h"
#include "directory/finder/vocabulary.h"
#include "kits/html/html.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {
namespace {

enum Field : std::size_t {
  citizen_title, title, search_term, said_title, said_in_title, said_term, life_event, short_text, full_text, details,
  unit_name
};

// Measured with the queries of search_test.cc; titles before terms before texts is what matters.
std::vector<TextField> fields() {
  std::vector<TextField> out(unit_name + 1, TextField{0.08F, 2, 0.5F, false});
  out[citizen_title] = {0.92F, 0.5F, 0.6F, true};
  out[title] = {0.85F, 0.5F, 0.6F, true};
  out[search_term] = {0.75F, 0.4F, 0.2F, true};
  out[said_title] = {0.85F, 0.2F, 0, true};      // everyday word for the whole title
  out[said_in_title] = {0.65F, 0.3F, 0, true};   // for words of the title
  out[said_term] = {0.5F, 0.4F, 0, true};        // for a search term
  out[life_event] = {0.3F, 0.5F, 0, true};
  out[short_text] = {0.3F, 1, 0.4F, false};
  out[full_text] = {0.2F, 2, 0.5F, false};
  return out;
}

// How sure a whole query means a service whose phrase it is.
constexpr float exact_citizen_title = 1.0F;
constexpr float exact_title = 0.95F;
constexpr float exact_term = 0.7F;
constexpr float exact_said_title = 0.85F;
constexpr float exact_said_term = 0.45F;

std::vector<std::string> phrase_words(std::string_view text) {
  std::vector<std::string> words = content_words(text);
  return words.empty() ? text::words(text) : words;
}

}  // namespace

struct ServiceText::PhraseAtoms {
  std::uint32_t service;
  bool is_title;
  std::vector<std::uint32_t> atoms;
};

ServiceText::ServiceText(bool terms)
    : terms_(terms), index_(fields(), [](std::string_view word) { return text::stem_german(word); }, words_never_parts()) {}

void ServiceText::add(std::uint32_t service, std::size_t field, std::string_view text) {
  index_.add(service, field, content_words(text));
}

void ServiceText::add_html(std::uint32_t service, std::size_t field, const LocalisedTexts& texts) {
  for (const LocalisedText& text : texts) add(service, field, html::to_plain_text(text.text));
}

void ServiceText::add_phrase(std::uint32_t service, std::size_t field, PhraseKind kind, std::string_view text) {
  std::vector<std::string> words = phrase_words(text);
  if (words.empty()) return;
  index_.add(service, field, words);
  for (const ShownWord& word : shown_words(text)) {
    if (std::find(words.begin(), words.end(), word.folded) != words.end()) index_.know(word.folded, word.shown, true);
  }
  phrases_.push_back({service, kind, std::move(words)});
}

void ServiceText::add_titles(std::uint32_t service, const Modules& modules) {
  const TextModule* first = find_text(modules, text_code::citizen_title);
  const TextModule* second = find_text(modules, text_code::title);
  if (first == nullptr) std::swap(first, second);
  if (first != nullptr) {
    for (const LocalisedText& text : first->content) {
      add_phrase(service, citizen_title, PhraseKind::citizen_title, html::to_plain_text(text.text));
    }
  }
  if (second != nullptr) {
    for (const LocalisedText& text : second->content) {
      add_phrase(service, title, PhraseKind::title, html::to_plain_text(text.text));
    }
  }
}

void ServiceText::add_terms(std::uint32_t service, const Modules& modules) {
  if (!terms_) return;
  for (const SearchTermModule& module : modules.search_terms) {
    for (const SearchTerm& term : module.terms) add_phrase(service, search_term, PhraseKind::term, term.term);
  }
}

void ServiceText::add_service(std::uint32_t number, const Service& service) {
  const Modules& modules = service.modules;
  add_titles(number, modules);
  add_terms(number, modules);
  for (const TextModule& module : modules.texts) {
    if (module.code == text_code::title || module.code == text_code::citizen_title) continue;
    if (module.code == text_code::author) continue;
    const bool is_short = module.code == text_code::teaser || module.code == text_code::short_text;
    add_html(number, is_short ? short_text : module.code == text_code::full_text ? full_text : details, module.content);
  }
  for (const DocumentModule& module : modules.documents) {
    for (const auto* documents : {&module.incoming, &module.outgoing}) {
      for (const Document& document : *documents) add_html(number, details, document.title);
    }
  }
  for (const FeeModule& module : modules.fees) add_html(number, details, module.description);
  for (const Category& category : service.categories) {
    if (!is_life_event(category)) add_html(number, details, category.name);
  }
}

void ServiceText::add_specialisation(std::uint32_t service, const Modules& modules) {
  const auto once = [&](std::string_view text) {
    if (local_.emplace(service, hash_text(text)).second) add_phrase(service, search_term, PhraseKind::term, text);
  };
  for (const std::string_view code : {text_code::citizen_title, text_code::title}) {
    if (const TextModule* module = find_text(modules, code)) {
      for (const LocalisedText& text : module->content) once(html::to_plain_text(text.text));
    }
  }
  if (!terms_) return;
  for (const SearchTermModule& module : modules.search_terms) {
    for (const SearchTerm& term : module.terms) once(term.term);
  }
}

void ServiceText::add_life_event(std::uint32_t service, std::string_view name) { add(service, life_event, name); }

void ServiceText::add_unit(std::uint32_t service, std::string_view name) { add(service, unit_name, name); }

// A service whose title or term is (or holds) the official words gets the everyday ones as if its editors had.
void ServiceText::add_vocabulary() {
  std::vector<PhraseAtoms> sets;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> with_atom;
  for (const Phrase& phrase : phrases_) {
    PhraseAtoms set{phrase.service, phrase.kind != PhraseKind::term, index_.atoms(phrase.words)};
    for (const std::uint32_t atom : set.atoms) with_atom[atom].push_back(static_cast<std::uint32_t>(sets.size()));
    sets.push_back(std::move(set));
  }
  struct Fit {
    std::size_t field = said_term;
    float boost = 0;
  };
  for (const EverydayWord& entry : everyday_vocabulary()) {
    std::map<std::uint32_t, Fit> fits;
    float sure = 1;   // the first official words are the best ones
    for (const std::string& official : entry.official) {
      const float here = sure;
      sure = std::max(0.7F, sure - 0.1F);
      const std::vector<std::uint32_t> wanted = index_.atoms(phrase_words(official));
      const std::vector<std::uint32_t>* rarest = nullptr;
      for (const std::uint32_t atom : wanted) {
        const std::vector<std::uint32_t>& list = with_atom[atom];
        if (rarest == nullptr || list.size() < rarest->size()) rarest = &list;
      }
      if (rarest == nullptr) continue;
      for (const std::uint32_t at : *rarest) {
        const PhraseAtoms& set = sets[at];
        if (!std::includes(set.atoms.begin(), set.atoms.end(), wanted.begin(), wanted.end())) continue;
        const auto share = static_cast<float>(wanted.size()) / static_cast<float>(set.atoms.size());
        Fit fit;
        if (set.is_title) {
          fit = share == 1 ? Fit{said_title, exact_said_title} : Fit{said_in_title, 0.3F + 0.4F * share};
        } else if (share == 1) {
          fit = {said_term, exact_said_term};
        } else {
          continue;
        }
        fit.boost *= here;
        Fit& best = fits[set.service];
        if (fit.boost > best.boost) best = fit;
      }
    }
    const std::vector<std::string> words = phrase_words(entry.phrase);
    for (const auto& [service, fit] : fits) {
      index_.add(service, fit.field, words);
      index_.phrase(service, words, fit.boost);
    }
  }
}

TextIndex ServiceText::finish(std::uint32_t services) {
  for (const EverydayWord& entry : everyday_vocabulary()) {
    const std::vector<std::string> words = phrase_words(entry.phrase);
    for (const ShownWord& word : shown_words(entry.phrase)) {
      if (std::find(words.begin(), words.end(), word.folded) != words.end()) index_.know(word.folded, word.shown, true);
    }
  }
  index_.learn();
  for (const Phrase& phrase : phrases_) {
    const float boost = phrase.kind == PhraseKind::citizen_title ? exact_citizen_title
                        : phrase.kind == PhraseKind::title       ? exact_title
                                                                 : exact_term;
    index_.phrase(phrase.service, phrase.words, boost);
  }
  add_vocabulary();
  phrases_ = {};
  return index_.finish(services);
}

}  // namespace verbund::directory::finder
