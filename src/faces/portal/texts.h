// SPDX-License-Identifier: EUPL-1.2
// The interface texts of the pages in their languages, and the templates that use them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kits/embed/embed.h"
#include "kits/page/page.h"

namespace verbund::portal {

// In the order of the switch in the head of each page; the first is the default. A key stands in all of their files.
inline constexpr std::array<std::string_view, 6> languages = {"de", "en", "de-simple", "tr", "uk", "ar"};

// The language of `languages` that `wanted` names, else German.
std::string_view known_language(std::string_view wanted);

// Whether it is written from right to left.
bool right_to_left(std::string_view language);

// As previews of pages name it: "de_DE". Source: Open Graph protocol, og:locale.
std::string_view locale_of(std::string_view language);

// The form of a counted thing: "one", "two", "few" or "many". Source: CLDR 42 plural rules for whole numbers; "other"
// is "many" here.
std::string_view plural_form(std::string_view language, std::size_t number);

// The first of `languages` that an Accept-Language header prefers, by its main part ("uk-UA" is "uk"); "" if it names
// none. Source: RFC 9110, 12.5.4. Any bytes may come in.
std::string_view accepted_language(std::string_view header);

using Values = std::map<std::string, std::string, std::less<>>;

// Texts of one language. A missing key is our own defect: throws std::logic_error, which ends the request.
class Wording {
 public:
  Wording(const page::Messages& messages, std::string_view language) : messages_(&messages), language_(language) {}
  std::string operator()(std::string_view key) const;
  std::string operator()(std::string_view key, const Values& values) const;
  // `key`.one for 1, else `key`.many with {count}; .two and .few where the language has them (see plural_form).
  std::string count(std::string_view key, std::size_t number, Values values = {}) const;
  const page::Messages& messages() const { return *messages_; }

 private:
  const page::Messages* messages_;
  std::string_view language_;    // of `languages`
};

struct Texts {
  page::Templates templates;
  std::map<std::string, page::Messages, std::less<>> messages;  // by language

  // From files "templates/NAME.html" and "texts/LANGUAGE.txt".
  // Errors: invalid (a template or text that does not hold, a language without file, a key of one that another lacks).
  static Result<Texts> load(std::span<const embed::File> files);
  Wording in(std::string_view language) const {
    return Wording(messages.find(language)->second, known_language(language));
  }
};

}  // namespace verbund::portal
