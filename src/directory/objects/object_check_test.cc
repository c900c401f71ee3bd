// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/testing/engine.h"
#include "directory/objects/object_check.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"

namespace verbund::directory {
namespace {

class ObjectCheck : public ::testing::Test {
 protected:
  ObjectCheck() : folder_(std::filesystem::temp_directory_path() / ("verbund-check-" + crypto::random_hex(8))) {
    database_ = std::move(*store::Database::open({.path = store::testing::location((folder_ / "node.sqlite").string())}, directory_migrations()));
  }
  ~ObjectCheck() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void put(std::string_view local, std::string_view title, std::string_view source = "a") {
    Service service;
    service.id = {"X", std::string(local)};
    service.modules.texts.push_back({.head = {}, .code = "03", .individual_kind = {}, .title_override = {},
                                     .content = {{"de", std::string(title)}}, .links = {}});
    write([&](store::Connection& c) { ObjectStore(c).put(service, source, Instant()); });
  }
  void write(const std::function<void(store::Connection&)>& work) {
    ASSERT_TRUE(database_->write([&](store::Connection& c) -> Result<void> {
      work(c);
      return {};
    }));
  }
  std::vector<std::string> findings() {
    std::vector<std::string> found;
    database_->read([&](store::Connection& c) { found = body_findings(c, &bodies_); });
    return found;
  }
  std::string fingerprint() {
    std::string value;
    database_->read([&](store::Connection& c) { value = state_fingerprint(c); });
    return value;
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Database> database_;
  std::int64_t bodies_ = 0;
};

TEST_F(ObjectCheck, ASoundStoreHasNoFindings) {
  put("1", "Eins");
  put("2", "Zwei");
  EXPECT_THAT(findings(), ::testing::IsEmpty());
  EXPECT_EQ(bodies_, 2);
}

TEST_F(ObjectCheck, AChangedAMissingAndALonelyBodyAreFound) {
  put("1", "Eins");
  put("2", "Zwei");
  put("3", "Drei");
  write([](store::Connection& c) {
    c.execute("UPDATE directory_body SET body = '{}' WHERE local = '1'");
    c.execute("DELETE FROM directory_body WHERE local = '2'");
    c.execute("DELETE FROM directory_object WHERE local = '3'");
  });
  EXPECT_THAT(findings(), ::testing::ElementsAre("service X 1: the body is not the one that was stored",
                                               "service X 2: the body is missing",
                                               "service X 3: a body without its object"));
}

TEST_F(ObjectCheck, TheFingerprintTellsTheStateAndNotItsHistory) {
  const std::string empty = fingerprint();
  put("1", "Eins");
  const std::string one = fingerprint();
  EXPECT_NE(one, empty);
  put("1", "Anders");
  EXPECT_NE(fingerprint(), one);
  put("1", "Eins", "another source");
  EXPECT_EQ(fingerprint(), one);
}

}  // namespace
}  // namespace verbund::directory
