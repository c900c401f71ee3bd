// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "kits/store/save.h"
#include "kits/store/testing/folder.h"
#include "network/keeping/files.h"
#include "network/keeping/log_check.h"
#include "network/keeping/restore.h"
#include "network/log/restored.h"
#include "network/log/rotation.h"
#include "network/log/sequencer.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const KeepingProgress in_peace = [](std::string_view, std::uint64_t, std::uint64_t) -> Result<void> { return {}; };

const std::vector<store::Migration> said_schema = {
    {"said", 1, "CREATE TABLE said(number BIGINT NOT NULL PRIMARY KEY, body TEXT NOT NULL)"}};

// A node as small as can be: what it says are numbered lines in its store.
struct SmallNode : Outbox {
  store::testing::Folder folder;
  std::string data = folder.file("data");
  std::unique_ptr<store::Database> database = open(data + "/node.sqlite");

  static std::unique_ptr<store::Database> open(const std::string& file) {
    return std::move(*store::Database::open({.path = file}, said_schema));
  }
  void say(int count) {
    ASSERT_TRUE(database->write([&](store::Connection& connection) -> Result<void> {
      const std::int64_t from = newest(connection);
      for (int i = 1; i <= count; ++i) {
        connection.prepare("INSERT INTO said(number, body) VALUES ($1, $2)")
            .bind(1, from + i)
            .bind(2, "text " + std::to_string(from + i))
            .run();
      }
      return {};
    }));
  }
  static std::int64_t newest(store::Connection& connection) {
    auto row = connection.prepare("SELECT COALESCE(MAX(number), 0) FROM said");
    row.step();
    return row.number(0);
  }
  void publish() {
    ASSERT_TRUE(take_over_key(data));
    const auto key = load_or_create_key(data, "stadt.example/network/log");
    ASSERT_TRUE(key) << key.error().text();
    auto sequencer = Sequencer::open(data, *key, *this);
    ASSERT_TRUE(sequencer) << sequencer.error().text();
    while ((*sequencer)->step().value()) {
    }
  }
  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) override {
    std::int64_t last = after;
    database->read([&](store::Connection& connection) {
      auto rows = connection.prepare("SELECT number, body FROM said WHERE number > $1 ORDER BY number LIMIT $2");
      rows.bind(1, after).bind(2, static_cast<std::int64_t>(most));
      while (rows.step()) {
        last = rows.number(0);
        each({"service", "stadt", std::to_string(last), last, Instant(std::chrono::seconds(1'700'000'000 + last)),
              crypto::sha256({rows.text(1)})});
      }
    });
    return last;
  }
  std::int64_t last() override {
    std::int64_t out = 0;
    database->read([&](store::Connection& connection) { out = newest(connection); });
    return out;
  }
  void bodies(std::span<const Entry>, const std::function<bool(std::optional<std::string>)>&) override {}

  BackupSource source() {
    BackupSource out{.data_folder = data,
                     .settings_file = data + "/verbund.toml",
                     .program = "test",
                     .engine = "sqlite",
                     .save_store = {}};
    out.save_store = [this](const std::string& file, const KeepingProgress&) {
      return store::save_sqlite(data + "/node.sqlite", file, [](std::uint64_t) -> Result<void> { return {}; });
    };
    return out;
  }
  Result<BackupReport> back_up_to(const std::string& name, const KeepingProgress& progress = in_peace) {
    return back_up(source(), folder.file(name), Instant(std::chrono::seconds(1'700'000'000)), progress);
  }
  RestoreParts parts() {
    RestoreParts out;
    out.check_store = [](const std::string& file, const Manifest&) -> Result<std::int64_t> {
      std::int64_t newest_number = 0;
      open(file)->read([&](store::Connection& connection) { newest_number = newest(connection); });
      return newest_number;
    };
    return out;
  }
  Result<RestoreReport> restore_to(const std::string& backup, const std::string& name,
                                   const KeepingProgress& progress = in_peace) {
    return restore(folder.file(backup), folder.file(name), parts(), progress);
  }
  // Everything a data folder has beside its store.
  void settle_in() {
    say(600);
    publish();
    ASSERT_TRUE(file::write(data + "/verbund.toml", "[look]\nname = \"Stadt\"\n"));
    ASSERT_TRUE(file::write(data + "/network/witness.key", "secret\n", file::for_owner));
    ASSERT_TRUE(file::write(data + "/network/witness/0123", "cosigned\n"));
    ASSERT_TRUE(file::write(data + "/network/witness/evidence/a", "evidence\n"));
    ASSERT_TRUE(file::write(data + "/network/heard/land/seen", "seen\n"));
    ASSERT_TRUE(file::write(data + "/index/finder.index", "derived\n"));
  }
};

std::map<std::string, std::string> contents(const std::string& folder) {
  std::map<std::string, std::string> out;
  const auto paths = files_below(folder).value();
  for (const std::string& path : paths) out[path] = file::read(folder + "/" + path, 1u << 26).value();
  return out;
}

// Protocol, clause 14.7: the key of the witness is not restored.
TEST(Backup, IsRestoredAsTheSameLogThatWaitsForPermission) {
  SmallNode node;
  node.settle_in();
  const auto backup = node.back_up_to("backup");
  ASSERT_TRUE(backup) << backup.error().text();
  EXPECT_EQ(backup->manifest.logs.size(), 1u);
  EXPECT_EQ(backup->manifest.logs[0].size, 600u);
  EXPECT_TRUE(backup->manifest.secret_key);
  const auto kept = contents(node.folder.file("backup"));
  EXPECT_TRUE(kept.contains("network/log.key"));
  EXPECT_TRUE(kept.contains("network/witness/evidence/a"));
  EXPECT_TRUE(kept.contains("network/heard/land/seen"));
  EXPECT_TRUE(kept.contains("verbund.toml"));
  EXPECT_FALSE(kept.contains("network/witness.key"));  // who has forgotten what it signed signs with a new key
  EXPECT_FALSE(kept.contains("index/finder.index"));   // derived
  for (const auto& [path, text] : kept) {
    struct stat found {};
    ASSERT_EQ(::stat(node.folder.file("backup/" + path).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0077, 0u) << path;
  }
  ASSERT_TRUE(verify_backup(node.folder.file("backup"), in_peace));

  const auto restored_node = node.restore_to("backup", "other");
  ASSERT_TRUE(restored_node) << restored_node.error().text();
  const auto again = contents(node.folder.file("other"));
  for (const auto& [path, text] : kept) {
    if (path == manifest_name || path == sums_name || path == store_name) continue;  // the store was opened
    EXPECT_TRUE(again.contains(path) && again.at(path) == text) << path;
  }
  const auto mark = restored(LogPlace(node.folder.file("other"))).value();
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->size, 600u);
  EXPECT_EQ(mark->last_change, 600);
  EXPECT_FALSE(mark->original_is_gone);
  EXPECT_EQ(node.restore_to("backup", "other").error().code, ErrorCode::conflict);
}

TEST(Backup, BelongsTogetherWhileTheNodeGoesOn) {
  SmallNode node;
  node.settle_in();
  int heard = 0;
  const auto backup = node.back_up_to("backup", [&](std::string_view, std::uint64_t, std::uint64_t) -> Result<void> {
    node.say(70);
    node.publish();
    if (++heard == 2) {  // the key is changed while the log is being copied
      EXPECT_TRUE(prepare_new_key(LogPlace(node.data)));
    }
    return {};
  });
  ASSERT_TRUE(backup) << backup.error().text();
  const auto back = node.restore_to("backup", "other");
  ASSERT_TRUE(back) << back.error().text();
  // The store knows more than the log, never less, and the log goes on from it.
  SmallNode other;
  other.database.reset();
  fs::remove_all(other.data);
  fs::rename(node.folder.file("other"), other.data);
  other.database = SmallNode::open(other.data + "/node.sqlite");
  EXPECT_GE(other.last(), static_cast<std::int64_t>(backup->manifest.logs[0].size));
  EXPECT_THAT(log_findings(LogPlace(other.data), other, in_peace).value(), IsEmpty());
  ASSERT_TRUE(unmark_restored(LogPlace(other.data)));
  other.publish();
  EXPECT_EQ(OwnLog(LogPlace(other.data), other).published()->size, static_cast<std::uint64_t>(other.last()));
}

TEST(Backup, OfWhichAnyFileIsDamagedIsNotRestored) {
  SmallNode node;
  node.say(300);
  node.publish();
  ASSERT_TRUE(node.back_up_to("backup"));
  const std::string backup = node.folder.file("backup");
  const auto whole = contents(backup);
  int tried = 0;
  for (const auto& [path, text] : whole) {
    const std::string file = backup + "/" + path;
    for (const std::size_t place : {std::size_t{0}, text.size() / 2, text.size() - 1}) {
      std::string damaged = text;
      damaged[place] = static_cast<char>(damaged[place] ^ 1);
      std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
      EXPECT_FALSE(verify_backup(backup, in_peace)) << path << " " << place;
      EXPECT_FALSE(node.restore_to("backup", "other")) << path << " " << place;
      ++tried;
    }
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text.substr(0, text.size() - 1);
    EXPECT_FALSE(verify_backup(backup, in_peace)) << path << " shorter";
    fs::remove(file);
    const auto missing = node.restore_to("backup", "other");
    ASSERT_FALSE(missing) << path;
    EXPECT_EQ(missing.error().code, ErrorCode::not_found) << path;
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    EXPECT_FALSE(fs::exists(node.folder.file("other")));
  }
  EXPECT_GT(tried, 20);
  std::ofstream(backup + "/network/log/tile/more") << "x";
  EXPECT_THAT(node.restore_to("backup", "other").error().text(), HasSubstr("not in SHA256SUMS"));
  fs::remove(backup + "/network/log/tile/more");
  EXPECT_TRUE(node.restore_to("backup", "other"));
}

// Somebody who writes sums of their own still has to have the key of the log.
TEST(Backup, WithAnotherLogThanItsKeySignedIsNotRestored) {
  SmallNode node;
  node.say(300);
  node.publish();
  ASSERT_TRUE(node.back_up_to("backup"));
  const std::string backup = node.folder.file("backup");
  const auto put = [&](const std::string& path, const std::string& bytes) {
    std::ofstream(backup + "/" + path, std::ios::binary | std::ios::trunc) << bytes;
    auto sums = parse_sums(file::read(backup + "/SHA256SUMS", sums_limit).value()).value();
    for (FileSum& sum : sums) {
      if (sum.path == path) sum.digest = crypto::sha256({bytes});
    }
    std::ofstream(backup + "/SHA256SUMS", std::ios::binary | std::ios::trunc) << print_sums(sums);
  };
  const std::string tile = "network/log/tile/0/000";
  const std::string before = file::read(backup + "/" + tile, 1u << 20).value();
  std::string changed = before;
  changed[5] = static_cast<char>(changed[5] ^ 4);
  put(tile, changed);
  EXPECT_THAT(node.restore_to("backup", "other").error().text(), HasSubstr("network/log/"));
  put(tile, before);
  put("network/log.key", tlog::SignerKey::generate("stadt.example/network/log").to_text() + "\n");
  EXPECT_THAT(node.restore_to("backup", "other").error().text(), HasSubstr("secret key"));
}

TEST(Backup, KilledAtAnyStepIsThereWholeOrNotAtAll) {
  SmallNode node;
  node.settle_in();
  node.database.reset();  // the child opens its own
  int steps = 0;
  const KeepingProgress count = [&](std::string_view, std::uint64_t, std::uint64_t) -> Result<void> {
    ++steps;
    return {};
  };
  ASSERT_TRUE(node.back_up_to("whole", count));
  const int of_backup = steps;
  steps = 0;
  ASSERT_TRUE(node.restore_to("whole", "first", count));
  const int of_restore = steps;
  ASSERT_GT(of_backup, 5);
  ASSERT_GT(of_restore, 5);
  const auto killed_at = [](int step, const std::function<void(const KeepingProgress&)>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
      int now = 0;
      work([&](std::string_view, std::uint64_t, std::uint64_t) -> Result<void> {
        if (now++ == step) ::raise(SIGKILL);
        return {};
      });
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
  };
  for (int step = 0; step < of_backup; ++step) {
    killed_at(step, [&](const KeepingProgress& progress) { (void)node.back_up_to("backup", progress); });
    EXPECT_FALSE(fs::exists(node.folder.file("backup"))) << step;
  }
  ASSERT_TRUE(node.back_up_to("backup"));  // what the killed ones left is no hindrance
  for (int step = 0; step < of_restore; ++step) {
    killed_at(step, [&](const KeepingProgress& progress) { (void)node.restore_to("backup", "other", progress); });
    EXPECT_FALSE(fs::exists(node.folder.file("other"))) << step;
  }
  ASSERT_TRUE(node.restore_to("backup", "other"));
  EXPECT_FALSE(fs::exists(node.folder.file("other.unfertig")));
}

TEST(LogCheck, NamesWhatDoesNotFit) {
  SmallNode node;
  EXPECT_THAT(log_findings(LogPlace(node.data), node, in_peace).value(), IsEmpty());
  node.say(600);
  node.publish();
  node.say(5);  // not published yet: that is no finding
  const LogPlace place(node.data);
  EXPECT_THAT(log_findings(place, node, in_peace).value(), IsEmpty());
  const auto published = OwnLog(place, node).published().value();
  EXPECT_EQ(outbox_root(node, 600, 600, in_peace).value(), published.root);
  EXPECT_FALSE(outbox_root(node, 600, 605, in_peace));

  const auto damaged = [&](const std::string& path) {
    const std::string file = place.folder + "/" + path;
    const std::string before = file::read(file, 1u << 20).value();
    std::string after = before;
    after[after.size() / 2] = static_cast<char>(after[after.size() / 2] ^ 1);
    EXPECT_TRUE(file::write(file, after));
    const auto found = log_findings(place, node, in_peace).value();
    EXPECT_EQ(found.size(), 1u) << path;
    EXPECT_TRUE(file::write(file, before));
    return found.empty() ? std::string() : found[0].what;
  };
  EXPECT_THAT(damaged("tile/0/001"), HasSubstr("tile/0/001"));
  EXPECT_THAT(damaged("tile/entries/001"), HasSubstr("bundle"));
  EXPECT_THAT(damaged("tile/1/000.p/2"), HasSubstr("tile/1/000.p/2"));
  EXPECT_THAT(damaged("checkpoint"), HasSubstr("checkpoint"));
  EXPECT_THAT(damaged("key"), HasSubstr("Log: "));

  ASSERT_TRUE(node.database->write([](store::Connection& connection) -> Result<void> {
    connection.execute("UPDATE said SET body = 'another' WHERE number = 300");
    return {};
  }));
  const auto other = log_findings(place, node, in_peace).value();
  ASSERT_EQ(other.size(), 1u);
  EXPECT_THAT(other[0].what, HasSubstr("Eintrag 299"));
  EXPECT_THAT(other[0].todo, HasSubstr("verbund restore"));
  ASSERT_TRUE(node.database->write([](store::Connection& connection) -> Result<void> {
    connection.execute("DELETE FROM said WHERE number > 100");
    return {};
  }));
  EXPECT_THAT(log_findings(place, node, in_peace).value().at(0).what, HasSubstr("nichts mehr"));
}

TEST(Manifest, ReadsOnlyWhatItWrites) {
  const Manifest manifest{"0.1.0",
                          Instant(std::chrono::seconds(1'700'000'000)),
                          "sqlite",
                          {{"network/log", "a/log", "a/log+1+x", 3, tlog::leaf_hash("x"), 9}},
                          true};
  EXPECT_EQ(Manifest::parse(manifest.to_text()).value(), manifest);
  EXPECT_FALSE(Manifest::parse("{}"));
  std::string other = manifest.to_text();
  other.replace(other.find("network/log"), 11, "../../etc/x");
  EXPECT_FALSE(Manifest::parse(other));
  const std::vector<FileSum> sums{{"node.sqlite", crypto::sha256({"a"})}, {"network/log/key", crypto::sha256({"b"})}};
  const std::string text = print_sums(sums);
  EXPECT_EQ(parse_sums(text).value(), sums);
  EXPECT_FALSE(parse_sums(text + text));
  EXPECT_FALSE(parse_sums(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(parse_sums(text.substr(1)));
  for (const char* path : {"", "/etc/passwd", "..", "a/../b", "a//b", "./a", "a/", "a\\b", "a\nb", "\xff"}) {
    EXPECT_FALSE(is_path_within(path)) << path;
  }
  EXPECT_TRUE(is_path_within("network/heard/a_2fb/tile/entries/x001/000.p/7"));
}

}  // namespace
}  // namespace verbund::network
