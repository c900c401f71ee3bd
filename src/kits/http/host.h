// SPDX-License-Identifier: EUPL-1.2
// The name in a Host header, as one server that answers for several names compares it.
#pragma once

#include <string>
#include <string_view>

namespace verbund::http {

// "Stadt.Example.:8080" -> "stadt.example": in lower case, without port and a dot at the end. An IPv6 address keeps its
// brackets. "" for what is no host: longer than 253 bytes, other letters than a-z, 0-9, - and ., an empty label, userinfo,
// a port that is none. Source: RFC 9110, 7.2; RFC 3986, 3.2.2; RFC 1123, 2.1.
std::string host_name(std::string_view host);

// The authority of a target in absolute form ("http://host:port/rest"); nothing in it for any other form.
// Source: RFC 9112, 3.2.2.
std::string_view authority_of_target(std::string_view target);

}  // namespace verbund::http
