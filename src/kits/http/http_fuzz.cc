// SPDX-License-Identifier: EUPL-1.2
// Any target is refused or safe; encoding reads back; no list of codings or tags breaks Representations.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "kits/http/host.h"
#include "kits/http/http.h"
#include "kits/http/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace verbund;
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  if (const std::string name = http::host_name(input); !name.empty()) {
    if (name.size() > 253 || http::host_name(name) != name || name.find_first_of("@/\\,? ") != name.npos) std::abort();
  }
  if (auto target = http::read_target(input)) {
    if (!target->path.starts_with('/') || !is_utf8(target->path)) std::abort();
    for (std::string_view segment : split(std::string_view(target->path).substr(1), '/')) {
      if (segment == "." || segment == "..") std::abort();
    }
    http::Router router;
    router.add("GET", "/a/{b}/c", [](const http::Request&) { return http::text(200, ""); });
    router.add("GET", "/{a}/b/{c}", [](const http::Request&) { return http::text(200, ""); });
    http::Request request;
    request.method = "GET";
    request.path = target->path;
    request.segments = target->segments;
    router.route(request);
  }
  if (auto form = http::parse_form(input)) {
    for (const auto& [name, value] : *form) {
      if (*http::percent_decode(http::percent_encode(name), true) != name) std::abort();
      if (!is_utf8(value)) std::abort();
    }
  }
  http::percent_decode(input, true);
  static http::Representations representations(4096);
  http::Request request;
  request.method = "GET";
  request.headers["accept-encoding"] = input;
  request.headers["if-none-match"] = input;
  const http::Response response = representations.finish(request, http::html(200, std::string(600, 'x')));
  if (response.status != 200 && response.status != 304) std::abort();
  return 0;
}
