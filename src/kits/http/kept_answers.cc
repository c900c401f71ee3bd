// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/kept_answers.h"

#include <array>
#include <functional>
#include <list>
#include <mutex>
#include <unordered_map>

#include "base/text.h"

namespace verbund::http {
namespace {

constexpr std::size_t kShards = 16;       // so that threads seldom meet at a lock
constexpr std::size_t kRemembered = 1024;  // first questions, by shard; a newer one takes the place of an older

std::size_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(key); }

}  // namespace

struct KeptAnswers::Shard {
  struct Entry {
    std::string key;
    std::shared_ptr<const KeptAnswer> answer;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;  // most recently used first

  std::mutex mutex;
  std::size_t limit = 0;
  std::uint64_t generation = 0;
  std::size_t bytes = 0;
  Entries entries;
  std::unordered_map<std::string_view, Entries::iterator> by_key;  // views of the entries' keys
  std::array<std::uint32_t, kRemembered> first_asked{};

  // Requires: the lock. What is forgotten is handed out, to die outside the lock.
  Entries enter(std::uint64_t newer) {
    Entries forgotten;
    generation = newer;
    by_key.clear();
    forgotten.swap(entries);
    bytes = 0;
    return forgotten;
  }

  // True if `hash` was seen before (or another with the same 42 bits: it is kept a question too early).
  bool asked_before(std::size_t hash) {
    std::uint32_t& place = first_asked[(hash >> 8) % kRemembered];
    const auto print = static_cast<std::uint32_t>(hash >> 32) | 1u;
    if (place == print) return true;
    place = print;
    return false;
  }
};

KeptAnswers::KeptAnswers(std::size_t limit_bytes) : shards_(std::make_unique<Shard[]>(kShards)) {
  for (std::size_t i = 0; i < kShards; ++i) shards_[i].limit = limit_bytes / kShards;
}
KeptAnswers::~KeptAnswers() = default;

KeptAnswers::Shard& KeptAnswers::shard_of(std::size_t hash) const { return shards_[hash % kShards]; }

std::shared_ptr<const KeptAnswer> KeptAnswers::find(std::uint64_t generation, std::string_view key) {
  Shard& shard = shard_of(hash_of(key));
  Shard::Entries forgotten;
  const std::lock_guard lock(shard.mutex);
  if (generation != shard.generation) {  // an older one must not empty what is new
    if (generation > shard.generation) forgotten = shard.enter(generation);
    return nullptr;
  }
  const auto found = shard.by_key.find(key);
  if (found == shard.by_key.end()) return nullptr;
  shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  return found->second->answer;
}

void KeptAnswers::offer(std::uint64_t generation, std::string_view key, const Response& response) {
  const std::size_t hash = hash_of(key);
  Shard& shard = shard_of(hash);
  Shard::Entries forgotten;
  {
    const std::lock_guard lock(shard.mutex);
    if (generation < shard.generation) return;
    if (generation > shard.generation) forgotten = shard.enter(generation);
    if (!shard.asked_before(hash) || shard.by_key.contains(key)) return;
  }
  auto head = response_head(response);
  if (!head) return;
  auto answer = std::make_shared<KeptAnswer>();
  Response empty = response;
  empty.status = 304;
  std::erase_if(empty.headers, [&](const auto& header) {
    const std::string name = to_lower_ascii(header.first);
    if (name == "etag") answer->tag = header.second;
    return name == "content-type" || name == "content-encoding" || name == "content-length";
  });
  if (!answer->tag.empty()) answer->not_modified = *response_head(empty);
  answer->head = std::move(*head);
  answer->body = response.body;
  const std::size_t bytes = sizeof(Shard::Entry) + sizeof(KeptAnswer) + 128 + key.size() + answer->head.text.size() +
                            answer->not_modified.text.size() + answer->body->size();
  const std::lock_guard lock(shard.mutex);
  if (bytes > shard.limit / 2 || generation != shard.generation || shard.by_key.contains(key)) return;
  shard.entries.push_front({std::string(key), std::move(answer), bytes});
  shard.by_key.emplace(shard.entries.front().key, shard.entries.begin());
  shard.bytes += bytes;
  while (shard.bytes > shard.limit) {
    shard.bytes -= shard.entries.back().bytes;
    shard.by_key.erase(shard.entries.back().key);
    forgotten.splice(forgotten.begin(), shard.entries, std::prev(shard.entries.end()));
  }
}

std::size_t KeptAnswers::bytes() const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kShards; ++i) {
    const std::lock_guard lock(shards_[i].mutex);
    sum += shards_[i].bytes;
  }
  return sum;
}

}  // namespace verbund::http
