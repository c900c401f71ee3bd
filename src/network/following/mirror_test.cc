// SPDX-License-Identifier: EUPL-1.2
// The clauses of docs/protocols/network.md are named where they are checked.
#include "network/following/mirror.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "network/following/test_publisher.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

using store::testing::Folder;

struct Copy {
  Folder folder;
  Trust trust;
  Mirror::Options options;

  explicit Copy(const Publisher& publisher) : trust{publisher.key.verifier(), {}, 0} {}
  Mirror open() { return Mirror::open(folder.path(), trust, options).value(); }
  // Until there is no more to bring in.
  Followed<void> sync(Publisher& publisher, LogSource& source, Instant now = test_time) {
    Mirror mirror = open();
    return sync(mirror, publisher.note(), source, now);
  }
  Followed<void> sync(Publisher& publisher) {
    Way way(publisher.log);
    return sync(publisher, way);
  }
  static Followed<void> sync(Mirror& mirror, const std::string& note, LogSource& source, Instant now = test_time) {
    while (true) {
      auto more = mirror.step(source, note, now);
      if (!more) return std::unexpected(more.error());
      if (!*more) return {};
    }
  }
  std::uint64_t size() { return open().size(); }
};

Trouble trouble_of(const Followed<void>& result) { return result ? Trouble::none : result.error().what; }

TEST(Mirror, IsACopyThatVerifiesAsTheLogDoes) {   // clause 9.1
  Publisher publisher;
  Copy copy(publisher);
  for (int first = 0; first < 1500; first += 149) {
    publisher.say(first, 149);
    ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
    FolderLogSource files(copy.folder.path());
    const auto report = verify_log(files, publisher.key.verifier(), false);
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->checkpoint, publisher.log.published().value());
  }
  const Mirror mirror = copy.open();
  EXPECT_EQ(mirror.entries(700, 3)->at(2).local, "s702");
  EXPECT_EQ(mirror.entries(700, 300)->size(), 68u) << "to the end of the bundle";
}

