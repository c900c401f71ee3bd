// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/page_cache.h"

namespace verbund::portal {

void PageCache::enter(std::string_view generation) {
  if (generation == generation_) return;
  generation_ = generation;
  by_key_.clear();
  entries_.clear();
  bytes_ = 0;
}

std::optional<PageCache::Kept> PageCache::find(std::string_view generation, const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (generation != generation_) return std::nullopt;   // a request that began before the swap must not empty it
  auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->made;
}

void PageCache::put(std::string_view generation, const std::string& key, const Kept& made) {
  std::size_t bytes = sizeof(Entry) + 2 * key.size() + made.response.body->size();
  for (const auto& [name, value] : made.response.headers) bytes += name.size() + value.size();
  if (bytes > limit_bytes_ / 4) return;
  const std::lock_guard lock(mutex_);
  enter(generation);
  if (by_key_.contains(key)) return;
  entries_.push_front({key, made, bytes});
  by_key_.emplace(key, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > limit_bytes_) {
    bytes_ -= entries_.back().bytes;
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

std::size_t PageCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace verbund::portal
