// SPDX-License-Identifier: EUPL-1.2
// The clauses of docs/protocols/network.md are named where they are checked.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <random>

#include "kits/store/testing/folder.h"
#include "network/log/export.h"
#include "network/log/own_log.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

using store::testing::Folder;
using tlog::TileId;
constexpr const char* origin = "stadt.example/network/log";

struct Node {
  Folder folder;
  TestOutbox outbox;
  tlog::SignerKey key = load_or_create_key(folder.path(), origin).value();
  OwnLog log{folder.path(), outbox};

  // Publishes everything there is; gives the number of steps.
  int publish(std::size_t batch = 16'384) {
    auto sequencer = Sequencer::open(folder.path(), key, outbox, {.batch = batch});
    EXPECT_TRUE(sequencer) << sequencer.error().text();
    int steps = 0;
    while (sequencer) {
      const auto more = (*sequencer)->step();
      EXPECT_TRUE(more) << more.error().text();
      if (!more || !*more) break;
      ++steps;
    }
    return steps;
  }
  Result<LogReport> verify() { return verify_log(log, key.verifier(), true); }
};

Entry entry_of(TestOutbox& outbox, std::int64_t revision) {
  Entry out;
  outbox.read(revision - 1, 1, [&](Entry entry) { out = std::move(entry); });
  return out;
}

