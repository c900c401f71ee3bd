// SPDX-License-Identifier: EUPL-1.2
#include "kits/tlog/tile.h"

#include <gtest/gtest.h>

#include <map>

namespace verbund::tlog {
namespace {

Hash leaf(std::uint64_t i) { return leaf_hash("entry " + std::to_string(i)); }

// A log in memory, as a server would hold it.
struct Files {
  std::map<std::string, std::string> files;
  int reads = 0;
  TileBuilder::TileSink sink() {
    return [this](const TileId& id, std::string_view bytes) -> Result<void> {
      EXPECT_EQ(bytes.size(), id.width * 32u);
      files[tile_path(id)] = bytes;
      return {};
    };
  }
  TileSource source() {
    return [this](const TileId& id) -> Result<std::string> {
      ++reads;
      const auto found = files.find(tile_path(id));
      if (found == files.end()) return fail(ErrorCode::not_found, "no " + tile_path(id));
      return found->second;
    };
  }
};

TEST(TilePath, AgreesWithTheExamplesOfTheSpecification) {
  EXPECT_EQ(index_path(0), "000");
  EXPECT_EQ(index_path(67), "067");
  EXPECT_EQ(index_path(1'234'067), "x001/x234/067");
  EXPECT_EQ(tile_path({1, 0, 17}), "tile/1/000.p/17");
  EXPECT_EQ(tile_path({TileId::entries, 1000, tile_width}), "tile/entries/x001/000");
}

TEST(TilePath, ReadsWhatItWritesAndNothingElse) {
  for (const int level : {TileId::entries, 0, 1, 7, 63}) {
    for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{999}, std::uint64_t{1000},
                                      std::uint64_t{1'234'067}, std::uint64_t{1} << 54}) {
      for (const unsigned width : {1u, 9u, 17u, 255u, 256u}) {
        const TileId id{level, index, width};
        EXPECT_EQ(parse_tile_path(tile_path(id)).value(), id);
      }
    }
  }
  for (const char* path :
       {"", "tile", "tile/0", "tile/0/", "tile/0/00", "tile/0/0000", "tile/0/x001", "tile/0/001/000", "tile/0/x000/001",
        "tile/00/000", "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/a/000", "tile/0/000.p", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1/", "tile/0/000/", "/tile/0/000", "Tile/0/000",
        "tile/0/-01", "tile/0/x001.p/000", "tile/entry/000", "tile/0/000.p/x1", "tile//000", "tile/0/0 0",
        "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/x001/x001/x001/x001/x001/x001/x001/001"}) {
    EXPECT_FALSE(parse_tile_path(path)) << path;
  }
}

