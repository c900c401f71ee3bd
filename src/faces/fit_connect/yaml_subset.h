// SPDX-License-Identifier: EUPL-1.2
// For tests: the part of YAML that published API descriptions are written in, as JSON. Maps and lists by indentation,
// plain and quoted scalars, literal blocks, comments on lines of their own. Not for foreign input.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "kits/json/json.h"

namespace verbund::fit_connect::testing {

class YamlSubset {
 public:
  explicit YamlSubset(std::string_view text) {
    for (std::string_view line : split(text, '\n')) {
      std::size_t indent = 0;
      while (indent < line.size() && line[indent] == ' ') ++indent;
      lines_.push_back({indent, line.substr(indent)});
    }
  }
  Json read() { return node(0); }

 private:
  struct Line {
    std::size_t indent;
    std::string_view text;
  };

  bool skip_blank() {
    while (at_ < lines_.size() && (lines_[at_].text.empty() || lines_[at_].text.starts_with('#'))) ++at_;
    return at_ < lines_.size();
  }

  Json node(std::size_t least) {
    if (!skip_blank() || lines_[at_].indent < least) return nullptr;
    const std::size_t indent = lines_[at_].indent;
    return lines_[at_].text.starts_with("- ") ? list(indent) : map(indent);
  }

  Json list(std::size_t indent) {
    Json::Array out;
    while (skip_blank() && lines_[at_].indent == indent && lines_[at_].text.starts_with("- ")) {
      lines_[at_].text.remove_prefix(2);
      lines_[at_].indent += 2;
      if (key_end(lines_[at_].text) != std::string_view::npos) {
        out.push_back(map(lines_[at_].indent));
      } else {
        out.push_back(scalar(lines_[at_++].text));
      }
    }
    return out;
  }

  Json map(std::size_t indent) {
    Json::Object out;
    while (skip_blank() && lines_[at_].indent == indent) {
      const std::string_view text = lines_[at_].text;
      const std::size_t end = key_end(text);
      if (end == std::string_view::npos) break;
      const Json key = scalar(text.substr(0, end));
      const std::string name = key.if_string() != nullptr ? *key.if_string() : std::string(text.substr(0, end));
      const std::string_view rest = trim(text.substr(end + 1));
      ++at_;
      if (rest.empty()) {
        const bool same = skip_blank() && lines_[at_].indent == indent && lines_[at_].text.starts_with("- ");
        out[name] = same ? list(indent) : node(indent + 1);
      } else if (rest == "|" || rest == ">" || rest == "|-" || rest == ">-") {
        std::string block;
        while (at_ < lines_.size() && (lines_[at_].text.empty() || lines_[at_].indent > indent)) {
          block.append(lines_[at_++].text).append("\n");
        }
        out[name] = block;
      } else {
        out[name] = scalar(rest);
      }
    }
    return out;
  }

  // Where the key of "key: value" ends.
  static std::size_t key_end(std::string_view text) {
    std::size_t from = 0;
    if (text.starts_with('\'') || text.starts_with('"')) from = text.find(text[0], 1) + 1;
    const std::size_t colon = text.find(':', from);
    if (colon == text.npos || (from > 0 && colon != from)) return std::string_view::npos;
    return colon + 1 == text.size() || text[colon + 1] == ' ' ? colon : std::string_view::npos;
  }

  static Json scalar(std::string_view text) {
    if (text.size() >= 2 && text[0] == '\'' && text.back() == '\'') {
      std::string out;
      for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        out += text[i];
        if (text[i] == '\'') ++i;
      }
      return out;
    }
    if (text.size() >= 2 && text[0] == '"' && text.back() == '"') return parse_json(text, "yaml").value_or(Json());
    if (text == "true" || text == "false") return text == "true";
    if (const auto number = parse_number(text)) return *number;
    return text;
  }

  std::vector<Line> lines_;
  std::size_t at_ = 0;
};

}  // namespace verbund::fit_connect::testing
