// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/concept.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "kits/text/text.h"

namespace verbund::directory::workload {
namespace {

// Which classes of heads go with which group of things.
std::string_view classes_of(char group) {
  switch (group) {
    case 'a': return "tpckxrh";
    case 'v': return "tpckxrl";
    case 'b': return "tpcmxrl";
    case 'g': return "tpcxrhm";
    case 'p': return "mkhlc";
    case 'd': return "kcr";
    case 'e': return "plhmxt";
    case 'n': return "pmxrht";
    case 's': return "lmcxhkt";
    case 'l': return "pcxhmrt";
    case 'f': return "crmh";
    case 'w': return "tlphmx";
  }
  return {};
}

Level level_of(std::uint64_t hash) {
  const auto at = hash % 100;
  return at < 8 ? Level::federation : at < 17 ? Level::state : at < 20 ? Level::region : at < 36 ? Level::district
         : at < 46 ? Level::association : Level::municipality;
}

std::string first_letters(std::string_view word) { return std::string(cut_utf8(word, 2)); }

class Maker {
 public:
  Maker(const Words& words, std::uint64_t seed) : words_(words), random_(mix(seed, 1)) {}

  Concepts run(std::size_t least) {
    for (std::size_t round = 0; out_.all.size() < least; ++round) {
      VERBUND_CHECK(round < 50);
      std::vector<std::uint32_t> order(words_.things.size());
      for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
      random_.shuffle(order);
      for (const std::uint32_t thing : order) add_thing(thing, round);
    }
    mix_objects();
    return std::move(out_);
  }

 private:
  void add_thing(std::uint32_t thing, std::size_t round) {
    const Noun& noun = words_.things[thing];
    const char group = noun.groups.at(0);
    if (round == 0) add_object({thing, none, none, noun, {}, {}});
    const std::string_view classes = classes_of(group);
    for (std::size_t i = 0; i < 2; ++i) {
      const std::uint32_t head = any_head(random_.pick(classes));
      add_object({thing, none, head, compound(noun, words_.heads[head]), {}, {}});
    }
    for (std::size_t i = 0; i < 2; ++i) {
      const auto middle = static_cast<std::uint32_t>(random_.below(words_.middles.size()));
      if (words_.middles[middle].groups.find(group) == std::string::npos) continue;
      const std::uint32_t head = any_head(random_.pick(classes));
      const Noun both = compound(compound(noun, words_.middles[middle]), words_.heads[head]);
      add_object({thing, middle, head, both, {}, {}});
    }
  }

  std::uint32_t any_head(char which) {
    while (true) {
      const auto head = static_cast<std::uint32_t>(random_.below(words_.heads.size()));
      if (words_.heads[head].groups.find(which) != std::string::npos) return head;
    }
  }

  void add_object(Object object) {
    std::vector<std::uint32_t> acts;
    for (std::uint32_t act = 0; act < words_.acts.size(); ++act) {
      const Act& one = words_.acts[act];
      const bool fits = object.head == none
                            ? one.things.find(words_.things[object.thing].groups) != std::string::npos
                            : one.heads.find(words_.heads[object.head].groups) != std::string::npos;
      if (fits) acts.push_back(act);
    }
    // The same name by two ways would be two matters that nobody can tell apart.
    if (acts.empty() || !names_.insert(object.noun.text).second) return;
    random_.shuffle(acts);
    acts.resize(std::min<std::size_t>(acts.size(), 2 + random_.below(3)));
    object.level = level_of(random_.next());
    if (object.head != none && random_.chance(25)) {
      object.abbreviation = first_letters(words_.things[object.thing].text);
      if (object.middle != none) object.abbreviation += first_letters(words_.middles[object.middle].text);
      object.abbreviation += first_letters(words_.heads[object.head].text) + "G";
    }
    const auto number = static_cast<std::uint32_t>(out_.objects.size());
    out_.objects.push_back(std::move(object));
    for (const std::uint32_t act : acts) {
      out_.all.push_back({number, act, none});
      if (random_.chance(20)) {
        out_.all.push_back({number, act, static_cast<std::uint32_t>(random_.below(words_.qualifiers.size()))});
      }
    }
  }

  // Objects in an order of chance, the concepts of one still together.
  void mix_objects() {
    std::vector<std::uint64_t> place(out_.objects.size());
    for (std::uint64_t& one : place) one = random_.next();
    std::stable_sort(out_.all.begin(), out_.all.end(),
                     [&](const Concept& a, const Concept& b) { return place[a.object] < place[b.object]; });
  }

  const Words& words_;
  Random random_;
  Concepts out_;
  std::set<std::string> names_;
};

class Wording {
 public:
  Wording(const Words& words, const Object& object, const Act& act, const Qualifier* qualifier, std::uint64_t variety,
          Atoms& atoms)
      : words_(words), object_(object), act_(act), qualifier_(qualifier), random_(variety), atoms_(atoms),
        base_(atoms_of(words, object, atoms)) {}

  std::vector<Phrase> run() {
    titles();
    synonyms();
    everyday();
    return std::move(out_);
  }

