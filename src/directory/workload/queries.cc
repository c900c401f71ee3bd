// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/queries.h"

#include <algorithm>

#include "base/text.h"
#include "directory/workload/letters.h"

namespace verbund::directory::workload {
namespace {

using Case = Noun::Case;

constexpr std::size_t most_relevant = 5;
constexpr std::size_t most_beginning = 8;

std::vector<std::uint32_t> united(std::vector<std::uint32_t> atoms) {
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  return atoms;
}

std::string as_typed(std::string text, Random& random) { return random.chance(60) ? lower(text) : std::move(text); }

bool is_title_of(const PlannedService& service, const std::string& text) {
  return lower(service.phrases[0].text) == lower(text) || lower(service.phrases[1].text) == lower(text);
}

}  // namespace

std::vector<std::uint32_t> QueryMaker::object_and_act(const PlannedService& service) const {
  std::vector<std::uint32_t> out = atoms_of(words_, plan_.object(service), plan_.atoms());
  out.push_back(plan_.atoms().number(plan_.act(service).infinitive));
  return united(std::move(out));
}

std::vector<QueryMaker::Word> QueryMaker::title_words(const PlannedService& service, Random& random) const {
  const Object& object = plan_.object(service);
  const Act& act = plan_.act(service);
  std::vector<Word> out;
  out.push_back({object.noun.text, atoms_of(words_, object, plan_.atoms())});
  out.push_back({random.chance(70) ? act.infinitive : act.noun.text, {plan_.atoms().number(act.infinitive)}});
  if (const Qualifier* qualifier = plan_.qualifier(service)) {
    for (const std::string& word : qualifier->words) out.push_back({word, {plan_.atoms().number(word)}});
  }
  return out;
}

std::optional<Query> QueryMaker::title(const PlannedService& service, const PlaceServices& place, Random& random,
                                       std::size_t* longest) const {
  std::vector<Word> words = title_words(service, random);
  if (words.size() > 2 && random.chance(30)) words.erase(words.begin() + 1);   // the object and what narrows it
  if (random.chance(25)) std::swap(words[0], words[1]);
  std::vector<std::uint32_t> atoms;
  std::string text;
  std::size_t at = 0, letters = 0;
  for (const Word& word : words) {
    atoms.insert(atoms.end(), word.atoms.begin(), word.atoms.end());
    if (!text.empty()) text += ' ';
    if (word.text.size() > letters) {
      letters = word.text.size();
      at = text.size();
    }
    text += word.text;
  }
  auto relevant = place.holding(united(std::move(atoms)), false, most_relevant);
  if (!relevant) return std::nullopt;
  if (longest) *longest = at;
  return Query{as_typed(std::move(text), random), std::move(*relevant)};
}

std::optional<Query> QueryMaker::synonym(const PlannedService& service, const PlaceServices& place,
                                         Random& random) const {
  std::vector<const Phrase*> terms;
  for (const Phrase& phrase : service.phrases)
    if (phrase.kind == Phrase::Kind::synonym) terms.push_back(&phrase);
  if (terms.empty()) return std::nullopt;
  const Phrase& term = *random.pick(terms);
  std::string text = term.text;
  std::vector<std::uint32_t> atoms = term.atoms;
  // A term that several matters of one object share is told apart by what is to be done.
  const Act& act = plan_.act(service);
  const std::uint32_t done = plan_.atoms().number(act.infinitive);
  auto relevant = place.holding(atoms, true, most_relevant);
  if (!relevant) return std::nullopt;
  const std::size_t space = text.find(' ');
  if (space != std::string::npos && random.chance(25) &&
      !std::binary_search(atoms.begin(), atoms.end(), done)) {
    text = text.substr(space + 1) + " " + text.substr(0, space);
  }
  return Query{as_typed(std::move(text), random), std::move(*relevant)};
}

std::optional<Query> QueryMaker::typo(const PlannedService& service, const PlaceServices& place,
                                      Random& random) const {
  std::size_t at = 0;
  auto query = title(service, place, random, &at);
  if (!query) return std::nullopt;
  const std::size_t end = std::min(query->text.find(' ', at), query->text.size());
  const std::u32string meant = to_letters(lower(query->text.substr(at, end - at)));
  if (meant.size() < 6) return std::nullopt;
  std::u32string typed = meant;
  const std::size_t first = random.chance(90) ? 1 : 0;
  const std::size_t place_of = first + random.below(typed.size() - first - 1);
  static constexpr std::u32string_view letters = U"enirstahduglcmobwfkzpvjäöüß";
  const char32_t letter = letters[random.below(letters.size())];
  switch (random.below(4)) {
    case 0: typed.insert(place_of, 1, letter); break;
    case 1: typed.erase(place_of, 1); break;
    case 2: typed[place_of] = letter; break;
    default: std::swap(typed[place_of], typed[place_of + 1]); break;
  }
  if (typed == meant || known_.ambiguous(typed, meant)) return std::nullopt;
  query->text = query->text.substr(0, at) + from_letters(typed) + query->text.substr(end);
  return query;
}

std::optional<Query> QueryMaker::prefix(const PlannedService& service, const PlaceServices& place,
                                        Random& random) const {
  const Object& object = plan_.object(service);
  std::vector<std::uint32_t> atoms;
  std::string text, last;
  if (random.chance(50)) {
    last = object.noun.text;
  } else {
    text = object.noun.text + " ";
    atoms = atoms_of(words_, object, plan_.atoms());
    last = lower(service.phrases[0].text).ends_with(plan_.act(service).infinitive) ? plan_.act(service).infinitive
                                                                                  : plan_.act(service).noun.text;
    if (const Qualifier* qualifier = plan_.qualifier(service); qualifier && random.chance(70)) {
      text += qualifier->text.substr(0, qualifier->text.size() - qualifier->words.back().size());
      last = qualifier->words.back();
      if (!(qualifier->text.ends_with(last))) return std::nullopt;
    }
  }
  const std::u32string letters = to_letters(last);
  if (letters.size() < 5) return std::nullopt;
  const std::string begin = from_letters(letters.substr(0, 4 + random.below(letters.size() - 4)));
  auto relevant = place.beginning(atoms, lower(begin), most_beginning);
  if (!relevant) return std::nullopt;
  return Query{as_typed(text + begin, random), std::move(*relevant)};
}

std::optional<Query> QueryMaker::compounded(const PlannedService& service, const PlaceServices& place,
                                            Random& random) const {
  const Object& object = plan_.object(service);
  const Act& act = plan_.act(service);
  std::string parts = words_.things[object.thing].text;
  if (object.middle != none) parts += " " + words_.middles[object.middle].text;
  if (object.head != none) parts += " " + words_.heads[object.head].text;
  std::string text;
  switch (random.below(5)) {
    case 0: text = object.noun.link + lower_first(act.noun.text); break;
    case 1: text = parts + " " + act.infinitive; break;
    case 2: text = act.noun.text + " " + object.noun.text; break;
    case 3: text = parts + " " + act.noun.text; break;
    default: text = object.noun.text + " " + act.infinitive; break;
  }
  if (is_title_of(service, text)) return std::nullopt;
  auto relevant = place.holding(object_and_act(service), false, most_relevant);
  if (!relevant) return std::nullopt;
  return Query{as_typed(std::move(text), random), std::move(*relevant)};
}

std::optional<Query> QueryMaker::everyday(const PlannedService& service, const PlaceServices& place,
                                          Random& random) const {
  const Object& object = plan_.object(service);
  const Act& act = plan_.act(service);
  if (random.chance(50)) {
    // "wo melde ich meinen Hund an"
    const std::string what = object.noun.a(Case::accusative, random.chance(60));
    static constexpr std::string_view asks[] = {"wo", "wie", "wann"};
    std::string text = std::string(asks[random.below(3)]) + " " + act.first_person + " ich " + what;
    if (!act.prefix.empty()) text += " " + act.prefix;
    // "beantrage ... weiter" alone does not say "weiterbewilligen".
    if (act.infinitive == "weiterbewilligen") return std::nullopt;
    auto relevant = place.holding(object_and_act(service), true, most_relevant);
    if (!relevant) return std::nullopt;
    return Query{as_typed(std::move(text), random), std::move(*relevant)};
  }
  std::vector<const Phrase*> said;
  for (const Phrase& phrase : service.phrases)
    if (phrase.kind == Phrase::Kind::everyday && !phrase.text.starts_with("Antrag")) said.push_back(&phrase);
  if (said.empty()) return std::nullopt;
  const Phrase& phrase = *random.pick(said);
  auto relevant = place.holding(phrase.atoms, true, most_relevant);
  if (!relevant) return std::nullopt;
  static constexpr std::string_view before[] = {"ich möchte ", "", "kann ich ", "wie kann ich mein ", "ich will ", ""};
  static constexpr std::string_view behind[] = {"", " was tun", " wo geht das", " wie geht das",
                                                " was muss ich tun", ""};
  std::string text = std::string(before[random.below(6)]) + phrase.text + std::string(behind[random.below(6)]);
  return Query{as_typed(std::move(text), random), std::move(*relevant)};
}

std::optional<Query> QueryMaker::make(QueryKind kind, std::uint32_t number, const PlaceServices& place,
                                      Random& random) const {
  const PlannedService& service = plan_.services()[number];
  std::optional<Query> query;
  switch (kind) {
    case QueryKind::titles: query = title(service, place, random, nullptr); break;
    case QueryKind::synonyms: query = synonym(service, place, random); break;
    case QueryKind::typos: query = typo(service, place, random); break;
    case QueryKind::prefixes: query = prefix(service, place, random); break;
    case QueryKind::compounds: query = compounded(service, place, random); break;
    case QueryKind::everyday: query = everyday(service, place, random); break;
  }
  if (query && !std::binary_search(query->relevant.begin(), query->relevant.end(), number)) return std::nullopt;
  return query;
}

}  // namespace verbund::directory::workload
