// SPDX-License-Identifier: EUPL-1.2
// The request target, made safe before any handler sees it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace verbund::http {

struct Target {
  std::string path;                                          // as Request::path
  std::vector<std::string> segments;                         // as Request::segments
  std::vector<std::pair<std::string, std::string>> query;    // as Request::query
};

// Takes the origin form ("/a?b=c") and the absolute form ("http://host/a?b=c"). Errors: invalid (another form, bad
// escape, not UTF-8, a control character, a part "." or ".." also behind an encoded "/", a fragment).
// Source: RFC 9112, 3.2; RFC 3986, 3.3.
Result<Target> read_target(std::string_view target);

}  // namespace verbund::http
