// SPDX-License-Identifier: EUPL-1.2
// For tests: a log in memory and somebody who witnesses it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kits/store/testing/folder.h"
#include "network/witness/request.h"
#include "network/witness/witness.h"

namespace verbund::network {

inline constexpr const char* origin = "stadt.example/network/log";
inline constexpr Instant noon{std::chrono::seconds(1'700'000'000)};

// A log in memory that can be signed at every size.
struct TestLog {
  tlog::SignerKey key = tlog::SignerKey::generate(origin);
  std::vector<std::string> entries;
  std::map<std::string, std::string> files;

  explicit TestLog(int count, const std::string& text = "entry ") {
    for (int i = 0; i < count; ++i) entries.push_back(text + std::to_string(i));
  }
  Result<tlog::Hash> subtree(unsigned level, std::uint64_t index) const {
    if (level == 0) return tlog::leaf_hash(entries[index]);
    return tlog::node_hash(*subtree(level - 1, 2 * index), *subtree(level - 1, 2 * index + 1));
  }
  tlog::SubtreeReader reader() const {
    return [this](unsigned level, std::uint64_t index) { return subtree(level, index); };
  }
  std::string note(std::uint64_t size) const {
    const tlog::Checkpoint checkpoint{key.name, size, *tlog::tree_root(size, reader()), {}};
    tlog::Note out{checkpoint.to_text(), {}};
    out.signatures.push_back(tlog::sign_note(out.text, key));
    return out.to_text();
  }
  std::string request(std::uint64_t old_size, std::uint64_t size) const {
    return WitnessRequest{old_size, *tlog::consistency_proof(old_size, size, reader()), note(size)}.to_text();
  }
  // Tiles of level 0 are enough below 256 entries.
  tlog::TileSource tiles() const {
    return [this](const tlog::TileId& id) -> Result<std::string> {
      std::vector<tlog::Hash> hashes;
      for (unsigned i = 0; i < id.width; ++i) hashes.push_back(tlog::leaf_hash(entries[i]));
      return tlog::print_tile(hashes);
    };
  }
};

struct Watching {
  store::testing::Folder folder;
  FixedClock clock{noon};
  TestLog log{40};
  tlog::SignerKey key = load_or_create_witness_key(folder.path(), "land.example/network/witness").value();
  std::unique_ptr<Witness> witness = open();

  std::unique_ptr<Witness> open(Witness::Options options = {}) {
    return std::make_unique<Witness>(witness_folder(folder.path()), key, [this](std::string_view name) {
      return name == origin ? std::vector{log.key.verifier()} : std::vector<tlog::VerifierKey>();
    }, clock, std::move(options));
  }
  void expect_cosigned(const Witness::Answer& answer, const std::string& note) {
    ASSERT_EQ(answer.status, 200) << answer.body;
    auto parsed = tlog::parse_note(note + answer.body);
    ASSERT_TRUE(parsed) << answer.body;
    EXPECT_EQ(tlog::verify_note(*parsed, key.verifier()).value(), noon);
    EXPECT_TRUE(tlog::verify_quorum(*parsed, {key.verifier()}, 1));
  }
};

}  // namespace verbund::network
