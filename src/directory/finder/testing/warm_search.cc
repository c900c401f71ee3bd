// SPDX-License-Identifier: EUPL-1.2
// A warm search takes no memory. A program of its own, because it counts for all of it: every way into the heap goes
// through malloc and its like, which are replaced here (glibc manual, "Replacing malloc").
#include <cstddef>
#include <cstdint>

#include "directory/finder/finder_test_support.h"

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {
thread_local std::int64_t taken = 0;   // times, by this thread
}

extern "C" {
void* malloc(std::size_t size) {
  ++taken;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++taken;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  ++taken;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++taken;
  return __libc_memalign(alignment, size);
}
}

namespace verbund::directory {
namespace {

using testing::key;

class WarmSearch : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::put_test_services(store_);
    for (const auto& row : testing::rows("queries.tsv")) queries_.push_back({row[0], row[1] == "N" ? key("010600063063") : key("09162")});
    ASSERT_GE(queries_.size(), 80U);
    for (const char* more : {"", "xqzzv", "hund katze maus", "a", "Geburtsurkundne", "wo melde ich mein auto um", "12345"})
      queries_.push_back({more, AreaKey()});
  }
  // Asks all, as the same thread did before; gives how often memory was taken and for what.
  std::int64_t ask(const Snapshot& snapshot, std::string* of = nullptr) {
    std::int64_t sum = 0;
    for (const auto& [query, area] : queries_) {
      const std::int64_t before = taken;
      snapshot.search({query, area}, answer_);
      const std::int64_t now = taken - before;
      if (now > 0 && of != nullptr) *of += "\n  \"" + query + "\": " + std::to_string(now);
      sum += now;
    }
    return sum;
  }

  testing::FinderStore store_;
  std::vector<std::pair<std::string, AreaKey>> queries_;
  SearchAnswer answer_;
};

TEST_F(WarmSearch, TakesNoMemory) {
  const auto snapshot = store_.snapshot();
  EXPECT_GT(ask(*snapshot), 0) << "the first time memory is taken: else this counts nothing";
  ask(*snapshot);
  std::string of;
  EXPECT_EQ(ask(*snapshot, &of), 0) << of;
}

TEST_F(WarmSearch, TakesNoMemoryWhenServicesChangedSinceTheBuild) {
  Finder finder(store_.database(), {}, testing::day());
  const auto built = finder.snapshot();
  ask(*built);
  store_.put(testing::service(testing::oid("s", "hund-neu"), "Hundesteuer neu geregelt"));
  ASSERT_TRUE(finder.refresh(testing::day()));
  const auto snapshot = finder.snapshot();
  ASSERT_NE(snapshot, built);
  ask(*snapshot);
  ask(*snapshot);
  std::string of;
  EXPECT_EQ(ask(*snapshot, &of), 0) << of;
}

}  // namespace
}  // namespace verbund::directory
