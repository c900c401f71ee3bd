// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/recall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "directory/objects/object_check.h"
#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"
#include "kits/store/testing/engine.h"

namespace verbund::directory {
namespace {

Service titled(std::string_view local, std::string_view title) {
  Service service;
  service.id = {"X", std::string(local)};
  service.modules.texts.push_back({.head = {},
                                   .code = "03",
                                   .individual_kind = {},
                                   .title_override = {},
                                   .content = {{"de", std::string(title)}},
                                   .links = {}});
  return service;
}

class Recall : public ::testing::Test {
 protected:
  struct Node {
    Node() : folder(std::filesystem::temp_directory_path() / ("verbund-recall-" + crypto::random_hex(8))) {
      database = std::move(*store::Database::open({.path = store::testing::location((folder / "node.sqlite").string())}, directory_migrations()));
    }
    ~Node() {
      database.reset();
      std::filesystem::remove_all(folder);
    }
    void write(const std::function<void(ObjectStore&)>& work) {
      ASSERT_TRUE(database->write([&](store::Connection& c) -> Result<void> {
        ObjectStore objects(c);
        work(objects);
        return {};
      }));
    }
    std::vector<std::string> feed() {
      std::vector<std::string> out;
      database->read([&](store::Connection& c) {
        ObjectStore(c).each_change(0, 1000, [&](const Change& change) {
          out.push_back(std::to_string(change.sequence) + " " + change.id.local + " " + change.digest.substr(0, 8));
        });
      });
      return out;
    }
    std::filesystem::path folder;
    std::unique_ptr<store::Database> database;
  };

  // What both did before the backup, and what only the original did after it.
  Recall() {
    for (Node* node : {&original_, &restored_}) {
      node->write([](ObjectStore& objects) {
        objects.put(titled("a", "Alt"), "s", Instant(std::chrono::seconds(1)));
        objects.put(titled("b", "Bleibt"), "s", Instant(std::chrono::seconds(1)));
        objects.put(titled("c", "Geht"), "s", Instant(std::chrono::seconds(1)));
      });
    }
    original_.write([](ObjectStore& objects) {
      objects.put(titled("a", "Neu"), "s", Instant(std::chrono::seconds(5)));
      objects.put(titled("fern", "Gehört"), "far", Instant(std::chrono::seconds(6)), "far.example/log");  // number 5
      objects.withdraw(ObjectKind::service, {"X", "c"}, Instant(std::chrono::seconds(7)));
      objects.put(titled("d", "Dazu"), "s", Instant(std::chrono::seconds(8)));
    });
    original_.database->read([&](store::Connection& c) {
      const ObjectStore objects(c);
      objects.each_own_change(3, 100, [&](const Change& change) {
        said_.push_back({change.sequence, change.kind, change.id, change.digest, change.at,
                         change.withdrawn ? std::nullopt : objects.body(change.kind, change.id)});
      });
    });
  }
  Result<std::int64_t> recall_all() {
    Result<std::int64_t> out;
    const auto done = restored_.database->write([&](store::Connection& c) -> Result<void> {
      out = recall(c, said_, Instant(std::chrono::seconds(99)));
      if (!out) return std::unexpected(out.error());
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return out;
  }
  std::vector<std::string> findings() {
    std::vector<std::string> out;
    restored_.database->read([&](store::Connection& c) {
      std::int64_t bodies = 0;
      out = body_findings(c, &bodies);
      for (auto& one : change_findings(c)) out.push_back(std::move(one));
    });
    return out;
  }

  Node original_, restored_;
  std::vector<RecalledChange> said_;
};

TEST_F(Recall, GivesTheChangesTheNumbersTheyHad) {
  ASSERT_EQ(said_.size(), 3u);
  EXPECT_EQ(recall_all().value(), 0);
  auto wanted = original_.feed();
  wanted.erase(wanted.begin() + 4);  // what was heard is heard again
  EXPECT_EQ(restored_.feed(), wanted);
  EXPECT_THAT(findings(), ::testing::IsEmpty());
  restored_.database->read([&](store::Connection& c) {
    const ObjectStore objects(c);
    EXPECT_EQ(objects.slug(ObjectKind::service, {"X", "a"}), "neu");
    EXPECT_FALSE(objects.body(ObjectKind::service, {"X", "c"}));
    EXPECT_TRUE(objects.body(ObjectKind::service, {"X", "d"}));
  });
  EXPECT_EQ(recall_all().value(), 0);  // again: nothing is left to do
  EXPECT_EQ(restored_.feed(), wanted);
}

// Protocol, clause 14.5.
TEST_F(Recall, SaysAgainWhatItHasWhereNobodyHasTheNewState) {
  said_[0].body.reset();  // the new text of a
  said_[2].body.reset();  // the text of d, which the backup does not know
  EXPECT_EQ(recall_all().value(), 2);
  const auto feed = restored_.feed();
  ASSERT_EQ(feed.size(), 8u);
  EXPECT_EQ(feed[6].substr(2), feed[0].substr(2));  // a is again what it was
  EXPECT_EQ(feed[7], "9 d ");                       // d is withdrawn
  EXPECT_THAT(findings(), ::testing::IsEmpty());
}

TEST_F(Recall, RefusesWhereTheStoreHasBeenChangedSince) {
  restored_.write(
      [](ObjectStore& objects) { objects.put(titled("e", "Voreilig"), "s", Instant(std::chrono::seconds(9))); });
  const auto before = restored_.feed();
  const auto refused = recall_all();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_EQ(restored_.feed(), before);
}

TEST_F(Recall, RefusesATextThatIsNotTheOneItsEntryNames) {
  said_[2].body = "{}";
  EXPECT_FALSE(recall_all());
  EXPECT_EQ(restored_.feed().size(), 3u);
}

}  // namespace
}  // namespace verbund::directory
