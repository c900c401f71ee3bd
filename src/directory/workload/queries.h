// SPDX-License-Identifier: EUPL-1.2
// Makes queries of each kind for a service at a place.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "directory/workload/place_services.h"

namespace verbund::directory::workload {

enum class QueryKind : std::uint8_t { titles, synonyms, typos, prefixes, compounds, everyday };
inline constexpr std::array<std::string_view, 6> query_kinds = {"titles",   "synonyms",  "typos",
                                                                "prefixes", "compounds", "everyday"};

struct Query {
  std::string text;
  std::vector<std::uint32_t> relevant;    // services, the one it was made for among them
};

// All words of titles and search terms, to tell whether a mistyped word is near another one.
class KnownWords {
 public:
  explicit KnownWords(const Plan& plan);
  // Another word than `meant` is at most one letter away from `typed` (insert, delete, replace, swap).
  bool ambiguous(const std::u32string& typed, const std::u32string& meant) const;

 private:
  std::unordered_set<std::u32string> words_;
  std::unordered_multimap<std::u32string, const std::u32string*> shortened_;   // by the word without one letter
};

class QueryMaker {
 public:
  QueryMaker(const Words& words, const Plan& plan, const KnownWords& known)
      : words_(words), plan_(plan), known_(known) {}
  // Nothing if this service has no such query that can be answered at this place.
  std::optional<Query> make(QueryKind kind, std::uint32_t service, const PlaceServices& place, Random& random) const;

 private:
  // Words of a title that tell it apart, as typed, with their meanings.
  struct Word {
    std::string text;
    std::vector<std::uint32_t> atoms;
  };
  std::vector<Word> title_words(const PlannedService& service, Random& random) const;
  std::optional<Query> title(const PlannedService& service, const PlaceServices& place, Random& random,
                             std::size_t* longest) const;
  std::optional<Query> synonym(const PlannedService& service, const PlaceServices& place, Random& random) const;
  std::optional<Query> typo(const PlannedService& service, const PlaceServices& place, Random& random) const;
  std::optional<Query> prefix(const PlannedService& service, const PlaceServices& place, Random& random) const;
  std::optional<Query> compounded(const PlannedService& service, const PlaceServices& place, Random& random) const;
  std::optional<Query> everyday(const PlannedService& service, const PlaceServices& place, Random& random) const;
  std::vector<std::uint32_t> object_and_act(const PlannedService& service) const;

  const Words& words_;
  const Plan& plan_;
  const KnownWords& known_;
};

}  // namespace verbund::directory::workload
