// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "base/text.h"
#include "kits/page/page.h"

namespace verbund::page {
namespace {

bool is_key_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool is_key(std::string_view key) { return !key.empty() && std::all_of(key.begin(), key.end(), is_key_byte); }

// The name of the place "{name}" at the beginning of `text`, or "".
std::string_view place_at(std::string_view text) {
  const std::size_t end = text.find('}');
  if (end == text.npos) return {};
  const std::string_view name = text.substr(1, end - 1);
  return is_key(name) ? name : std::string_view{};
}

}  // namespace

Result<Messages> Messages::parse(std::string_view source, std::string_view name) {
  if (!is_utf8(source)) return fail(ErrorCode::invalid, "the texts are not UTF-8", std::string(name));
  Messages messages;
  std::size_t number = 0;
  for (std::string_view raw : split(source, '\n')) {
    ++number;
    const std::string where = std::string(name) + ":" + std::to_string(number);
    const std::string_view line = trim(raw);
    if (line.empty() || line[0] == '#') continue;
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return fail(ErrorCode::invalid, "a line without \"=\"", where, "write: key = text");
    const std::string_view key = trim(line.substr(0, equals));
    if (!is_key(key)) {
      return fail(ErrorCode::invalid, "not a key: " + std::string(cut_utf8(key, 40)), where,
                  "keys have letters, digits, dots, _ and -");
    }
    if (!messages.texts_.emplace(key, trim(line.substr(equals + 1))).second) {
      return fail(ErrorCode::invalid, "key " + std::string(key) + " is there twice", where);
    }
  }
  return messages;
}

Result<std::string> Messages::text(std::string_view key) const {
  auto found = texts_.find(key);
  if (found == texts_.end()) return fail(ErrorCode::not_found, "no text for " + std::string(key));
  return found->second;
}

Result<std::string> Messages::text(std::string_view key,
                                   const std::map<std::string, std::string, std::less<>>& values) const {
  auto found = texts_.find(key);
  if (found == texts_.end()) return fail(ErrorCode::not_found, "no text for " + std::string(key));
  std::string out;
  std::string_view rest = found->second;
  while (!rest.empty()) {
    const std::size_t brace = std::min(rest.find('{'), rest.size());
    out += rest.substr(0, brace);
    rest.remove_prefix(brace);
    if (rest.empty()) break;
    const std::string_view place = place_at(rest);
    if (place.empty()) {  // a brace that is only a brace
      out += '{';
      rest.remove_prefix(1);
      continue;
    }
    auto value = values.find(place);
    if (value == values.end()) {
      return fail(ErrorCode::not_found,
                  "text " + std::string(key) + " has a place {" + std::string(place) + "} without value");
    }
    out += value->second;  // not looked at again: a value cannot bring places of its own
    rest.remove_prefix(place.size() + 2);
  }
  return out;
}

}  // namespace verbund::page
