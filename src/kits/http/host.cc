// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/host.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::http {
namespace {

constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;

bool is_port(std::string_view text) { return text.empty() || (text.size() <= 5 && is_digits(text)); }

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= longest_label && !text.starts_with('-') && !text.ends_with('-') &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

// Of "[2001:db8::1]" what is between the brackets, in lower case.
bool is_ipv6(std::string_view text) {
  return text.size() >= 2 && text.size() <= 45 && text.contains(':') && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
  });
}

}  // namespace

std::string host_name(std::string_view host) {
  if (host.size() > longest_name + 8) return {};
  std::string name = to_lower_ascii(host);
  if (name.starts_with('[')) {
    const std::size_t end = name.find(']');
    if (end == name.npos || !is_ipv6(std::string_view(name).substr(1, end - 1))) return {};
    const std::string_view rest = std::string_view(name).substr(end + 1);
    if (!rest.empty() && (rest[0] != ':' || !is_port(rest.substr(1)))) return {};
    name.resize(end + 1);
    return name;
  }
  if (const std::size_t colon = name.find(':'); colon != name.npos) {
    if (!is_port(std::string_view(name).substr(colon + 1))) return {};
    name.resize(colon);
  }
  if (name.ends_with('.')) name.pop_back();
  if (name.empty() || name.size() > longest_name) return {};
  for (const std::string_view label : split(name, '.'))
    if (!is_label(label)) return {};
  return name;
}

std::string_view authority_of_target(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (to_lower_ascii(target.substr(0, scheme.size())) != scheme) continue;
    target.remove_prefix(scheme.size());
    return target.substr(0, target.find_first_of("/?"));
  }
  return {};
}

}  // namespace verbund::http
