// SPDX-License-Identifier: EUPL-1.2
// Snapshots that are swapped while others read them, and a store that cannot be read for a while. script/test builds this
// file once more with the thread sanitizer (preset races, target finder_races).
#include <atomic>
#include <filesystem>
#include <thread>

#include "directory/finder/finder_test_support.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;
using namespace std::chrono_literals;

// A store that fails while `broken`: at once, or after a read got through (reading ended half way).
class Unreliable : public store::Database {
 public:
  explicit Unreliable(store::Database& sound) : sound_(sound) {}
  void read(const std::function<void(store::Connection&)>& work) override {
    if (broken == Broken::at_once) throw store::Failure("disk gone");
    sound_.read(work);
    if (broken == Broken::afterwards) throw store::Failure("disk gone");
  }
  Result<void> write(const std::function<Result<void>(store::Connection&)>& work, store::Again again) override {
    return sound_.write(work, again);
  }
  std::unique_ptr<store::NamedLock> try_lock(std::string_view name) override { return sound_.try_lock(name); }
  std::string trouble() override { return sound_.trouble(); }
  std::int64_t version() override { return sound_.version(); }
  std::vector<std::string> integrity_findings() override { return sound_.integrity_findings(); }

  enum class Broken { no, at_once, afterwards };
  std::atomic<Broken> broken = Broken::no;

 private:
  store::Database& sound_;
};

void await_build(const Finder& finder) {
  for (int i = 0; i < 30'000 && finder.status().building; ++i) std::this_thread::sleep_for(10ms);
  ASSERT_FALSE(finder.status().building);
}

class Swaps : public ::testing::Test {
 protected:
  Swaps() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-swap-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    testing::put_test_services(store_);
    { const Finder first(store_.database(), folder_, testing::day()); }   // later ones are mapped: they build in the background
  }
  ~Swaps() override { std::filesystem::remove_all(folder_); }

  void put(int number) {
    const std::string local = std::to_string(number % 40), word = "Neuwort" + std::to_string(number) + "bescheinigung";
    Service one = testing::service(oid("X", local), "Weitere Leistung " + local + " " + word);
    one.modules.texts.push_back(testing::text_module(text_code::short_text, "<p>Hundesteuer und " + word + "</p>"));
    store_.put(one);
    store_.put(testing::responsibility(oid("X", local), oid("A", "01"), one.id, {key("01"), key("010600063063")}));
  }
  void change_areas(int round) {
    std::vector<Area> list = testing::some_areas();
    list[2].population += round;
    store_.write([&](ObjectStore&, AreaStore& areas) { areas.restore(list, testing::some_postal_codes(), "2026-01-01"); });
  }

  testing::FinderStore store_;
  std::filesystem::path folder_;
};

TEST_F(Swaps, TwoThreadsAskWhileSnapshotsAreSwappedAndTheOverlayGrows) {
  Finder finder(store_.database(), folder_, testing::day());
  std::atomic<bool> stop = false;
  std::atomic<std::size_t> answers = 0, wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&, i] {
      SearchAnswer answer;
      std::vector<OnlineView> online;
      for (int round = i; !stop; ++round) {
        const auto snapshot = finder.snapshot();
        const AreaKey place = key(round % 3 == 0 ? "02" : "010600063063");
        snapshot->search({"Hundesteuer", place, 3, 0}, answer);
        if (answer.hits.empty() || snapshot->service_of(answer.hits[0]).id.local != "hundesteuer") ++wrong;
        const std::string word = "neuwort" + std::to_string(round % 60) + "bescheinigung";
        snapshot->search({word, place, 5, 0}, answer);   // a word of the overlay only
        snapshot->search({word.substr(0, 9), place, 5, 0}, answer);
        snapshot->search({"neuwrot" + word.substr(7), place, 5, 0}, answer);
        for (const Hit& hit : answer.hits) {
          snapshot->authority_of(hit, answer.place);
          snapshot->online_of(hit, answer.place, online);
        }
        snapshot->suggest("weitere l", place, 5);
        snapshot->at_place(oid("X", std::to_string(round % 40)), place);
        snapshot->find_places("neust", 5);
        finder.status();
        ++answers;
      }
    });
  }
  for (int i = 0; i < 60; ++i) {
    put(i);
    if (i % 20 == 10) change_areas(i);   // a build, beside everything
    finder.refresh(testing::day());
    if (i % 20 == 19) await_build(finder);
  }
  for (int i = 0; i < 1000 && answers < 20; ++i) std::this_thread::sleep_for(10ms);   // they had their share
  stop = true;
  for (std::thread& reader : readers) reader.join();
  finder.refresh(testing::day());
  EXPECT_GT(answers, 0U);
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(finder.snapshot()->search({"neuwort59bescheinigung", key("02"), 5, 0}).hits.size(), 1U);
}

