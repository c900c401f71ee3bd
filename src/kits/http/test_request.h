// SPDX-License-Identifier: EUPL-1.2
// For tests: a request as the server hands it on, without a server.
#pragma once

#include <stdexcept>
#include <string>

#include "kits/http/http.h"
#include "kits/http/target.h"

namespace verbund::http {

// GET of a target ("/a?b=c"), from a client of a network for documentation. Throws for what the server itself refuses.
inline Request get_request(const std::string& target) {
  auto read = read_target(target);
  if (!read) throw std::runtime_error("not a target: " + target);
  Request out;
  out.method = "GET";
  out.target = target;
  out.path = std::move(read->path);
  out.segments = std::move(read->segments);
  out.query = std::move(read->query);
  out.client = "192.0.2.1";
  return out;
}

// The first header of this name, also among those of this answer only; "" if absent.
inline std::string header_of(const Response& response, std::string_view name) {
  for (const auto* headers : {&response.headers, &response.own_headers}) {
    for (const auto& [key, value] : *headers) {
      if (key == name) return value;
    }
  }
  return {};
}

}  // namespace verbund::http
