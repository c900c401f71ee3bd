// SPDX-License-Identifier: EUPL-1.2
// Finished pages, so that a second request for one costs nothing. Thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "faces/portal/visit.h"
#include "kits/http/http.h"

namespace verbund::portal {

class PageCache {
 public:
  explicit PageCache(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  struct Kept {
    http::Response response;
    Searched searched = Searched::no;
    bool passing = false;      // not to be kept
    std::string styles = {};   // of a page: their source for its policy
  };
  // The answer made for `key` in this generation. A newer generation forgets everything before it.
  std::optional<Kept> find(std::string_view generation, const std::string& key);
  // Least recently used answers go first; one over a quarter of the limit is not kept.
  void put(std::string_view generation, const std::string& key, const Kept& made);
  std::size_t bytes() const;

 private:
  struct Entry {
    std::string key;
    Kept made;
    std::size_t bytes;
  };
  void enter(std::string_view generation);

  const std::size_t limit_bytes_;
  mutable std::mutex mutex_;
  std::string generation_;
  std::list<Entry> entries_;    // most recently used first
  std::map<std::string, std::list<Entry>::iterator, std::less<>> by_key_;
  std::size_t bytes_ = 0;
};

}  // namespace verbund::portal
