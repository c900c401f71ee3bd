// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/target.h"

#include <algorithm>

#include "base/text.h"
#include "kits/http/http.h"

namespace verbund::http {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// "http://host:port/rest" -> "/rest"; read_fields takes the host of it.
std::string_view without_origin(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (to_lower_ascii(target.substr(0, scheme.size())) != scheme) continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    return path == target.npos ? "/" : target.substr(path);
  }
  return target;
}

Result<std::string> segment(std::string_view encoded) {
  auto text = percent_decode(encoded, false);
  if (!text) return text;
  for (std::string_view part : split(*text, '/')) {  // an encoded "/" may be part of an id, but leads nowhere else
    if (part == "." || part == "..") return fail(ErrorCode::invalid, "the path has a segment . or ..");
  }
  if (std::any_of(text->begin(), text->end(), is_control)) {
    return fail(ErrorCode::invalid, "the path has a control character");
  }
  return text;
}

}  // namespace

Result<Target> read_target(std::string_view target) {
  target = without_origin(target);
  if (target.find('#') != target.npos) return fail(ErrorCode::invalid, "the target has a fragment");
  const std::size_t question = std::min(target.find('?'), target.size());
  std::string_view path = target.substr(0, question);
  Target out;
  if (path.empty() && question < target.size()) path = "/";  // absolute form "http://host?q"
  if (path.empty() || path[0] != '/') return fail(ErrorCode::invalid, "the target does not begin with /");
  for (std::string_view part : split(path.substr(1), '/')) {
    auto text = segment(part);
    if (!text) return pass(text);
    out.path += '/';
    out.path += *text;
    out.segments.push_back(std::move(*text));
  }
  if (out.path == "/") out.segments.clear();
  if (question < target.size()) {
    auto query = parse_form(target.substr(question + 1));
    if (!query) return pass(query);
    out.query = std::move(*query);
  }
  return out;
}

}  // namespace verbund::http
