// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/forms.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::portal {
namespace {

constexpr std::size_t most_bytes = 64u << 10;
constexpr std::size_t longest_path = 300;

// "https://portal.example:8443/x" -> "portal.example:8443"; empty if it is no web address.
std::string_view authority_of(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    return url.substr(0, url.find_first_of("/?#"));
  }
  return {};
}

}  // namespace

bool from_own_page(const http::Request& request, std::string_view base_url) {
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty()) return site == "same-origin";
  std::string_view from = request.header("origin");
  if (from.empty()) from = request.header("referer");
  const std::string_view authority = authority_of(from);
  return !authority.empty() && (authority == request.header("host") || authority == authority_of(base_url));
}

Result<Form> Form::read(const http::Request& request, std::string_view base_url) {
  if (request.body.size() > most_bytes) return fail(ErrorCode::too_large, "the form is too large");
  if (!from_own_page(request, base_url)) return fail(ErrorCode::invalid, "not sent from a page of this portal");
  if (!to_lower_ascii(request.header("content-type")).starts_with("application/x-www-form-urlencoded")) {
    return fail(ErrorCode::invalid, "not a form");
  }
  auto fields = http::parse_form(request.body);
  if (!fields) return pass(fields);
  Form out;
  out.fields_ = std::move(*fields);
  return out;
}

std::string_view Form::value(std::string_view name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; });
  return found == fields_.end() ? std::string_view() : std::string_view(found->second);
}

std::string own_path(std::string_view typed) {
  const bool ours = typed.starts_with('/') && !typed.starts_with("//") && typed.size() <= longest_path &&
                    std::none_of(typed.begin(), typed.end(), [](char c) {
                      const auto byte = static_cast<unsigned char>(c);
                      return byte <= 0x20 || byte == 0x7F || c == '\\' || c == '"' || c == '<' || c == '>';
                    });
  return ours ? std::string(typed) : std::string();
}

}  // namespace verbund::portal
