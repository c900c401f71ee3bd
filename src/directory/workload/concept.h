// SPDX-License-Identifier: EUPL-1.2
// What services are about: a thing, what is done with it, and the words people have for it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "directory/workload/random.h"
#include "directory/workload/words.h"

namespace verbund::directory::workload {

inline constexpr std::uint32_t none = 0xFFFFFFFF;

// On which level a matter is decided.
enum class Level : std::uint8_t { federation, state, region, district, association, municipality };

// "Hundehaltungserlaubnis": thing Hund, middle Haltung, head Erlaubnis (both may be none).
struct Object {
  std::uint32_t thing = none, middle = none, head = none;
  Noun noun;
  std::string abbreviation;            // "HuHaEr", empty for most
  Level level = Level::municipality;
};

struct Concept {
  std::uint32_t object, act, qualifier = none;
};

// Numbers of meanings: words with one stem are the same to whoever searches.
class Atoms {
 public:
  std::uint32_t number(const std::string& word);

 private:
  std::unordered_map<std::string, std::uint32_t> words_, stems_;
};

// A title or search term with what it means.
struct Phrase {
  enum class Kind : std::uint8_t { citizen_title, title, synonym, everyday };
  Kind kind;
  std::string text;
  std::vector<std::uint32_t> atoms;    // sorted, each once
};

struct Concepts {
  std::vector<Object> objects;
  std::vector<Concept> all;            // in an order of chance; concepts of an object stand together
};
// At least `least` concepts, each different.
Concepts make_concepts(const Words& words, std::uint64_t seed, std::size_t least);

// How one publisher words a concept; `variety` chooses among the ways. Citizen title first, then title.
std::vector<Phrase> phrases_of(const Words& words, const Concepts& concepts, std::uint32_t concept_number,
                               std::uint64_t variety, Atoms& atoms);
// Sorted atoms of an object.
std::vector<std::uint32_t> atoms_of(const Words& words, const Object& object, Atoms& atoms);

}  // namespace verbund::directory::workload
