// SPDX-License-Identifier: EUPL-1.2
// Whatever comes in: UTF-8 without anything that could run, and the same when it is sanitised again.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "kits/html/html.h"

namespace {

// Each < begins a tag of the list, without attributes but an a's href.
void check_tags(std::string_view html) {
  constexpr std::string_view allowed[] = {"p",   "br",  "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i",
                                          "em", "sup", "sub", "ul", "ol", "li", "a"};
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    std::string_view tag = html.substr(at + 1, html.find('>', at) - at - 1);
    if (tag.starts_with('/')) tag.remove_prefix(1);
    if (tag.starts_with("a href=\"") && tag.ends_with('"')) continue;
    bool known = false;
    for (const std::string_view name : allowed) known = known || tag == name;
    VERBUND_CHECK(known);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const std::string once = verbund::html::sanitise(source);
  VERBUND_CHECK(verbund::is_utf8(once));
  check_tags(once);
  const std::string lower = verbund::to_lower_ascii(once);
  VERBUND_CHECK(lower.find("<script") == std::string::npos);
  VERBUND_CHECK(lower.find("href=\"javascript:") == std::string::npos);
  VERBUND_CHECK(lower.find("href=\"data:") == std::string::npos);
  VERBUND_CHECK(verbund::html::sanitise(once) == once);
  VERBUND_CHECK(verbund::html::to_plain_text(once) == verbund::html::to_plain_text(source));
  const std::string escaped = verbund::html::escape(source);
  VERBUND_CHECK(escaped.find_first_of("<>\"'") == std::string::npos);
  return 0;
}
