// SPDX-License-Identifier: EUPL-1.2
// A stock of files that an editorial system keeps for others to fetch, under an HTTP address: index.txt names them, one
// a line; together they are everything there is. Brought here file by file, only what has changed.
// Source: the PVOG collecting service (index.txt, complete stock); RFC 9110, sections 8.8 and 13 (ETag, Last-Modified).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kits/http/client.h"

namespace verbund::directory {

class StockCopy {
 public:
  struct Limits {
    std::size_t index_bytes = 4u << 20;
    std::size_t files = 50'000;
    std::size_t file_bytes = 64u << 20;
    std::uint64_t bytes = 4ull << 30;      // of all files
  };

  // `address`: of the folder, "http://stadt.example/xzufi". `folder`: where the copy is kept; derived, may be deleted.
  StockCopy(std::string address, std::string folder, const Limits& limits);
  StockCopy(std::string address, std::string folder) : StockCopy(std::move(address), std::move(folder), Limits()) {}

  // Brings the copy up to date. Only when it has succeeded is the copy one state of the stock: with an error it may
  // hold files of two, and is not to be used. Errors: usage (address), not_found, unavailable (the server, the disk),
  // invalid (an index that names nothing or what is no plain file name), too_large. `stop` is asked before each file;
  // true ends it (unavailable).
  Result<void> update(const std::function<bool()>& stop = {});

  const std::string& folder() const { return folder_; }        // with index.txt
  std::size_t fetched() const { return fetched_; }             // files that came by the last update
  // Of all names and contents: the same, the same stock. Requires: update() succeeded.
  const std::string& digest() const { return digest_; }

 private:
  struct File {
    std::string etag, modified;            // as the server said them; "": it did not
    std::string digest;                    // SHA-256 of what is in the folder, hexadecimal
  };
  void load_known();
  Result<void> save_known() const;
  // True: it came; false: it is as it was.
  Result<bool> fetch(const std::string& name, std::size_t limit);
  Result<std::uint64_t> size_of(const std::string& name) const;

  std::string address_;
  std::string folder_;
  Limits limits_;
  http::Client client_;
  std::map<std::string, File> known_;      // by name
  std::size_t fetched_ = 0;
  std::string digest_;
};

// The names in an index.txt: a byte order mark, carriage returns, empty lines and names said twice are passed over.
// Errors: invalid (none; a name that is not one of a plain file), too_large (more than `most`).
Result<std::vector<std::string>> read_index(std::string_view text, std::size_t most);

}  // namespace verbund::directory
