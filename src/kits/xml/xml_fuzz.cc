// SPDX-License-Identifier: EUPL-1.2
// Whatever comes in: an error, or elements that are UTF-8, within the limits and the same after writing and reading.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "kits/xml/xml.h"

namespace {

using verbund::xml::Attribute;
using verbund::xml::Element;

void check(const Element& element, std::size_t depth, const verbund::xml::Limits& limits) {
  VERBUND_CHECK(depth <= limits.depth);
  VERBUND_CHECK(element.attributes.size() <= limits.attributes);
  VERBUND_CHECK(verbund::is_utf8(element.text) && element.text.size() <= limits.element_bytes);
  VERBUND_CHECK(verbund::is_utf8(element.name) && !element.name.empty());
  for (const Attribute& a : element.attributes) VERBUND_CHECK(verbund::is_utf8(a.name) && verbund::is_utf8(a.value));
  for (const Element& child : element.children) check(child, depth + 1, limits);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const verbund::xml::Limits limits{.element_bytes = 4096, .depth = 16, .attributes = 8};
  std::vector<std::string> texts;
  const auto keep = [&](const Element& element) -> verbund::Result<void> {
    check(element, 1, limits);
    texts.push_back(element.text);
    return {};
  };
  const auto done = verbund::xml::read_items_from_memory(bytes, "fuzz", keep, keep, limits);
  VERBUND_CHECK(done || !done.error().message.empty());
  if (!done) return 0;

  std::string written;
  verbund::xml::Writer writer([&](std::string_view piece) { written += piece; });
  writer.open("r");
  for (const std::string& text : texts) {
    writer.open("i");
    writer.attribute("a", text);
    writer.close();
  }
  writer.close();
  writer.finish();
  std::size_t at = 0;
  const auto ignore = [](const Element&) -> verbund::Result<void> { return {}; };
  const auto compare = [&](const Element& element) -> verbund::Result<void> {
    std::string expected = texts.at(at++);
    std::erase(expected, '\r');  // a control character the writer drops
    VERBUND_CHECK(element.attribute("a") == expected);
    return {};
  };
  const auto again = verbund::xml::read_items_from_memory(written, "written", ignore, compare);
  VERBUND_CHECK(again.has_value() && at == texts.size());
  return 0;
}
