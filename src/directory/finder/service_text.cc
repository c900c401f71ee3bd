// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/service_text.h"

#include <algorithm>

#include "directory/finder/acts.h"
#include "directory/finder/query.h"
#include "directory/finder/string_pool.h"
#include "directory/finder/vocabulary.h"
#include "kits/html/html.h"

namespace verbund::directory::finder {
namespace {

enum Field : std::size_t {
  citizen_title, title, search_term, said_title, said_in_title, said_term, said_apart_title, said_apart, life_event,
  short_text, full_text, details, unit_name
};
enum Kind : std::size_t { citizen_title_phrase, title_phrase, term_phrase };

// Measured with the queries of search_test.cc; titles before terms before texts is what matters.
std::vector<search::Field> fields() {
  std::vector<search::Field> out(unit_name + 1, search::Field{0.08F, 2, 0.5F, false});
  out[citizen_title] = {0.92F, 0.5F, 0.6F, true};
  out[title] = {0.85F, 0.5F, 0.6F, true};
  out[search_term] = {0.75F, 0.4F, 0.2F, true};
  out[said_title] = {0.85F, 0.2F, 0, true};      // everyday word for the whole title
  out[said_in_title] = {0.65F, 0.3F, 0, true};   // for words of the title
  out[said_term] = {0.5F, 0.4F, 0, true};        // for a search term
  out[said_apart_title] = {0.65F, 0.4F, 0, true};   // a word of an everyday phrase of several, for the whole title
  out[said_apart] = {0.35F, 0.4F, 0, true};         // for words of it
  out[life_event] = {0.3F, 0.5F, 0, true};
  out[short_text] = {0.3F, 1, 0.4F, false};
  out[full_text] = {0.2F, 2, 0.5F, false};
  return out;
}

// How sure a whole query means a service whose phrase it is; what an everyday word for the phrase gets. A title is so
// much surer that it wins against a service of which the vocabulary says the same with all its words (literal_test.cc).
std::vector<search::PhraseKind> kinds() {
  std::vector<search::PhraseKind> out(term_phrase + 1);
  out[citizen_title_phrase] = {1.5F, 0.85F, said_title, said_apart_title, true, said_in_title, said_apart};
  out[title_phrase] = {1.45F, 0.85F, said_title, said_apart_title, true, said_in_title, said_apart};
  out[term_phrase] = {0.7F, 0.45F, said_term, said_term, false, said_term, said_term};
  return out;
}

// Words of content, or all if there are none.
void phrase_words(std::string_view text, text::WordList& words, std::vector<search::Draft::Word>& out) {
  words.read(text);
  out.clear();
  for (const bool all : {false, true}) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (all || !makes_sentences(words[i])) out.push_back({words[i], words.source(i, text)});
    }
    if (!out.empty()) return;
  }
}

std::vector<search::Synonym> synonyms() {
  std::vector<search::Synonym> out;
  text::WordList words;
  std::vector<search::Draft::Word> phrase;
  for (const EverydayWord& entry : everyday_vocabulary()) {
    search::Synonym synonym;
    phrase_words(entry.phrase, words, phrase);
    for (const search::Draft::Word& word : phrase) {
      synonym.phrase.push_back({std::string(word.folded), std::string(word.shown)});
    }
    for (const std::string& official : entry.official) {
      phrase_words(official, words, phrase);
      std::vector<std::string>& means = synonym.means.emplace_back();
      for (const search::Draft::Word& word : phrase) means.emplace_back(word.folded);
    }
    out.push_back(std::move(synonym));
  }
  return out;
}

}  // namespace

std::shared_ptr<const search::Rules> service_rules() {
  static const std::shared_ptr<const search::Rules> rules = [] {
    auto out = std::make_shared<search::Rules>();
    out->fields = fields();
    out->kinds = kinds();
    out->synonyms = synonyms();
    out->not_parts = words_never_parts();
    out->stemmer = [](std::string_view word) { return acts().stem_view(word); };
    return out;
  }();
  return rules;
}

std::string_view field_name(std::size_t field) {
  static constexpr std::string_view names[] = {"citizen_title", "title", "search_term", "said_title", "said_in_title",
                                               "said_term", "said_apart_title", "said_apart", "life_event", "short_text",
                                               "full_text", "details", "unit_name"};
  static_assert(std::size(names) == unit_name + 1);
  return field < std::size(names) ? names[field] : std::string_view();
}

void ServiceText::add(std::size_t field, std::string_view text) {
  words_.read(text);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (!makes_sentences(words_[i])) draft_.add(field, words_[i]);
  }
}

void ServiceText::add_html(std::size_t field, const LocalisedTexts& texts) {
  for (const LocalisedText& text : texts) {
    const bool plain = text.text.find_first_of("<&") == std::string::npos;
    add(field, plain ? text.text : html::to_plain_text(text.text));
  }
}

void ServiceText::add_phrase(std::size_t kind, std::size_t field, std::string_view text) {
  phrase_words(text, words_, phrase_);
  draft_.add_phrase(kind, field, phrase_);
}

void ServiceText::add_titles(const Modules& modules) {
  const TextModule* first = find_text(modules, text_code::citizen_title);
  const TextModule* second = find_text(modules, text_code::title);
  if (first == nullptr) std::swap(first, second);
  if (first != nullptr) {
    for (const LocalisedText& text : first->content) {
      add_phrase(citizen_title_phrase, citizen_title, html::to_plain_text(text.text));
    }
  }
  if (second != nullptr) {
    for (const LocalisedText& text : second->content) add_phrase(title_phrase, title, html::to_plain_text(text.text));
  }
}

void ServiceText::add_terms(const Modules& modules) {
  if (!terms_) return;
  for (const SearchTermModule& module : modules.search_terms) {
    for (const SearchTerm& term : module.terms) add_phrase(term_phrase, search_term, term.term);
  }
}

void ServiceText::add_service(const Service& service) {
  const Modules& modules = service.modules;
  add_titles(modules);
  add_terms(modules);
  for (const TextModule& module : modules.texts) {
    if (module.code == text_code::title || module.code == text_code::citizen_title) continue;
    if (module.code == text_code::author) continue;
    const bool is_short = module.code == text_code::teaser || module.code == text_code::short_text;
    add_html(is_short ? short_text : module.code == text_code::full_text ? full_text : details, module.content);
  }
  for (const DocumentModule& module : modules.documents) {
    for (const auto* documents : {&module.incoming, &module.outgoing}) {
      for (const Document& document : *documents) add_html(details, document.title);
    }
  }
  for (const FeeModule& module : modules.fees) add_html(details, module.description);
  for (const Category& category : service.categories) {
    if (!is_life_event(category)) add_html(details, category.name);
  }
}

void ServiceText::add_specialisation(const Modules& modules, std::set<std::uint64_t>& known) {
  const auto once = [&](std::string_view text) {
    if (known.insert(hash_text(text)).second) add_phrase(term_phrase, search_term, text);
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

void ServiceText::add_life_event(std::string_view name) { add(life_event, name); }

void ServiceText::add_unit(std::string_view name) { add(unit_name, name); }

}  // namespace verbund::directory::finder
