// SPDX-License-Identifier: EUPL-1.2
// The vectors of the specification and of another implementation, where the reference data stand beside the checkout.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "kits/tlog/checkpoint.h"
#include "kits/tlog/tile.h"

namespace verbund::tlog {
namespace {

std::string folder() { return std::string(VERBUND_SOURCE_DIR) + "/../shared/reference/xroad/tlog/"; }

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  EXPECT_TRUE(in.good()) << path;
  return out.str();
}

TEST(Vectors, TheExampleNoteOfTheSpecificationIsValidAndNoOtherByOneBit) {
  if (!std::filesystem::exists(folder())) GTEST_SKIP() << "skipped: no reference data";
  const std::string text = contents(folder() + "signed-note-example.txt");
  const auto key = VerifierKey::parse(trim(contents(folder() + "signed-note-example.vkey")));
  ASSERT_TRUE(key) << key.error().text();
  const auto note = parse_note(text);
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_EQ(note->text, "This is an example message.\n");
  EXPECT_EQ(note->to_text(), text);
  EXPECT_TRUE(verify_note(*note, *key));
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    const auto read = parse_note(other);
    EXPECT_FALSE(read && verify_note(*read, *key)) << bit;
  }
}

TEST(Vectors, TheGrowingLogIsConsistentFromEachCheckpointToEachLater) {
  if (!std::filesystem::exists(folder())) GTEST_SKIP() << "skipped: no reference data";
  const std::string log = folder() + "tessera-testdata/";
  const auto key = VerifierKey::parse(trim(contents(log + "vkey.txt")));
  ASSERT_TRUE(key) << key.error().text();
  const std::string bundle = contents(log + tile_path({TileId::entries, 0, 10}));
  const auto entries = parse_bundle(bundle);
  ASSERT_TRUE(entries) << entries.error().text();
  ASSERT_EQ(entries->size(), 10u);
  const TileSource source = [&](const TileId& id) -> Result<std::string> { return contents(log + tile_path(id)); };

  std::vector<Checkpoint> checkpoints;
  TileBuilder builder;
  for (std::uint64_t size = 0; size <= 10; ++size) {
    const std::string text = contents(log + "checkpoint." + std::to_string(size));
    const auto checkpoint = open_checkpoint(text, *key);
    ASSERT_TRUE(checkpoint) << checkpoint.error().text();
    EXPECT_EQ(checkpoint->size, size);
    if (size > 0) {
      // Our own builder writes the tile that the other implementation wrote.
      const auto sink = [&](const TileId& id, std::string_view bytes) -> Result<void> {
        EXPECT_EQ(bytes, contents(log + tile_path(id)));
        return {};
      };
      ASSERT_TRUE(builder.append(leaf_hash((*entries)[size - 1]), sink));
      ASSERT_TRUE(builder.flush(sink));
    }
    EXPECT_EQ(builder.root(), checkpoint->root);
    TileReader reader(size, source);
    EXPECT_EQ(tree_root(size, std::ref(reader)).value(), checkpoint->root);
    for (const Checkpoint& before : checkpoints) {
      const auto proof = consistency_proof(before.size, size, std::ref(reader));
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_consistency(before.size, before.root, size, checkpoint->root, *proof));
    }
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, std::ref(reader));
      ASSERT_TRUE(proof);
      EXPECT_TRUE(verify_inclusion(index, size, leaf_hash((*entries)[index]), *proof, checkpoint->root));
    }
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
      std::string other = text;
      other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(open_checkpoint(other, *key)) << "checkpoint " << size << ", bit " << bit;
    }
    checkpoints.push_back(*checkpoint);
  }
}

}  // namespace
}  // namespace verbund::tlog
