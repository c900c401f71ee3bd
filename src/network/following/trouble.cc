// SPDX-License-Identifier: EUPL-1.2
#include "network/following/trouble.h"

#include <iterator>

namespace verbund::network {
namespace {

constexpr std::string_view names[] = {"none", "connecting", "away",    "signature", "quorum", "rollback",
                                      "fork", "clock",      "content", "missing",   "storage"};
static_assert(std::size(names) == std::size(all_troubles));

}  // namespace

std::string_view name(Trouble trouble) { return names[static_cast<std::size_t>(trouble)]; }

Trouble trouble_from_name(std::string_view text) {
  for (const Trouble each : all_troubles) {
    if (name(each) == text) return each;
  }
  return Trouble::storage;
}

std::unexpected<Fault> source_trouble(const Error& error) {
  const bool malformed = error.code == ErrorCode::invalid || error.code == ErrorCode::too_large;
  return trouble(malformed ? Trouble::content : Trouble::away, error);
}

}  // namespace verbund::network
