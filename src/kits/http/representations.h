// SPDX-License-Identifier: EUPL-1.2
// What Accept-Encoding and If-None-Match say.
#pragma once

#include <string_view>

#include "kits/http/http.h"

namespace verbund::http {

enum class Coding { identity, gzip, brotli };

// The best of ours that `accept_encoding` takes; what is malformed counts as refused. Source: RFC 9110, 12.5.3.
Coding choose_coding(std::string_view accept_encoding);

// True if the list of an If-None-Match names `tag` (with its quotes; weak comparison) or is "*". Source: 13.1.2.
bool names_tag(std::string_view list, std::string_view tag);

}  // namespace verbund::http