TEST(Tiles, HaveTheWidthsOfTheSpecificationsExample) {
  // A tree of 70,000: 273 full tiles and one of 112 at level 0, one full and one of 17 at level 1, one of 1 at level 2.
  EXPECT_EQ(width_in(70'000, 0, 272), 256u);
  EXPECT_EQ(width_in(70'000, 0, 273), 112u);
  EXPECT_EQ(width_in(70'000, 0, 274), 0u);
  EXPECT_EQ(width_in(70'000, 1, 0), 256u);
  EXPECT_EQ(width_in(70'000, 1, 1), 17u);
  EXPECT_EQ(width_in(70'000, 2, 0), 1u);
  EXPECT_EQ(width_in(70'000, 3, 0), 0u);
  EXPECT_EQ(width_in(256, 0, 1), 0u);
  EXPECT_EQ(width_in(256, 1, 0), 1u);
  EXPECT_EQ(width_in(256, TileId::entries, 0), 256u);
  EXPECT_EQ(width_in(size_limit, 63, 0), 0u);
}

TEST(Tiles, GiveTheRootAndProofsOfTheTreeAtEverySizeAroundTheirEdges) {
  Files files;
  TileBuilder builder;
  Frontier frontier;
  std::vector<std::uint64_t> sizes = {1, 2, 255, 256, 257, 511, 512, 513, 65'535, 65'536, 65'537, 66'000};
  std::uint64_t before = 0;
  Hash before_root = empty_root();
  for (const std::uint64_t size : sizes) {
    while (builder.size() < size) {
      frontier.append(leaf(builder.size()));
      ASSERT_TRUE(builder.append(leaf(builder.size()), files.sink()));
    }
    ASSERT_TRUE(builder.flush(files.sink()));
    const Hash root = frontier.root();
    EXPECT_EQ(builder.root(), root) << size;
    TileReader reader(size, files.source());
    EXPECT_EQ(tree_root(size, std::ref(reader)).value(), root) << size;
    for (const std::uint64_t index : {std::uint64_t{0}, size / 2, size - 1}) {
      const auto proof = inclusion_proof(index, size, std::ref(reader));
      ASSERT_TRUE(proof) << proof.error().text();
      EXPECT_TRUE(verify_inclusion(index, size, leaf(index), *proof, root));
    }
    const auto proof = consistency_proof(before, size, std::ref(reader));
    ASSERT_TRUE(proof) << proof.error().text();
    EXPECT_TRUE(verify_consistency(before, before_root, size, root, *proof));
    before = size;
    before_root = root;
    // A builder that starts again here goes on as if it had never stopped.
    auto again = TileBuilder::at(size, files.source());
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(again->root(), root);
    builder = std::move(*again);
  }
}

TEST(Tiles, AreWrittenTheSameInAnyBatches) {
  Files once;
  TileBuilder builder;
  for (std::uint64_t i = 0; i < 1000; ++i) ASSERT_TRUE(builder.append(leaf(i), once.sink()));
  ASSERT_TRUE(builder.flush(once.sink()));
  Files often;
  TileBuilder other;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    ASSERT_TRUE(other.append(leaf(i), often.sink()));
    if (i % 7 == 0) {
      ASSERT_TRUE(other.flush(often.sink()));
    }
  }
  ASSERT_TRUE(other.flush(often.sink()));
  for (const auto& [path, bytes] : once.files) EXPECT_EQ(often.files[path], bytes) << path;
  EXPECT_EQ(other.root(), builder.root());
}

TEST(TileReader, KeepsTilesSoThatAProofReadsEachOnce) {
  Files files;
  TileBuilder builder;
  for (std::uint64_t i = 0; i < 5000; ++i) ASSERT_TRUE(builder.append(leaf(i), files.sink()));
  ASSERT_TRUE(builder.flush(files.sink()));
  TileReader reader(5000, files.source());
  ASSERT_TRUE(inclusion_proof(1234, 5000, std::ref(reader)));
  EXPECT_LE(files.reads, 4);
}

TEST(TileReader, RefusesATileOfAnotherSizeAndWhatIsOutsideTheTree) {
  TileReader reader(300, [](const TileId&) -> Result<std::string> { return std::string(32, 'x'); });
  EXPECT_EQ(reader(0, 299).error().code, ErrorCode::invalid);
  EXPECT_EQ(reader(0, 600).error().code, ErrorCode::invalid);
  TileReader odd(300, [](const TileId&) -> Result<std::string> { return std::string(33, 'x'); });
  EXPECT_EQ(odd(0, 0).error().code, ErrorCode::invalid);
}

TEST(Bundle, ReadsWhatItWrites) {
  std::string bundle;
  append_entry(bundle, "");
  append_entry(bundle, "Gebühr");
  append_entry(bundle, std::string(entry_limit, 'x'));
  const auto entries = parse_bundle(bundle).value();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0], "");
  EXPECT_EQ(entries[1], "Gebühr");
  EXPECT_EQ(entries[2].size(), entry_limit);
}

TEST(Bundle, RefusesWhatEndsWithinAnEntryOrHasTooMany) {
  std::string bundle;
  append_entry(bundle, "one");
  append_entry(bundle, "two");
  for (std::size_t cut = 1; cut < bundle.size(); ++cut) {
    EXPECT_EQ(parse_bundle(std::string_view(bundle).substr(0, cut)).has_value(), cut == 5) << cut;
  }
  std::string many;
  for (unsigned i = 0; i < tile_width; ++i) append_entry(many, "");
  EXPECT_TRUE(parse_bundle(many));
  append_entry(many, "");
  EXPECT_FALSE(parse_bundle(many));
}

}  // namespace
}  // namespace verbund::tlog
