// SPDX-License-Identifier: EUPL-1.2
// Where in a log the newest entry about an object stands. A log says nothing of its own order by object: what helps to
// look is derived from it, kept in files and can be thrown away.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "network/log/entry.h"
#include "network/log/log_source.h"

namespace verbund::network {

struct EntryPlace {
  std::uint64_t position = 0;   // from 0
  Entry entry;
};

// Looks from the end: up to 4,095 entries one by one, then segments. Each finished segment of 65,536 entries has a sorted
// file of 0.4 MB, what is behind the last of them such files of 4,096 entries; a file is made when it is first needed and
// names the entries it was made of by their hash. 9 KB of each are read. 3 million entries: 47 to 62 files. Thread-safe if
// the source is.
class EntryIndex {
 public:
  // `folder`: for the files; "": none are kept, and a long log takes long. Requires: `log` lives as long.
  EntryIndex(LogSource& log, std::string folder) : log_(log), folder_(std::move(folder)) {}

  // Of the first `size` entries. What is given is an entry of the log, not verified. Errors: not_found (they do not
  // speak of this object), those of the source, invalid (a bundle that does not read).
  Result<EntryPlace> newest(std::uint64_t size, std::string_view kind, std::string_view agency,
                            std::string_view local) const;

 private:
  struct Segment;
  Result<std::vector<std::uint64_t>> candidates(const Segment& segment, const std::string& head,
                                                std::uint64_t hash) const;
  Result<std::string> read(const Segment& segment, const std::string& head) const;
  Result<std::string> build(const Segment& segment, const std::string& head) const;

  LogSource& log_;
  std::string folder_;
};

}  // namespace verbund::network