TEST(Entry, HasOneFormForEachMeaning) {   // clause 2.1, 2.2
  const Instant at(std::chrono::seconds(1'700'000'000));
  Entry entry{"service", "L100002", "121345242", 7, at, crypto::sha256({"x"})};
  EXPECT_EQ(entry.to_text(),
            "{\"agency\":\"L100002\",\"kind\":\"service\",\"local\":\"121345242\",\"operation\":\"put\",\"revision\":7,"
            "\"sha256\":\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\","
            "\"time\":\"2023-11-14T22:13:20Z\"}");
  EXPECT_EQ(Entry::parse(entry.to_text()).value(), entry);
  entry.digest.reset();
  EXPECT_EQ(Entry::parse(entry.to_text()).value(), entry);
}

TEST(Entry, ReadsWhatItWritesAndNothingElse) {
  std::mt19937 chance(5);
  const auto below = [&](std::size_t most) { return std::size_t{chance() % most}; };
  const std::string letters = "abcXYZ019-_./:{}[],\"\\\xc3\xa4\xe2\x82\xac";
  for (int i = 0; i < 20'000; ++i) {
    Entry entry;
    entry.kind = below(2) == 0 ? "service" : "a_b";
    entry.agency = "L" + std::to_string(below(1'000));
    entry.local = below(3) == 0 ? "ä\"\\" + std::to_string(below(9)) : std::to_string(below(1u << 30));
    entry.revision = static_cast<std::int64_t>(1 + below(5) * below(1u << 30) * below(1u << 30));
    entry.at = Instant(std::chrono::seconds(below(4'000'000'000)));
    if (below(4) != 0) entry.digest = crypto::sha256({entry.local});
    std::string text = entry.to_text();
    const auto same = Entry::parse(text);
    ASSERT_TRUE(same.has_value()) << text;
    EXPECT_EQ(*same, entry) << text;
    // Any byte changed, taken out or put in: it is another entry written as that one is, or none.
    const std::size_t at = below(text.size());
    if (below(3) == 0) text.erase(at, 1 + below(3));
    else if (below(2) == 0) text.insert(at, 1, letters[below(letters.size())]);
    else text[at] = letters[below(letters.size())];
    if (const auto other = Entry::parse(text)) {
      EXPECT_EQ(other->to_text(), text);
    }
  }
}

TEST(Entry, RefusesEveryOtherForm) {   // clause 2.2
  const std::string good =
      R"({"agency":"a","kind":"k","local":"l","operation":"withdraw","revision":1,"time":"2023-11-14T22:13:20Z"})";
  ASSERT_TRUE(Entry::parse(good));
  const auto with = [&](std::string_view old, std::string_view now) {
    std::string text = good;
    return text.replace(text.find(old), old.size(), now);
  };
  for (const std::string& text : {std::string(), std::string("{}"), std::string("[]"), good + " ",
           with("\"a\"", "\"\""),
           with("\"k\"", "\"K\""), with("\"l\"", "\"a b\""), with("withdraw", "delete"), with("withdraw", "put"),
           with(":1,", ":0,"), with(":1,", ":1.0,"), with(":1,", ":-1,"), with("20Z", "20+00:00"),
           with(":1,", ":777777777777777777778,"), with(":1,", ":99999999999999999999,"),
           with("2023-11-14T22:13:20Z", "gestern"),
           with("\"kind\":\"k\",", ""), with("{", "{\"aa\":1,"), with("{", "{ "),
           with("\"time\"", "\"sha256\":\"00\",\"time\"")}) {
    EXPECT_FALSE(Entry::parse(text)) << text;
  }
  EXPECT_FALSE(Entry::parse(with("\"l\"", "\"" + std::string(201, 'x') + "\"")));
}

TEST(Key, IsMadeOnceAndReadableByItsOwnerOnly) {   // clause 1.2
  const Folder folder;
  const auto key = load_or_create_key(folder.path(), origin);
  ASSERT_TRUE(key) << key.error().text();
  struct stat about {};
  ASSERT_EQ(::stat(key_file(folder.path()).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  const auto again = load_or_create_key(folder.path(), "another.example");
  EXPECT_EQ(again->to_text(), key->to_text());
  ::chmod(key_file(folder.path()).c_str(), 0644);
  EXPECT_EQ(load_key(folder.path()).error().code, ErrorCode::conflict);
}

TEST(Key, IsNotMadeAnewWhereALogIs) {   // clause 1.3
  Node node;
  node.publish();
  std::filesystem::remove(key_file(node.folder.path()));
  EXPECT_EQ(load_or_create_key(node.folder.path(), origin).error().code, ErrorCode::conflict);
}

TEST(Sequencer, PublishesAnEmptyLogAtFirst) {   // clause 3.1
  Node node;
  EXPECT_EQ(node.publish(), 0);
  const auto report = node.verify();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.size, 0u);
  EXPECT_EQ(report->checkpoint.origin, origin);
}

TEST(Sequencer, PublishesWhatTheOutboxSaysInAnyBatchesAsTheSameFiles) {   // clause 3.2
  Node one;
  Node other;
  other.key = one.key;
  for (int i = 0; i < 700; ++i) {
    const std::string body = i % 11 == 0 ? "" : "text " + std::to_string(i);
    for (Node* node : {&one, &other}) node->outbox.say("s" + std::to_string(i % 90), body);
    if (i % 100 == 0) other.publish(29);
  }
  one.publish();
  other.publish();
  const auto report = one.verify();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.size, 700u);
  EXPECT_EQ(report->put + report->withdrawn, 700u);
  EXPECT_EQ(report->withdrawn, 64u);
  EXPECT_EQ(report->bodies + report->absent, report->put);
  ASSERT_TRUE(other.verify());
  EXPECT_EQ(one.log.checkpoint().value(), other.log.checkpoint().value());
  for (const TileId id : {TileId{0, 0, 256}, TileId{0, 2, 188}, TileId{1, 0, 2}, TileId{TileId::entries, 1, 256}}) {
    EXPECT_EQ(one.log.tile(id).value(), other.log.tile(id).value());
  }
  EXPECT_EQ(one.publish(), 0) << "there is nothing to say twice";
}

TEST(Sequencer, LeavesOutWhatOthersPublish) {   // clause 3.3
  Node node;
  for (int i = 0; i < 10; ++i) {
    node.outbox.say("own" + std::to_string(i), "x");
    node.outbox.hear("other" + std::to_string(i));
  }
  node.publish(4);
  const auto report = node.verify();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.size, 10u);
  EXPECT_EQ(report->last_revision, 19);
}

TEST(Sequencer, IsTheOnlyOne) {   // clause 3.4
  Node node;
  auto first = Sequencer::open(node.folder.path(), node.key, node.outbox);
  ASSERT_TRUE(first);
  EXPECT_EQ(Sequencer::open(node.folder.path(), node.key, node.outbox).error().code, ErrorCode::conflict);
}

TEST(Sequencer, DoesNotContinueALogThatTheStoreDidNotSay) {   // clause 3.5
  Node node;
  for (int i = 0; i < 5; ++i) node.outbox.say("s" + std::to_string(i), "x");
  node.publish();
  node.outbox = TestOutbox();   // an older backup
  for (int i = 0; i < 3; ++i) node.outbox.say("s" + std::to_string(i), "x");
  EXPECT_EQ(Sequencer::open(node.folder.path(), node.key, node.outbox).error().code, ErrorCode::conflict);
  for (int i = 3; i < 9; ++i) node.outbox.say("other" + std::to_string(i), "x");   // and went on differently
  EXPECT_EQ(Sequencer::open(node.folder.path(), node.key, node.outbox).error().code, ErrorCode::conflict);
}

TEST(Sequencer, DoesNotContinueADamagedLog) {   // clause 3.5
  Node node;
  for (int i = 0; i < 300; ++i) node.outbox.say("s" + std::to_string(i), "x");
  node.publish();
  const std::string folder = log_folder(node.folder.path()) + "/";
  for (const char* path : {"checkpoint", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"}) {
    const std::string whole = file::read(folder + path, 1 << 20).value();
    for (const std::size_t bit : {std::size_t{0}, whole.size() * 4, whole.size() * 8 - 1}) {
      std::string broken = whole;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
      ASSERT_TRUE(file::write(folder + path, broken));
      const auto opened = Sequencer::open(node.folder.path(), node.key, node.outbox);
      const bool entry_before_the_last = std::string_view(path).contains("entries") && bit < whole.size() * 7;
      EXPECT_TRUE(entry_before_the_last || !opened) << path << " bit " << bit;
      EXPECT_FALSE(node.verify()) << path << " bit " << bit;
    }
    ASSERT_TRUE(file::write(folder + path, whole));
  }
  EXPECT_TRUE(Sequencer::open(node.folder.path(), node.key, node.outbox));
}

TEST(OwnLog, GivesNothingBeyondItsCheckpoint) {   // clause 4.2
  Node node;
  for (int i = 0; i < 300; ++i) node.outbox.say("s" + std::to_string(i), "x");
  node.publish();
  // As after a crash between tiles and checkpoint.
  ASSERT_TRUE(file::write(log_folder(node.folder.path()) + "/tile/0/001.p/45", std::string(45 * 32, 'x')));
  EXPECT_TRUE(node.log.by_path("tile/0/001.p/44"));
  EXPECT_EQ(node.log.by_path("tile/0/001.p/45").error().code, ErrorCode::not_found);
  EXPECT_EQ(node.log.by_path("tile/0/001").error().code, ErrorCode::not_found);
  EXPECT_EQ(node.log.by_path("bodies/001.p/45/0").error().code, ErrorCode::not_found);
  for (const char* path :
       {"", "lock", "log.key", "../log.key", "tile/0/../../lock", "tile", "bodies/000/256", "bodies/000"}) {
    EXPECT_EQ(node.log.by_path(path).error().code, ErrorCode::not_found) << path;
  }
}

TEST(OwnLog, GivesEarlierPartialTilesAfterTheFullOne) {   // clause 4.3
  Node node;
  for (int i = 0; i < 100; ++i) node.outbox.say("s" + std::to_string(i), "x");
  node.publish();
  const std::string tile = node.log.by_path("tile/0/000.p/100").value();
  const std::string bundle = node.log.by_path("tile/entries/000.p/100").value();
  for (int i = 0; i < 200; ++i) node.outbox.say("t" + std::to_string(i), "x");
  node.publish();
  EXPECT_FALSE(std::filesystem::exists(log_folder(node.folder.path()) + "/tile/0/000.p"));
  EXPECT_EQ(node.log.by_path("tile/0/000.p/100").value(), tile);
  EXPECT_EQ(node.log.by_path("tile/entries/000.p/100").value(), bundle);
}

TEST(Bodies, ComeInBatchesWithinALimitAndOnlyWhileTheyAreTheState) {   // clause 5, 5.1
  Node node;
  const std::string large(3u << 20, 'g');
  node.outbox.say("a", large + "1");
  node.outbox.say("b", large + "2");
  node.outbox.say("c", "small");
  node.outbox.say("c", "");
  node.outbox.say("a", "new");
  node.publish();
  const TileId id{TileId::entries, 0, 5};
  const std::string first = node.log.bodies(id, 0).value();
  const auto records = parse_bodies(first).value();
  ASSERT_EQ(records.size(), 5u) << "only one large body is left";
  EXPECT_FALSE(records[0]);
  EXPECT_EQ(records[1], large + "2");
  EXPECT_FALSE(records[2]);
  EXPECT_FALSE(records[3]);
  EXPECT_EQ(records[4], "new");
  node.outbox.say("d", large + "4");
  node.publish();
  const TileId more{TileId::entries, 0, 6};
  EXPECT_EQ(parse_bodies(node.log.bodies(more, 0).value())->size(), 5u);
  EXPECT_EQ(parse_bodies(node.log.bodies(more, 5).value())->size(), 1u);
  const auto report = node.verify();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->bodies, 3u);
  EXPECT_EQ(report->absent, 2u);
}

TEST(Bodies, AreReadStrictly) {   // clause 5.2
  std::string bytes;
  append_body(bytes, "one");
  append_body(bytes, std::nullopt);
  append_body(bytes, "three");
  const auto records = parse_bodies(bytes).value();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[2], "three");
  for (const std::size_t cut : {1u, 3u, 4u, 6u, 8u, 10u, 12u, 15u}) {
    EXPECT_FALSE(parse_bodies(bytes.substr(0, cut))) << cut;
  }
  EXPECT_FALSE(parse_bodies(std::string("\x7f\xff\xff\xff", 4)));
  EXPECT_FALSE(parse_bodies(std::string(4 * 257, '\0')));
  for (const char* path : {"bodies/000/0", "bodies/x001/067/255", "bodies/000.p/5/4"}) {
    EXPECT_TRUE(parse_bodies_path(path)) << path;
  }
  for (const char* path : {"bodies", "bodies/", "bodies/0", "bodies/000/256", "bodies/000/01", "bodies/000.p/5/5",
                           "bodies/000/", "bodies/000/-1", "bodies/000/x", "body/000/0"}) {
    EXPECT_FALSE(parse_bodies_path(path)) << path;
  }
}

// A log in memory, of which one resource can be changed.
class MemorySource : public FileLogSource {
 public:
  explicit MemorySource(std::map<std::string, std::string> files) : files_(std::move(files)) {}
  std::map<std::string, std::string> files_;

 protected:
  Result<std::string> get(const std::string& path, std::size_t) override {
    const auto found = files_.find(path);
    if (found == files_.end()) return fail(ErrorCode::not_found, "no " + path);
    return found->second;
  }
};

TEST(Verify, FindsEveryBitThatIsNotWhatWasPublished) {   // clause 6.1, 5.3
  Node node;
  for (int i = 0; i < 3; ++i) node.outbox.say("s" + std::to_string(i), "body " + std::to_string(i));
  node.publish();
  std::map<std::string, std::string> files;
  for (const char* path : {"checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3", "bodies/000.p/3/0"}) {
    files[path] = node.log.by_path(path).value();
  }
  MemorySource source(files);
  ASSERT_TRUE(verify_log(source, node.key.verifier(), true));
  for (const auto& [path, whole] : files) {
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
      source.files_[path][bit / 8] = static_cast<char>(whole[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(verify_log(source, node.key.verifier(), true)) << path << " bit " << bit;
      source.files_[path][bit / 8] = whole[bit / 8];
    }
  }
}

TEST(Verify, TellsAContinuationFromARollbackAndAFork) {   // clause 6.2
  Node node;
  Node fork;
  fork.key = node.key;
  std::vector<tlog::Checkpoint> seen;
  for (int i = 0; i < 400; ++i) {
    node.outbox.say("s" + std::to_string(i), "x");
    fork.outbox.say("s" + std::to_string(i), i == 100 ? "y" : "x");
    if (i % 37 != 0) continue;
    node.publish();
    seen.push_back(node.log.published().value());
  }
  node.publish();
  fork.publish();
  const auto now = node.log.published().value();
  const auto other = fork.log.published().value();
  for (const tlog::Checkpoint& earlier : seen) {
    EXPECT_TRUE(verify_continuation(node.log, earlier, now));
    EXPECT_EQ(verify_continuation(fork.log, earlier, other).has_value(), earlier.size <= 100) << earlier.size;
    EXPECT_FALSE(verify_continuation(node.log, now, earlier));
  }
}

TEST(Export, IsALogThatVerifiesAndGrows) {   // clause 7, 7.1, 7.2
  Node node;
  const Folder out;
  for (int i = 0; i < 300; ++i) node.outbox.say("s" + std::to_string(i), "text " + std::to_string(i));
  node.publish();
  const auto first = export_log(node.log, out.path());
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->size, 300u);
  for (int i = 0; i < 300; ++i) node.outbox.say("s" + std::to_string(i), i % 2 == 0 ? "" : "new " + std::to_string(i));
  node.publish();
  ASSERT_TRUE(export_log(node.log, out.path()));
  FolderLogSource source(out.path());
  const auto report = verify_log(source, node.key.verifier(), true);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.size, 600u);
  EXPECT_EQ(report->bodies, 150u);
  // Erased texts are gone from the export too.
  EXPECT_FALSE(std::filesystem::exists(out.file("bodies/001.p/44")));
  EXPECT_EQ(std::filesystem::file_size(out.file("bodies/000/0")), 4u * 256);
  const auto again = export_log(node.log, out.path());
  EXPECT_EQ(again->written, 2u) << "key and checkpoint only";
  Node other;
  other.publish();
  EXPECT_EQ(export_log(other.log, out.path()).error().code, ErrorCode::conflict);
}

// Publishes `total` changes in small batches until it is killed.
[[noreturn]] void publish_until_killed(const std::string& folder, const tlog::SignerKey& key, TestOutbox& outbox) {
  while (true) {
    auto sequencer = Sequencer::open(folder, key, outbox, {.batch = 97});
    if (!sequencer) ::_exit(1);
    while (true) {
      const auto more = (*sequencer)->step();
      if (!more) ::_exit(2);
      if (!*more) ::_exit(0);
    }
  }
}

TEST(SequencerCrash, LosesNothingDoublesNothingAndLeavesNoGap) {   // clause 3.6
  const std::uint64_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Node node;
  const auto say_more = [&] {
    for (int i = 0; i < 600; ++i) {
      node.outbox.say("s" + std::to_string(random() % 500), "text " + std::to_string(random()));
    }
  };
  say_more();
  const auto start = std::chrono::steady_clock::now();
  node.publish(97);
  const auto usual = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
  tlog::Checkpoint before = node.log.published().value();
  int killed = 0;
  for (int round = 1; round < 60; ++round) {
    say_more();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) publish_until_killed(node.folder.path(), node.key, node.outbox);
    ::usleep(static_cast<useconds_t>(random() % static_cast<std::uint64_t>(usual.count() * 3 / 2 + 1)));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    killed += WIFSIGNALED(status) ? 1 : 0;
    ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << WEXITSTATUS(status);
    const auto now = node.log.published();
    ASSERT_TRUE(now) << now.error().text();
    const auto continued = verify_continuation(node.log, before, *now);
    ASSERT_TRUE(continued) << continued.error().text() << " from " << before.size << " to " << now->size;
    before = *now;
  }
  EXPECT_GT(killed, 0);
  node.publish();
  const auto report = node.verify();
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.size, 36'000u);
  EXPECT_EQ(report->last_revision, 36'000) << "revisions grow and there are as many as changes: none lost, none twice";
  EXPECT_TRUE(verify_continuation(node.log, before, report->checkpoint));
  EXPECT_EQ(entry_of(node.outbox, 36'000).revision, 36'000);
}

}  // namespace
}  // namespace verbund::network
