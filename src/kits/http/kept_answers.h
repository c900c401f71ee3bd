// SPDX-License-Identifier: EUPL-1.2
// Answers as bytes, ready to be sent again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "kits/http/http.h"
#include "kits/http/wire.h"

namespace verbund::http {

struct KeptAnswer {
  Head head;                                 // of the 200
  Head not_modified;                         // of the 304; empty without a tag
  std::string tag;                           // the ETag with its quotes, may be empty
  std::shared_ptr<const std::string> body;
};

// Thread-safe. Least recently used answers go first. Two thirds are for what was asked for twice: answers that are asked
// for once (most searches) push each other out of the last third only.
class KeptAnswers {
 public:
  explicit KeptAnswers(std::size_t limit_bytes);
  ~KeptAnswers();

  // What was kept for `key` in this generation, or null. A newer generation forgets everything before it.
  std::shared_ptr<const KeptAnswer> find(std::uint64_t generation, std::string_view key);
  // Offers a 200 with all its headers, made after `generation` was read. Not kept: over half of a shard (a sixteenth of
  // the limit), or if its headers cannot be sent.
  void offer(std::uint64_t generation, std::string_view key, const Response& response);
  std::size_t bytes() const;

 private:
  struct Shard;
  Shard& shard_of(std::size_t hash) const;
  std::unique_ptr<Shard[]> shards_;
};

}  // namespace verbund::http
