// SPDX-License-Identifier: EUPL-1.2
#include "app/publishing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "app/node.h"
#include "app/outbox.h"
#include "kits/store/testing/folder.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// A store whose session hangs when it is told to: nobody gets an answer, and the lock may be somebody else's by then.
class HangingStore : public store::Database {
 public:
  explicit HangingStore(store::Database& database) : database_(database) {}

  void read(const std::function<void(store::Connection&)>& work) override {
    wait();
    database_.read(work);
  }
  Result<void> write(const std::function<Result<void>(store::Connection&)>& work, store::Again again) override {
    wait();
    return database_.write(work, again);
  }
  std::int64_t version() override { return database_.version(); }
  std::unique_ptr<store::NamedLock> try_lock(std::string_view) override {
    if (taken) return nullptr;
    return std::make_unique<Lock>(*this);
  }
  std::string trouble() override { return {}; }
  std::vector<std::string> integrity_findings() override { return {}; }

  std::atomic<bool> hangs{false}, taken{false};   // taken: another process has the lock
  std::atomic<int> waiting{0};

 private:
  struct Lock : store::NamedLock {
    explicit Lock(HangingStore& of) : of_(of) {}
    bool held() override { return !of_.taken; }
    HangingStore& of_;
  };
  void wait() {
    ++waiting;
    while (hangs) std::this_thread::sleep_for(1ms);
    --waiting;
  }
  store::Database& database_;
};

bool within_a_minute(const std::function<bool()>& condition) {
  for (int i = 0; i < 6'000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST(PublishingOfSeveral, ALeaderWhoseSessionHangsSaysNoLongerThanItsLockThatItLeads) {
  const store::testing::Folder folder;
  const auto database = store::Database::open({.path = folder.store("node.sqlite")}, node_migrations()).value();
  HangingStore store(*database);
  metrics::Registry registry;
  const SystemClock clock;
  const log::Log log(clock, log::Level::error, log::Format::text, [](std::string_view) {});
  Publishing publishing({.place = network::LogPlace(folder.path()),
                         .outbox = std::make_unique<DirectoryOutbox>(store),
                         .name = "stadt.example/network/log",
                         .metrics = "verbund_log",
                         .database = &store,
                         .changed = {},
                         .shared = "log"},
                        log, registry);
  const auto says = [&](const char* number) {
    return registry.expose().find(std::string("\nverbund_log_leads ") + number) != std::string::npos;
  };
  ASSERT_TRUE(within_a_minute([&] { return publishing.leads() && publishing.log().published(); }));
  EXPECT_TRUE(says("1"));
  store.hangs = true;
  ASSERT_TRUE(within_a_minute([&] { return store.waiting > 0; }));   // the thread waits for an answer
  EXPECT_TRUE(publishing.leads()) << "the lock is still its own";
  store.taken = true;
  EXPECT_FALSE(publishing.leads());
  EXPECT_TRUE(says("0"));
  EXPECT_GT(store.waiting, 0) << "it hangs as before";
  store.hangs = false;
  EXPECT_FALSE(publishing.leads());
  store.taken = false;
  EXPECT_TRUE(within_a_minute([&] { return publishing.leads(); }));
}

}  // namespace
}  // namespace verbund::app
