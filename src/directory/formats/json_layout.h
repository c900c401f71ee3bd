// SPDX-License-Identifier: EUPL-1.2
// The folder that export_json writes and import_json reads:
//   manifest.json          {"area_list_day", "files": {"area": {"digest", "objects"}, ...}, "format", "version"}
//   <kind>.ndjson          one canonical body per line, ordered by id: area, postal_code, and each ObjectKind
// The manifest is written last: a folder without it is an export that did not come to its end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kits/crypto/digest.h"

namespace verbund::directory::json_layout {

inline constexpr std::string_view format = "verbund-directory";
inline constexpr std::int64_t version = 1;
inline constexpr std::string_view manifest = "manifest.json";
inline constexpr std::size_t line_bytes = 8u << 20;

inline std::string file_name(std::string_view kind) { return std::string(kind) + ".ndjson"; }

// Digest of a file line by line: SHA-256 of the digest so far and the line, hexadecimal; "" for no line.
class Digest {
 public:
  void add(std::string_view line) {
    value_ = crypto::to_hex(crypto::sha256({value_, "\n", line}));
    ++objects_;
  }
  const std::string& value() const { return value_; }
  std::int64_t objects() const { return objects_; }

 private:
  std::string value_;
  std::int64_t objects_ = 0;
};

}  // namespace verbund::directory::json_layout
