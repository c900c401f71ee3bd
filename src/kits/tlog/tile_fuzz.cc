// SPDX-License-Identifier: EUPL-1.2
// Tiles, bundles, paths and proofs out of any bytes: an error, or a value that is written exactly as it was read; no
// proof made of them verifies but the true one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/check.h"
#include "kits/tlog/tile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::tlog;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto id = parse_tile_path(bytes)) VERBUND_CHECK(tile_path(*id) == bytes);
  if (const auto entries = parse_bundle(bytes)) {
    std::string again;
    for (const std::string_view entry : *entries) append_entry(again, entry);
    VERBUND_CHECK(again == bytes);
  }
  const auto tile = parse_tile(bytes);
  if (!tile) return 0;
  VERBUND_CHECK(print_tile(*tile) == bytes);

  // The same bytes as the only tile of a log and as a proof: first two bytes choose sizes.
  const std::uint64_t count = tile->size();
  TileReader reader(count, [&](const TileId& id) -> verbund::Result<std::string> {
    return std::string(bytes.substr(0, id.width * sizeof(Hash)));
  });
  Frontier frontier;
  for (const Hash& hash : *tile) frontier.append(hash);
  if (count < tile_width) VERBUND_CHECK(tree_root(count, std::ref(reader)).value() == frontier.root());
  const std::uint64_t index = data[0] % count;
  const std::uint64_t before = data[1] % (count + 1);
  const Proof proof(tile->begin(), tile->begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(count, 9)));
  const Hash root = frontier.root();
  if (count > 1 && verify_inclusion(index, count, (*tile)[index], proof, root)) {
    VERBUND_CHECK(proof == inclusion_proof(index, count, std::ref(reader)).value());
  }
  (void)verify_consistency(before, proof.front(), count, root, proof);
  return 0;
}
