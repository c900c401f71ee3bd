// SPDX-License-Identifier: EUPL-1.2
// Any template loads or is refused; what loads renders or names what is missing; no text gets through unescaped.
// Any message file parses or is refused, and its texts fill.
#include <cstdint>
#include <cstdlib>

#include "kits/page/page.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace verbund;
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t half = input.find('\0');
  const std::string source = input.substr(0, half);
  const std::string value = half == input.npos ? "\x01<script>" : input.substr(half + 1) + "<script>";
  const auto translate = [](std::string_view key) -> Result<std::string> {
    return key.size() % 2 == 0 ? Result<std::string>(std::string(key)) : fail(ErrorCode::not_found, "no text");
  };
  auto templates = page::Templates::load({{"page", source}, {"part", "{{a}}\n{{#b}}{{.}}{{/b}}\n"}});
  const bool has_script = source.find("<script>") != source.npos;
  if (templates) {
    page::Data data;
    data.set("a", value).set("b", std::vector<page::Data>{page::Data(value), page::Data().set("a", value)});
    data.set("c", page::Data().set("a", value).set("d", false)).set("e", "");
    auto out = templates->render("page", data, translate);
    if (out && !has_script && out->find("<script>") != out->npos) std::abort();
  }
  if (auto messages = page::Messages::parse(input, "de.txt")) {
    for (const auto& [key, text] : messages->all()) {
      auto filled = messages->text(key, {{"a", value}, {"count", "1"}});
      if (filled && text.find('{') == text.npos && *filled != text) std::abort();
    }
  }
  return 0;
}
