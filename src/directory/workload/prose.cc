// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/prose.h"

#include <functional>

#include "base/check.h"
#include "base/text.h"
#include "directory/workload/sentences.h"
#include "kits/text/text.h"

namespace verbund::directory::workload {
namespace {

using Case = Noun::Case;

constexpr std::string_view months[] = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
                                       "September", "Oktober", "November", "Dezember"};
constexpr std::string_view durations[] = {"zwei Wochen", "drei Wochen", "vier Wochen", "sechs Wochen", "drei Monaten",
                                          "sechs Monaten", "einem Jahr", "zehn Tagen", "zwei Monaten", "fünf Jahren"};

// The authority in words, by level: nominative, accusative and dative of a feminine.
std::string_view authority(Level level) {
  switch (level) {
    case Level::federation: return "Bundesbehörde";
    case Level::state: return "Landesbehörde";
    case Level::region: return "Bezirksregierung";
    case Level::district: return "Kreisverwaltung";
    case Level::association: return "Verbandsverwaltung";
    case Level::municipality: return "Gemeindeverwaltung";
  }
  return {};
}

std::string in_case(const Noun& noun, std::string_view which) {
  if (which.empty()) return noun.text;
  switch (which[0]) {
    case 'n': return noun.the(Case::nominative);
    case 'g': return noun.the(Case::genitive);
    case 'd':
      if (which == "dp") return noun.plural + (noun.plural.ends_with('n') || noun.plural.ends_with('s') ? "" : "n");
      return noun.the(Case::dative);
    case 'a': return noun.the(Case::accusative);
    case 'e': return noun.a(Case::nominative);
    case 'p': return noun.plural;
  }
  return noun.text;
}

std::string relative(char gender) { return gender == 'm' ? "der" : gender == 'n' ? "das" : "die"; }

}  // namespace

void StemCount::add(std::string_view text) {
  const std::hash<std::string> hash;
  for (const std::string& word : text::words(text)) {
    if (words_.insert(hash(word)).second) stems_.insert(hash(text::stem_german(word)));
  }
}

Noun Prose::noun() {
  // One in three is about the thing itself, so that a text speaks of its matter.
  const bool own = random_.chance(33);
  const std::size_t rank = random_.rank(rare_);
  Random chosen(mix(rank, own ? subject_.object->thing + 1 : 0));
  const Noun& thing = own ? words_.things[subject_.object->thing] : chosen.pick(words_.things);
  const Noun& head = chosen.pick(words_.heads);
  const std::size_t parts = rank < 300 ? 0 : chosen.below(5);
  if (parts == 0 || (own && rank < 50)) return compound(thing, head);
  const Noun& middle = chosen.pick(words_.middles);
  if (parts <= 2) return compound(compound(thing, middle), head);
  if (parts == 3) return compound(compound(thing, chosen.pick(words_.heads)), middle);
  return compound(compound(thing, middle), chosen.pick(words_.acts).noun);
}

std::string Prose::law() {
  const Noun& thing = random_.chance(50) ? words_.things[subject_.object->thing] : random_.pick(words_.things);
  static constexpr std::string_view kinds[] = {"gesetz", "verordnung", "ordnung", "satzung"};
  const std::size_t kind = random_.below(std::size(kinds));
  std::string out = "§ " + std::to_string(1 + random_.rank(120));
  out += " Absatz " + std::to_string(1 + random_.below(5)) + " ";
  out += kind == 0 ? "des " + thing.link + "gesetzes" : "der " + thing.link + std::string(kinds[kind]);
  if (random_.chance(30)) out += " (" + std::string(cut_utf8(thing.text, 3)) + "G)";
  return out;
}

std::string Prose::place() {
  std::uint32_t number = 0;
  if (subject_.publisher != 0 && random_.chance(25)) {
    number = subject_.publisher;
  } else {
    do {
      number = 1 + static_cast<std::uint32_t>(random_.below(country_.size() - 1));
    } while (country_.level(number) != Level::municipality);
  }
  return country_.area(number).short_name;
}

std::string Prose::filled(std::string_view token) {
  const std::string_view rest = token.substr(1);
  switch (token[0]) {
    case 'O': return in_case(subject_.object->noun, rest);
    case 'V': return rest.empty() ? subject_.act->infinitive : in_case(subject_.act->noun, rest);
    case 'K':
      if (rest == "rn") return relative(last_.gender);
      last_ = noun();
      return in_case(last_, rest);
    case 'B': {
      const std::string name(authority(subject_.level));
      return (rest == "d" ? "der " : "die ") + name;
    }
    case 'Q': return subject_.qualifier ? " " + subject_.qualifier->text : "";
    case 'L': return law();
    case 'E': return std::to_string(5 + random_.rank(500)) + "," + (random_.chance(70) ? "00" : "50") + " Euro";
    case 'T': return std::string(durations[random_.below(std::size(durations))]);
    case 'N': return std::to_string(5 + random_.below(95));
    case 'D':
      return std::to_string(1 + random_.below(28)) + ". " + std::string(months[random_.below(std::size(months))]);
    case 'P': return place();
  }
  VERBUND_CHECK(false);
}

std::string Prose::sentence(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] != '{') {
      const std::size_t next = std::min(pattern.find('{', i), pattern.size());
      out += pattern.substr(i, next - i);
      i = next;
      continue;
    }
    const std::size_t end = pattern.find('}', i);
    VERBUND_CHECK(end != std::string_view::npos);
    out += filled(pattern.substr(i + 1, end - i - 1));
    i = end + 1;
  }
  out = upper_first(out);
  count_.add(out);
  return out;
}

std::vector<std::string> Prose::some(std::span<const std::string_view> list, std::size_t count) {
  std::vector<std::uint32_t> order(list.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::vector<std::string> out;
  // A long text uses a sentence again with other words in it.
  while (out.size() < count) {
    random_.shuffle(order);
    for (std::size_t i = 0; i < order.size() && out.size() < count; ++i) out.push_back(sentence(list[order[i]]));
  }
  return out;
}

std::string Prose::paragraphs(std::span<const std::string_view> list, std::size_t sentences) {
  std::string out;
  std::size_t left = 0;
  for (const std::string& one : some(list, sentences)) {
    if (left == 0) {
      out += out.empty() ? "<p>" : "</p><p>";
      left = 3 + random_.below(3);
    } else {
      out += ' ';
    }
    out += one;
    --left;
  }
  return out.empty() ? out : out + "</p>";
}

std::string Prose::items(std::span<const std::string_view> list, std::size_t count, bool ordered) {
  std::string out = ordered ? "<ol>" : "<ul>";
  for (const std::string& one : some(list, std::min(count, list.size()))) out += "<li>" + one + "</li>";
  return out + (ordered ? "</ol>" : "</ul>");
}

}  // namespace verbund::directory::workload
