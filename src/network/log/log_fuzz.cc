// SPDX-License-Identifier: EUPL-1.2
// Entries, bodies and their paths out of any bytes: an error, or a value that is written exactly as it was read.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "network/log/log_source.h"
#include "network/log/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::network;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto entry = Entry::parse(text)) VERBUND_CHECK(entry->to_text() == text);
  if (const auto id = parse_bodies_path(text)) VERBUND_CHECK(bodies_path(id->bundle, id->first) == text);
  if (const auto bodies = parse_bodies(text)) {
    std::string again;
    for (const auto& body : *bodies) append_body(again, body ? std::optional(std::string(*body)) : std::nullopt);
    VERBUND_CHECK(again == text);
  }
  (void)parse_entries(text, {verbund::tlog::TileId::entries, 0, 256});
  for (const unsigned width : {1u, 7u, 256u}) {
    for (const int level : {0, verbund::tlog::TileId::entries}) (void)cut_tile(std::string(text), {level, 0, width});
  }
  return 0;
}
