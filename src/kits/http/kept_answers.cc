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

constexpr std::size_t kShards = 16;        // so that threads seldom meet at a lock
constexpr std::size_t kRemembered = 1024;  // first questions, by shard; a newer one takes the place of an older
constexpr std::size_t kTrialShare = 3;     // a third is for what was asked once

std::size_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(key); }

bool is(std::string_view name, std::string_view lower_case_name) {
  return name.size() == lower_case_name.size() && to_lower_ascii(name) == lower_case_name;
}

// The head of the 304 that belongs to the head of a 200.
Head unchanged(const Head& head) {
  Head out;
  std::string_view rest = head.text;
  const auto line = [&] {
    const std::size_t end = rest.find("\r\n") + 2;
    const std::string_view found = rest.substr(0, end);
    rest.remove_prefix(end);
    return found;
  };
  line();
  out.text = "HTTP/1.1 304 Not Modified\r\n";
  out.date_at = head.date_at + out.text.size() - (head.text.size() - rest.size());
  while (!rest.empty()) {
    const std::string_view field = line(), name = field.substr(0, field.find(':'));
    if (!is(name, "content-type") && !is(name, "content-encoding") && !is(name, "content-length")) out.text += field;
  }
  return out;
}

}  // namespace

struct KeptAnswers::Shard {
  struct Entry {
    std::string key;
    std::shared_ptr<KeptAnswer> answer;
    std::size_t bytes;
    bool trial;                            // asked for once
  };
  using Entries = std::list<Entry>;        // most recently used first
  struct Part {
    Entries entries;
    std::size_t bytes = 0;
  };

  std::mutex mutex;
  std::size_t limit = 0;
  std::uint64_t generation = 0;
  Part trial, proven;
  std::unordered_map<std::string_view, Entries::iterator> by_key;  // views of the entries' keys
  std::array<std::uint32_t, kRemembered> first_asked{};

  Part& part_of(const Entry& entry) { return entry.trial ? trial : proven; }

  // All below require the lock. What is forgotten is handed out, to die outside the lock.
  void enter(std::uint64_t newer, Entries& forgotten) {
    generation = newer;
    by_key.clear();
    for (Part* part : {&trial, &proven}) {
      forgotten.splice(forgotten.begin(), part->entries);
      part->bytes = 0;
    }
  }

  // True if `hash` was seen before (or another with the same 42 bits: it counts as proven a question too early).
  bool asked_before(std::size_t hash) {
    std::uint32_t& place = first_asked[(hash >> 8) % kRemembered];
    const auto print = static_cast<std::uint32_t>(hash >> 32) | 1u;
    if (place == print) return true;
    place = print;
    return false;
  }

  void trim(Part& part, std::size_t most, Entries& forgotten) {
    while (part.bytes > most) {
      part.bytes -= part.entries.back().bytes;
      by_key.erase(part.entries.back().key);
      forgotten.splice(forgotten.begin(), part.entries, std::prev(part.entries.end()));
    }
  }
  void trim(Entries& forgotten) {
    trim(trial, limit / kTrialShare, forgotten);
    trim(proven, limit - limit / kTrialShare, forgotten);
  }

  std::shared_ptr<const KeptAnswer> use(Entries::iterator entry, Entries& forgotten) {
    if (entry->answer->not_modified.text.empty() && !entry->answer->tag.empty()) {   // nobody has it yet
      entry->answer->not_modified = unchanged(entry->answer->head);
    }
    Part& before = part_of(*entry);
    before.bytes -= entry->bytes;
    entry->trial = false;
    proven.entries.splice(proven.entries.begin(), before.entries, entry);
    proven.bytes += entry->bytes;
    auto answer = entry->answer;
    trim(forgotten);
    return answer;
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
    if (generation > shard.generation) shard.enter(generation, forgotten);
    return nullptr;
  }
  const auto found = shard.by_key.find(key);
  return found == shard.by_key.end() ? nullptr : shard.use(found->second, forgotten);
}

void KeptAnswers::offer(std::uint64_t generation, std::string_view key, const Response& response) {
  auto head = response_head(response);
  if (!head) return;
  auto answer = std::make_shared<KeptAnswer>();
  for (const auto& [name, value] : response.headers) {
    if (is(name, "etag")) answer->tag = value;
  }
  answer->head = std::move(*head);
  answer->body = response.body;
  // The head of the 304 is made when somebody asks again; it is not larger than the other.
  const std::size_t bytes = sizeof(Shard::Entry) + sizeof(KeptAnswer) + 128 + key.size() + 2 * answer->head.text.size() +
                            answer->body->size();
  const std::size_t hash = hash_of(key);
  Shard& shard = shard_of(hash);
  Shard::Entries forgotten, entry;
  entry.push_front({std::string(key), std::move(answer), bytes, true});
  const std::lock_guard lock(shard.mutex);
  if (generation < shard.generation) return;
  if (generation > shard.generation) shard.enter(generation, forgotten);
  if (bytes > shard.limit / 2 || shard.by_key.contains(key)) return;
  entry.front().trial = !shard.asked_before(hash);
  Shard::Part& part = shard.part_of(entry.front());
  part.entries.splice(part.entries.begin(), entry);
  part.bytes += bytes;
  shard.by_key.emplace(part.entries.front().key, part.entries.begin());
  shard.trim(forgotten);
}

std::size_t KeptAnswers::bytes() const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kShards; ++i) {
    const std::lock_guard lock(shards_[i].mutex);
    sum += shards_[i].trial.bytes + shards_[i].proven.bytes;
  }
  return sum;
}

}  // namespace verbund::http
