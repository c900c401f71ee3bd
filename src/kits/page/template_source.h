// SPDX-License-Identifier: EUPL-1.2
// What happens to a template before the engine sees it: every tag is checked, partials are put in place, and each tag's
// name is replaced by its number, so that the engine asks us for tag 17 and we know what it is, how it is used and on
// which line of which template it stands.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::page {

struct Tag {
  enum class Use { value, section, text_key };
  Use use = Use::value;
  std::vector<std::string> path;  // "a.b" is {"a", "b"}; "." is empty; of a text key: the key alone
  std::string name;               // as written
  std::string where;              // "template:line"
};

struct PreparedTemplate {
  std::string source;             // mustache with numbers for names: {{0}} {{#1}}...{{/1}}
  std::vector<Tag> tags;
};

// Limits: 1 MiB of source with partials in place, 64 sections or partials inside one another.
inline constexpr std::size_t kMostTemplateBytes = 1u << 20;
inline constexpr std::size_t kMostTemplateDepth = 64;

// Errors: invalid (syntax, raw output, changed delimiters, unknown or recursive partial), too_large.
Result<PreparedTemplate> prepare_template(std::string_view name, const std::map<std::string, std::string>& sources);

}  // namespace verbund::page
