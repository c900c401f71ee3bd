// SPDX-License-Identifier: EUPL-1.2
// Areas by what people write, with wildcards. Internal to fit_connect.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/geography/area.h"
#include "kits/store/store.h"

namespace verbund::fit_connect {

// "Kreisfreie Stadt", "Landkreis", "Gemeinde" ... Source: Destatis GV100AD, Textkennzeichen; else by level.
std::string kind_of(const directory::Area& area);

// A search expression of the Routing API: words with "*" for anything; between stars two characters or more, never
// three stars in a row, one at each end at most.
class Expression {
 public:
  // Errors: invalid (breaks the rule above, empty, more than 200 bytes).
  static Result<Expression> read(std::string_view text);
  // Both folded.
  bool matches(std::string_view folded) const;

 private:
  std::vector<std::string> parts_;  // literals, folded, between stars
  bool open_front_ = false, open_back_ = false;
};

// All areas that are valid, as of one list. Immutable.
class AreaNames {
 public:
  explicit AreaNames(store::Connection& connection);
  struct Entry {
    directory::AreaKey key;
    std::string name, kind;
    std::vector<std::string> folded;  // the names whole, their words, postal codes
    std::int64_t population;
  };
  // Areas that every expression matches: in a word of a name, a whole name or a postal code. Larger ones first.
  std::vector<const Entry*> find(const std::vector<Expression>& expressions) const;

 private:
  std::vector<Entry> entries_;  // by population, then key
};

}  // namespace verbund::fit_connect