TEST_F(Swaps, AStoreThatCannotBeReadKeepsTheBuildThatWasFinishedAndTheNextRefreshRecovers) {
  for (const auto broken : {Unreliable::Broken::at_once, Unreliable::Broken::afterwards}) {
    Unreliable database(store_.database());
    Finder finder(database, folder_, testing::day());
    ASSERT_TRUE(finder.status().mapped);
    const auto before = finder.snapshot();
    const double population = static_cast<double>(before->area(key("010600063063"))->population);
    change_areas(static_cast<int>(broken) * 1000);
    finder.refresh(testing::day());                  // begins to build
    await_build(finder);                             // finished, not taken over yet
    put(static_cast<int>(broken));
    database.broken = broken;
    EXPECT_THROW(finder.refresh(testing::day()), store::Failure);
    EXPECT_FALSE(finder.snapshot()->search({"Hundesteuer", key("010600063063"), 3, 0}).hits.empty()) << "who asks has an answer";
    EXPECT_THROW(finder.refresh(testing::day()), store::Failure) << "again and again";
    database.broken = Unreliable::Broken::no;
    EXPECT_TRUE(finder.refresh(testing::day()));
    EXPECT_FALSE(finder.status().building) << "the finished build was not lost";
    EXPECT_NE(static_cast<double>(finder.snapshot()->area(key("010600063063"))->population), population);
    EXPECT_EQ(finder.snapshot()->sequence(), finder.status().sequence);
    const std::string word = "neuwort" + std::to_string(static_cast<int>(broken)) + "bescheinigung";
    EXPECT_EQ(finder.snapshot()->search({word, key("02"), 5, 0}).hits.size(), 1U) << "and what was written since is there";
    EXPECT_EQ(before->area(key("010600063063"))->population, static_cast<std::int64_t>(population)) << "an older one stays";
  }
}

TEST_F(Swaps, ABuildThatFailsIsToldOnceAndTriedAgain) {
  Unreliable database(store_.database());
  Finder finder(database, folder_, testing::day());
  const auto before = finder.snapshot();
  change_areas(7);
  // The refresh reads, the build that it begins does not get that far any more.
  std::thread breaking([&] {
    while (!finder.status().building) std::this_thread::yield();
    database.broken = Unreliable::Broken::afterwards;
  });
  finder.refresh(testing::day());
  breaking.join();
  await_build(finder);
  bool failed = false;
  try {
    finder.refresh(testing::day());
  } catch (const store::Failure&) {
    failed = true;
  }
  EXPECT_TRUE(failed) << "of the build, or of reading now";
  EXPECT_EQ(finder.snapshot(), before);
  database.broken = Unreliable::Broken::no;
  for (int i = 0; i < 3 && finder.snapshot()->area(key("010600063063"))->population == before->area(key("010600063063"))->population; ++i) {
    finder.refresh(testing::day());
    await_build(finder);
  }
  EXPECT_EQ(finder.snapshot()->area(key("010600063063"))->population, testing::some_areas()[2].population + 7);
}

}  // namespace
}  // namespace verbund::directory
