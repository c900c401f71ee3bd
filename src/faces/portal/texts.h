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

// In the order of the switch in the head of each page; the first is the default.
inline constexpr std::array<std::string_view, 3> languages = {"de", "en", "de-simple"};

// The language of `languages` that `wanted` names, else German.
std::string_view known_language(std::string_view wanted);

using Values = std::map<std::string, std::string, std::less<>>;

// Texts of one language. A missing key is our own defect: throws std::logic_error, which ends the request.
class Wording {
 public:
  explicit Wording(const page::Messages& messages) : messages_(&messages) {}
  std::string operator()(std::string_view key) const;
  std::string operator()(std::string_view key, const Values& values) const;
  // `key`.one for 1, else `key`.many with {count}.
  std::string count(std::string_view key, std::size_t number, Values values = {}) const;
  const page::Messages& messages() const { return *messages_; }

 private:
  const page::Messages* messages_;
};

struct Texts {
  page::Templates templates;
  std::map<std::string, page::Messages, std::less<>> messages;  // by language

  // From files "templates/NAME.html" and "texts/LANGUAGE.txt".
  // Errors: invalid (a template or text that does not hold, a language without file, keys that differ).
  static Result<Texts> load(std::span<const embed::File> files);
  Wording in(std::string_view language) const { return Wording(messages.find(language)->second); }
};

}  // namespace verbund::portal
