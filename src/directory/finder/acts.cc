// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/acts.h"

#include <algorithm>
#include <span>

#include "base/check.h"
#include "base/text.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> vocabulary();
}  // namespace verbund::embedded

namespace verbund::directory::finder {
namespace {

// A verb without what a person or time adds: melde, meldest, meldet, melden -> meld.
std::string_view verb_root(std::string_view verb) {
  for (const std::string_view ending : {"est", "en", "et", "st", "e", "t", "n"}) {
    if (verb.size() >= ending.size() + 3 && verb.ends_with(ending)) return verb.substr(0, verb.size() - ending.size());
  }
  return verb;
}

std::string apart_key(std::string_view verb, std::string_view first_part) {
  return std::string(verb_root(verb)) + " " + std::string(first_part);
}

// The one folded word that `text` is, or empty.
std::string folded_word(std::string_view text) {
  std::vector<std::string> words = text::words(text);
  return words.size() == 1 ? std::move(words.front()) : std::string();
}

}  // namespace

Result<Acts> Acts::read(std::string_view text) {
  Acts out;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    const std::string where = "line " + std::to_string(number);
    std::string act, name;   // its stem; its first word
    const auto add = [&](const std::string& form) -> bool {
      std::string stem = text::stem_german(form);
      if (act.empty()) act = stem;
      const auto [at, added] = out.stems_.emplace(std::move(stem), act);
      return added || at->second == act;
    };
    for (const std::string_view word : split(line, ' ')) {
      if (word.empty()) continue;
      const std::size_t bar = word.find('|'), wave = word.find('~');
      bool fits = true;
      if (wave != std::string_view::npos) {
        const std::string verb = folded_word(word.substr(0, wave)), first = folded_word(word.substr(wave + 1));
        if (verb.empty() || first.empty()) return fail(ErrorCode::invalid, "no word beside \"~\"", where);
        if (name.empty()) return fail(ErrorCode::invalid, "the act has no name before its forms", where);
        const auto [at, added] = out.apart_.emplace(apart_key(verb, first), name);
        fits = added || at->second == name;
        out.first_parts_.push_back(first);
      } else if (bar != std::string_view::npos) {
        const std::string first = folded_word(word.substr(0, bar)), verb = folded_word(word.substr(bar + 1));
        if (verb.empty() || first.empty()) return fail(ErrorCode::invalid, "no word beside \"|\"", where);
        const std::string root(verb_root(verb));
        const bool needs_e = root.ends_with('d') || root.ends_with('t');
        if (name.empty()) name = first + verb;
        const std::string it = root + (needs_e ? "et" : "t");
        fits = add(first + verb) && add(first + "zu" + verb) && add(first + it) && add(first + "ge" + it);
        const auto [at, added] = out.apart_.emplace(apart_key(verb, first), name);
        fits = fits && (added || at->second == name);
        out.first_parts_.push_back(first);
      } else {
        const std::string form = folded_word(word);
        if (form.empty()) return fail(ErrorCode::invalid, "\"" + std::string(word) + "\" is not one word", where);
        if (name.empty()) name = form;
        fits = add(form);
      }
      if (!fits) return fail(ErrorCode::invalid, "\"" + std::string(word) + "\" stands for two acts", where);
    }
  }
  std::sort(out.first_parts_.begin(), out.first_parts_.end());
  out.first_parts_.erase(std::unique(out.first_parts_.begin(), out.first_parts_.end()), out.first_parts_.end());
  return out;
}

std::string_view Acts::stem_view(std::string_view folded_word) const {
  const std::string_view stem = text::stem_german_view(folded_word);
  const auto act = stems_.find(stem);
  return act == stems_.end() ? stem : std::string_view(act->second);
}

std::string_view Acts::joined(std::string_view verb, std::string_view first_part) const {
  const auto act = apart_.find(apart_key(verb, first_part));
  return act == apart_.end() ? std::string_view() : std::string_view(act->second);
}

bool Acts::is_first_part(std::string_view folded_word) const {
  return std::binary_search(first_parts_.begin(), first_parts_.end(), folded_word);
}

const Acts& acts() {
  static const Acts list = [] {
    auto read = Acts::read(embed::find(embedded::vocabulary(), "acts.tsv"));
    VERBUND_CHECK(read.has_value());   // a test reads the same file
    return std::move(*read);
  }();
  return list;
}

}  // namespace verbund::directory::finder
