// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/counting.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace verbund::portal {
namespace {

using Outcome = directory::SearchCounter::Outcome;

constexpr std::size_t longest_referer = 2048;  // bytes

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != std::string_view::npos; });
}

// A page that somebody opened to look at it, as far as the request says.
bool is_visit(const http::Request& request) {
  if (request.method != "GET") return false;
  for (std::string_view header : {"sec-purpose", "purpose", "x-purpose", "x-moz"}) {
    if (contains_any(to_lower_ascii(request.header(header)), {"prefetch", "preview", "prerender"})) return false;
  }
  const std::string_view mode = request.header("sec-fetch-mode");
  if (!mode.empty() && mode != "navigate") return false;
  return !contains_any(to_lower_ascii(request.header("user-agent")), {"bot", "crawl", "spider", "preview", "monitor"});
}

// "https://portal.example:8443/suche?q=x" -> "portal.example:8443" and "/suche?q=x"; empty if it is no web address.
struct Address {
  std::string_view authority, target;
};
Address parts(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || (url.substr(0, scheme) != "http" && url.substr(0, scheme) != "https")) return {};
  url.remove_prefix(scheme + 3);
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  return {url.substr(0, end), url.substr(end)};
}

}  // namespace

void count_search(directory::SearchCounter& counter, const http::Request& request, Searched searched) {
  if (searched == Searched::no || !is_visit(request) || !request.header("if-none-match").empty()) return;
  counter.count(request.query_value("q"), searched == Searched::found ? Outcome::found : Outcome::nothing);
}

void count_click(directory::SearchCounter& counter, const http::Request& request, std::string_view base_url) {
  const std::string_view referer = request.header("referer");
  if (referer.empty() || referer.size() > longest_referer || !is_visit(request)) return;
  if (!request.header("cache-control").empty()) return;
  const Address from = parts(referer);
  constexpr std::string_view page = "/suche?";
  if (from.authority.empty() || !from.target.starts_with(page)) return;
  if (from.authority != request.header("host") && from.authority != parts(base_url).authority) return;
  std::string_view query = from.target.substr(page.size());
  query = query.substr(0, query.find('#'));
  const auto fields = http::parse_form(query);
  if (!fields) return;
  for (const auto& [name, value] : *fields) {
    if (name != "q") continue;
    counter.count(value, Outcome::clicked);
    return;
  }
}

}  // namespace verbund::portal
