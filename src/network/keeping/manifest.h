// SPDX-License-Identifier: EUPL-1.2
// What a backup says of itself: manifest.json (facts) and SHA256SUMS (every other file, as sha256sum writes and
// checks).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/crypto/digest.h"
#include "kits/tlog/tree.h"

namespace verbund::network {

inline constexpr std::string_view manifest_name = "manifest.json";
inline constexpr std::string_view sums_name = "SHA256SUMS";
inline constexpr std::size_t manifest_limit = 64 * 1024;  // bytes
inline constexpr std::size_t sums_limit = 256u << 20;     // a log of 500 million entries

struct BackedUpLog {
  std::string folder;  // in the backup: "network/log", "network/members"
  std::string origin;
  std::string key;  // its public key as text
  std::uint64_t size = 0;
  tlog::Hash root = tlog::empty_root();
  std::int64_t last_revision = 0;  // of its last entry
  bool operator==(const BackedUpLog&) const = default;
};

struct Manifest {
  std::string program;  // version that made it
  Instant made_at{};
  std::string engine;             // the store came from: "sqlite", "postgresql"; it is node.sqlite in any case
  std::vector<BackedUpLog> logs;  // none: the node has never published
  bool secret_key = false;        // the key of the node's own log is in it; else it is in a token
  bool operator==(const Manifest&) const = default;

  std::string to_text() const;
  static Result<Manifest> parse(std::string_view text);  // Errors: invalid
};

struct FileSum {
  std::string path;  // relative, '/' between folders
  crypto::Digest digest{};
  bool operator==(const FileSum&) const = default;
};

// Not empty, no empty part, "." or "..", no '\\' and no control character; at most 1000 bytes.
bool is_path_within(std::string_view path);
std::string print_sums(const std::vector<FileSum>& sums);
// Errors: invalid (form, a path that leads out, the same path twice).
Result<std::vector<FileSum>> parse_sums(std::string_view text);

}  // namespace verbund::network