 private:
  void add(Phrase::Kind kind, std::string text, std::vector<std::uint32_t> atoms) {
    for (const Phrase& other : out_)
      if (other.text == text) return;
    std::sort(atoms.begin(), atoms.end());
    atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
    out_.push_back({kind, std::move(text), std::move(atoms)});
  }
  std::vector<std::uint32_t> base(std::initializer_list<std::string> more) {
    std::vector<std::uint32_t> out = base_;
    for (const std::string& word : more) out.push_back(atoms_.number(word));
    return out;
  }

  void titles() {
    std::vector<std::uint32_t> atoms = base({act_.infinitive});
    std::string narrowed;
    if (qualifier_) {
      narrowed = " " + qualifier_->text;
      for (const std::string& word : qualifier_->words) atoms.push_back(atoms_.number(word));
    }
    const Noun& noun = object_.noun;
    add(Phrase::Kind::citizen_title, noun.text + narrowed + " " + act_.infinitive, atoms);
    const std::size_t way = random_.below(10);
    if (way < 5) {
      add(Phrase::Kind::title, noun.text + " " + act_.noun.text + narrowed, atoms);
    } else if (way < 8) {
      add(Phrase::Kind::title, act_.noun.text + " " + noun.the(Noun::Case::genitive) + narrowed, atoms);
    } else {
      add(Phrase::Kind::title, noun.link + lower_first(act_.noun.text) + narrowed, atoms);
    }
  }

  void synonyms() {
    const Noun& thing = words_.things[object_.thing];
    for (const std::string& said : thing.everyday) {
      if (object_.head == none) {
        add(Phrase::Kind::synonym, said + " " + act_.infinitive,
            {atoms_.number(said), atoms_.number(act_.infinitive)});
      } else if (random_.chance(70)) {
        const Noun& head = words_.heads[object_.head];
        std::vector<std::uint32_t> atoms{atoms_.number(said), atoms_.number(head.text)};
        std::string text = said + " " + head.text;
        if (object_.middle != none) {
          const Noun& middle = words_.middles[object_.middle];
          text = said + " " + compound(middle, head).text;
          atoms.push_back(atoms_.number(middle.text));
        }
        add(Phrase::Kind::synonym, std::move(text), std::move(atoms));
      }
    }
    if (object_.head != none) {
      const Noun& head = words_.heads[object_.head];
      for (const std::string& said : head.everyday) {
        std::vector<std::uint32_t> atoms{atoms_.number(thing.text), atoms_.number(said)};
        std::string first = thing.link;
        if (object_.middle != none) {
          first = compound(thing, words_.middles[object_.middle]).link;
          atoms.push_back(atoms_.number(words_.middles[object_.middle].text));
        }
        add(Phrase::Kind::synonym, first + lower_first(said), std::move(atoms));
      }
    }
    if (!object_.abbreviation.empty()) {
      add(Phrase::Kind::synonym, object_.abbreviation, {atoms_.number(object_.abbreviation)});
    }
  }

  void everyday() {
    std::vector<std::string> said;
    for (const std::string_view word : split(act_.everyday, ' '))
      if (word != "lassen" && word != "nicht") said.emplace_back(word);
    std::vector<std::uint32_t> atoms = base_;
    for (const std::string& word : said) atoms.push_back(atoms_.number(word));
    add(Phrase::Kind::everyday, object_.noun.text + " " + act_.everyday, atoms);
    const Noun& thing = words_.things[object_.thing];
    if (!thing.everyday.empty() && object_.head == none) {
      std::vector<std::uint32_t> more{atoms_.number(thing.everyday[0])};
      for (const std::string& word : said) more.push_back(atoms_.number(word));
      add(Phrase::Kind::everyday, thing.everyday[0] + " " + act_.everyday, std::move(more));
    }
    if (act_.infinitive == "beantragen") {
      add(Phrase::Kind::everyday, "Antrag auf " + object_.noun.text, base({"antrag"}));
    }
  }

  const Words& words_;
  const Object& object_;
  const Act& act_;
  const Qualifier* qualifier_;
  Random random_;
  Atoms& atoms_;
  std::vector<std::uint32_t> base_;
  std::vector<Phrase> out_;
};

}  // namespace

std::uint32_t Atoms::number(const std::string& word) {
  const auto known = words_.find(word);
  if (known != words_.end()) return known->second;
  const std::string stem = text::stem_german(text::fold_umlauts(word));
  const std::uint32_t number = stems_.emplace(stem, static_cast<std::uint32_t>(stems_.size())).first->second;
  words_.emplace(word, number);
  return number;
}

Concepts make_concepts(const Words& words, std::uint64_t seed, std::size_t least) {
  return Maker(words, seed).run(least);
}

std::vector<std::uint32_t> atoms_of(const Words& words, const Object& object, Atoms& atoms) {
  std::vector<std::uint32_t> out{atoms.number(words.things[object.thing].text)};
  if (object.middle != none) out.push_back(atoms.number(words.middles[object.middle].text));
  if (object.head != none) out.push_back(atoms.number(words.heads[object.head].text));
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Phrase> phrases_of(const Words& words, const Concepts& concepts, std::uint32_t concept_number,
                               std::uint64_t variety, Atoms& atoms) {
  const Concept& one = concepts.all[concept_number];
  const Qualifier* qualifier = one.qualifier == none ? nullptr : &words.qualifiers[one.qualifier];
  return Wording(words, concepts.objects[one.object], words.acts[one.act], qualifier, variety, atoms).run();
}

}  // namespace verbund::directory::workload