TEST(Mirror, OfAnEmptyLogIsEmpty) {
  Publisher publisher;
  publisher.publish();
  Copy copy(publisher);
  ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
  EXPECT_EQ(copy.size(), 0u);
  EXPECT_EQ(file::read(copy.folder.file("checkpoint"), 10'000).value(), publisher.note());
}

TEST(Mirror, AsksForNewEntriesOnly) {
  Publisher publisher;
  publisher.say(0, 600);
  Copy copy(publisher);
  ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
  publisher.say(600, 1);
  Way way(publisher.log);
  ASSERT_EQ(trouble_of(copy.sync(publisher, way)), Trouble::none);
  EXPECT_EQ(way.asked.size(), 1u);
  EXPECT_TRUE(way.asked.contains("tile/entries/002.p/89"));
  const std::string note = publisher.note();
  Mirror mirror = copy.open();
  way.asked.clear();
  ASSERT_TRUE(mirror.step(way, note, test_time));
  EXPECT_TRUE(way.asked.empty());
}

// A large log comes in parts, each of which is proven by itself: one that stops in between goes on where it was.
TEST(Mirror, GoesOnWhereItWasStopped) {   // clause 9.3
  Publisher publisher;
  publisher.say(0, 5'000);
  Copy copy(publisher);
  copy.options.bundles = 2;
  Way way(publisher.log);
  {
    Mirror mirror = copy.open();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(mirror.step(way, publisher.note(), test_time).value());
  }
  EXPECT_EQ(copy.size(), 1536u);
  way.asked.clear();
  publisher.say(5'000, 77);   // and the log has grown meanwhile
  ASSERT_EQ(trouble_of(copy.sync(publisher, way)), Trouble::none);
  EXPECT_EQ(copy.size(), 5'077u);
  EXPECT_FALSE(way.asked.contains("tile/entries/005"));
  FolderLogSource files(copy.folder.path());
  EXPECT_TRUE(verify_log(files, publisher.key.verifier(), false));
}

TEST(Mirror, SurvivesACrashBetweenAnyTwoWrites) {   // clause 9.3
  for (const std::uint64_t bundles : {1u, 32u}) {
    int crashes = 0;
    for (int at = 0;; ++at) {
      Publisher publisher;
      Copy copy(publisher);
      copy.options.bundles = bundles;
      publisher.say(0, 300);
      ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
      publisher.say(300, 700);
      copy.options.before_write = crash_at(at);
      bool crashed = false;
      try {
        ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
      } catch (const Crash&) {
        crashed = true;
      }
      copy.options.before_write = {};
      EXPECT_GE(copy.size(), 300u);
      publisher.say(1'000, 10);
      ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none) << at;
      FolderLogSource files(copy.folder.path());
      const auto report = verify_log(files, publisher.key.verifier(), false);
      ASSERT_TRUE(report) << at << ": " << report.error().text();
      EXPECT_EQ(report->checkpoint.size, 1'010u);
      if (!crashed) break;
      ++crashes;
    }
    EXPECT_GE(crashes, 4);
  }
}

TEST(Mirror, RefusesARollbackAndKeepsWhatItHas) {   // clause 9.4
  Publisher publisher;
  Copy copy(publisher);
  publisher.say(0, 100);
  const std::string before = publisher.note();
  publisher.say(100, 300);
  ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
  Way way(publisher.log);
  Mirror mirror = copy.open();
  EXPECT_EQ(mirror.step(way, before, test_time).error().what, Trouble::rollback);
  EXPECT_EQ(mirror.size(), 400u);
  EXPECT_FALSE(mirror.step(way, publisher.note(), test_time).value()) << "and believes the log again";
}

TEST(Mirror, RefusesAForkAndKeepsTheEvidence) {   // clause 9.4
  for (const int grown : {-50, 0, 1, 300, 8'500}) {   // the other history: shorter, as long, longer
    Publisher publisher;
    Copy copy(publisher);
    publisher.say(0, 400);
    ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
    Publisher other(publisher.key);
    other.say(0, 399 + std::min(grown, 0));
    other.say(399, 1, "another text ");
    if (grown > 0) other.say(400, grown);
    EXPECT_EQ(trouble_of(copy.sync(other)), Trouble::fork) << grown;
    EXPECT_EQ(copy.size(), 400u);
    const auto evidence = std::filesystem::directory_iterator(copy.folder.file("evidence"));
    const std::string notes = file::read(evidence->path().string(), 100'000).value();
    EXPECT_TRUE(notes.contains(other.note()) && notes.contains(publisher.note()));
    publisher.say(400, 1);
    EXPECT_EQ(trouble_of(copy.sync(publisher)), Trouble::none) << "the right history goes on";
  }
}

TEST(Mirror, TakesAlteredTilesForNoFork) {   // clause 9.4
  Publisher publisher;
  Copy copy(publisher);
  publisher.say(0, 400);
  ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
  publisher.say(400, 8'500);
  Way way(publisher.log);
  way.change = [](const std::string& path, Result<std::string> given) {
    if (path.starts_with("tile/") && !path.starts_with("tile/entries") && given) {
      for (std::size_t at = 0; at < given->size(); at += 32) (*given)[at] = static_cast<char>((*given)[at] ^ 1);
    }
    return given;
  };
  Mirror mirror = copy.open();
  EXPECT_EQ(mirror.step(way, publisher.note(), test_time).error().what, Trouble::content);
  EXPECT_FALSE(std::filesystem::exists(copy.folder.file("evidence"))) << "the publisher has not signed two histories";
  way.change = nullptr;
  EXPECT_TRUE(mirror.step(way, publisher.note(), test_time).value()) << "and goes on when the tiles are right";
}

TEST(Mirror, RefusesEveryCheckpointThatDiffersInOneBit) {   // clause 9.2
  Publisher publisher;
  publisher.say(0, 3);
  Copy copy(publisher);
  const std::string note = publisher.note();
  Way way(publisher.log);
  Mirror mirror = copy.open();
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string broken = note;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    const auto result = mirror.step(way, broken, test_time);
    ASSERT_FALSE(result) << bit;
    EXPECT_EQ(result.error().what, Trouble::signature) << bit;
  }
  EXPECT_EQ(mirror.size(), 0u);
  EXPECT_FALSE(std::filesystem::exists(copy.folder.file("seen")));
}

TEST(Mirror, RefusesEveryBundleThatDiffersInOneBit) {   // clause 9.2
  Publisher publisher;
  publisher.say(0, 2);
  publisher.say(2, 3);
  Copy copy(publisher);
  Way way(publisher.log);
  Mirror mirror = copy.open();
  const std::string bundle = publisher.log.by_path("tile/entries/000.p/5").value();
  for (std::size_t bit = 0; bit < bundle.size() * 8; ++bit) {
    way.change = [&](const std::string& path, Result<std::string> given) {
      if (path.starts_with("tile/entries")) (*given)[bit / 8] = static_cast<char>((*given)[bit / 8] ^ (1 << bit % 8));
      return given;
    };
    const auto result = mirror.step(way, publisher.note(), test_time);
    ASSERT_FALSE(result) << bit;
    // A changed digit of a year may be a time ahead of ours.
    EXPECT_TRUE(result.error().what == Trouble::content || result.error().what == Trouble::clock) << bit;
  }
  EXPECT_EQ(mirror.size(), 0u);
}

TEST(Mirror, RefusesATileOrPartThatIsWrongInALargeLog) {   // clause 9.2
  Publisher publisher;
  publisher.say(0, 2'000);
  for (const char* wrong : {"tile/entries/003", "tile/0/", "tile/1/"}) {
    Copy copy(publisher);
    copy.options.bundles = 2;
    Way way(publisher.log);
    way.change = [&](const std::string& path, Result<std::string> given) {
      if (given && path.starts_with(wrong)) given->back() = static_cast<char>(given->back() ^ 1);
      return given;
    };
    EXPECT_EQ(trouble_of(copy.sync(publisher, way)), Trouble::content) << wrong;
    const std::uint64_t before = copy.size();
    way.change = {};
    EXPECT_EQ(trouble_of(copy.sync(publisher, way)), Trouble::none) << "from " << before;
    EXPECT_EQ(copy.size(), 2'000u);
  }
}

TEST(Mirror, RefusesAnotherKeyAndAnotherOrigin) {   // clause 9.2, 4.6
  Publisher publisher;
  publisher.say(0, 3);
  Copy copy(publisher);
  Publisher same_name;        // another key under the same name
  same_name.say(0, 3);
  EXPECT_EQ(trouble_of(copy.sync(same_name)), Trouble::signature);
  Publisher other("dorf.example/network/log");
  other.say(0, 3);
  EXPECT_EQ(trouble_of(copy.sync(other)), Trouble::signature);
  // The same key signs a checkpoint of another log.
  tlog::Note note{tlog::Checkpoint{"dorf.example/network/log", 0, tlog::empty_root(), {}}.to_text(), {}};
  note.signatures.push_back(tlog::sign_note(note.text, publisher.key));
  Way way(publisher.log);
  Mirror mirror = copy.open();
  EXPECT_EQ(mirror.step(way, note.to_text(), test_time).error().what, Trouble::signature);
}

TEST(Mirror, WantsItsQuorumOfWitnesses) {   // clause 9.2, 11.6
  Publisher publisher;
  publisher.say(0, 3);
  Copy copy(publisher);
  const auto one = tlog::SignerKey::generate("witness.one", tlog::KeyType::cosignature);
  const auto two = tlog::SignerKey::generate("witness.two", tlog::KeyType::cosignature);
  copy.trust.witnesses = {one.verifier(), two.verifier()};
  copy.trust.quorum = 2;
  Way way(publisher.log);
  Mirror mirror = copy.open();
  auto note = tlog::parse_note(publisher.note()).value();
  note.signatures.push_back(tlog::sign_note(note.text, one, test_time));
  EXPECT_EQ(mirror.step(way, note.to_text(), test_time).error().what, Trouble::quorum);
  note.signatures.push_back(tlog::sign_note(note.text, two, test_time));
  EXPECT_TRUE(mirror.step(way, note.to_text(), test_time));
  EXPECT_EQ(file::read(copy.folder.file("checkpoint"), 10'000).value(), note.to_text());
}

TEST(Mirror, WaitsWithEntriesOfTheFuture) {   // clause 9.5
  Publisher publisher;
  publisher.say(0, 3);
  Copy copy(publisher);
  Way way(publisher.log);
  EXPECT_EQ(trouble_of(copy.sync(publisher, way, test_time - std::chrono::seconds(301))), Trouble::clock);
  EXPECT_EQ(copy.size(), 0u);
  EXPECT_EQ(trouble_of(copy.sync(publisher, way, test_time - std::chrono::seconds(300))), Trouble::none);
}

TEST(Mirror, SurvivesGarbageAndEndlessAnswersAndSilence) {   // clause 9.6
  Publisher publisher;
  publisher.say(0, 700);
  const std::string note = publisher.note();
  const std::string endless(tlog::bundle_limit + 1, 'x');
  std::string huge;   // entries as large as a bundle may hold, larger than any entry of ours
  for (int i = 0; i < 188; ++i) tlog::append_entry(huge, std::string(60'000, '{'));
  const std::pair<Result<std::string>, Trouble> answers[] = {
      {std::string(), Trouble::content},
      {std::string("garbage"), Trouble::content},
      {endless, Trouble::content},
      {huge, Trouble::content},
      {fail(ErrorCode::not_found, "no such bundle"), Trouble::away},
      {fail(ErrorCode::unavailable, "no answer in time"), Trouble::away},
  };
  for (const auto& [answer, what] : answers) {
    Copy copy(publisher);
    Way way(publisher.log);
    way.change = [&](const std::string&, const Result<std::string>&) { return answer; };
    EXPECT_EQ(trouble_of(copy.sync(publisher, way)), what);
    EXPECT_EQ(copy.size(), 0u);
    way.change = {};
    EXPECT_EQ(trouble_of(copy.sync(publisher, way)), Trouble::none);
  }
}

TEST(Mirror, IsFetchedAnewWhereItIsDamaged) {
  Publisher publisher;
  publisher.say(0, 700);
  for (const char* path : {"progress", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/002.p/188"}) {
    Copy copy(publisher);
    ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
    std::filesystem::resize_file(copy.folder.file(path), 17);
    EXPECT_EQ(copy.size(), 0u) << path;
    ASSERT_EQ(trouble_of(copy.sync(publisher)), Trouble::none);
    FolderLogSource files(copy.folder.path());
    EXPECT_TRUE(verify_log(files, publisher.key.verifier(), false));
    // What was seen is remembered even so.
    std::filesystem::resize_file(copy.folder.file(path), 17);
    Publisher other(publisher.key);
    other.say(0, 701, "another ");
    EXPECT_EQ(trouble_of(copy.sync(other)), Trouble::fork) << path;
  }
}

TEST(Mirror, IsOpenOnce) {
  Publisher publisher;
  Copy copy(publisher);
  const Mirror first = copy.open();
  EXPECT_EQ(Mirror::open(copy.folder.path(), copy.trust, {}).error().what, Trouble::storage);
}

}  // namespace
}  // namespace verbund::network
