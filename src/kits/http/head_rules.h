// SPDX-License-Identifier: EUPL-1.2
// What HTTP demands of a request's head before anything else is done with it.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "kits/http/http.h"
#include "kits/http/target.h"

namespace verbund::http {

// Why a request is refused.
struct Refusal {
  int status;
  const char* title;
  const char* detail;
  const char* what;  // for the observer, null: none
};

// A head as the parser left it; views into the parser.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  unsigned version = 11;                                                // 10 or 11, others are refused
  std::vector<std::pair<std::string_view, std::string_view>> fields;    // as sent, in order
  // By `read_fields`:
  std::string_view host, accept_encoding, if_none_match, expect;        // the first of each; the host of an absolute target
  bool expects = false;                // there is an Expect
  bool repeated = false;               // Accept-Encoding or If-None-Match more than once
};

// Fills what stands below `fields`. Errors: the refusal of a head that is wrong, that two parties could read
// differently, or whose method is not served. Source: RFC 9112, 3.2, 6.1, 6.3.
std::optional<Refusal> read_fields(RequestHead& head);

// The request for a handler, without its body.
Request request_of(const RequestHead& head, Target target);

}  // namespace verbund::http
