// SPDX-License-Identifier: EUPL-1.2
// Random values of the structs in catalogue/parts.h. Internal to objects/testing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/objects/testing/random_object.h"

namespace verbund::directory::testing {

inline bool chance(Random& random, std::size_t one_in) { return below(random, one_in) == 0; }

template <std::size_t n>
std::string one_of(Random& random, const char* const (&choices)[n]) {
  return choices[below(random, n)];
}

// 0 to 2 values made by `make`.
template <typename F>
auto some(Random& random, F make) {
  std::vector<decltype(make(random))> out;
  for (std::size_t n = below(random, 3); n > 0; --n) out.push_back(make(random));
  return out;
}

template <typename F>
auto maybe(Random& random, F make) {
  std::optional<decltype(make(random))> out;
  if (chance(random, 2)) out = make(random);
  return out;
}

inline std::string maybe_text(Random& random) { return chance(random, 2) ? random_text(random) : std::string(); }
inline std::optional<bool> maybe_flag(Random& random) {
  return chance(random, 3) ? std::nullopt : std::optional(chance(random, 2));
}
inline std::optional<std::int64_t> maybe_position(Random& random) {
  return chance(random, 2) ? std::nullopt : std::optional(static_cast<std::int64_t>(below(random, 100)));
}

std::string random_digits(Random& random, std::size_t count);
std::string random_day(Random& random);       // "2026-02-17"
std::string random_time(Random& random);      // "2026-02-17T08:15:00Z"
std::string random_uri(Random& random);
std::string random_language(Random& random);

// 0 to 3 texts in different languages.
LocalisedTexts random_texts(Random& random);
LocalisedTexts random_htmls(Random& random);
LocalisedTexts random_title(Random& random);  // German, perhaps others

Identifier random_identifier(Random& random);
Code random_code(Random& random);
Link random_link(Random& random);
Period random_period(Random& random);
VersionInfo random_version(Random& random);
std::vector<LanguageVersion> random_languages(Random& random);   // different languages
ModuleHead random_head(Random& random);
Address random_address(Random& random);
Contact random_contact(Random& random);
OpeningHours random_hours(Random& random);

}  // namespace verbund::directory::testing
