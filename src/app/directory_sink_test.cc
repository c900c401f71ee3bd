// SPDX-License-Identifier: EUPL-1.2
#include "app/directory_sink.h"

#include <gtest/gtest.h>

#include "app/node.h"
#include "app/outbox.h"
#include "directory/objects/object_store.h"
#include "kits/store/testing/folder.h"

namespace verbund::app {
namespace {

using network::Entry;
using store::testing::Folder;
constexpr Instant now{std::chrono::seconds(1'780'000'000)};

Entry entry_of(std::string_view kind, std::string local, std::string_view body) {
  return {std::string(kind), "amt", std::move(local), 1, now, crypto::sha256({body})};
}

class DirectorySinkTest : public ::testing::Test {
 protected:
  DirectorySinkTest() : database_(open_store_at(folder_.store("node.sqlite"), clock_).value()), sink_(*database_) {}

  std::string claims_of(std::string_view kind, const std::string& body) {
    const auto claims = sink_.claims(entry_of(kind, "1", body), body);
    if (!claims) return claims.error().message;
    std::string out;
    for (const auto& claim : *claims) out += "[" + claim.area + " " + claim.level + "]";
    return out;
  }

  SystemClock clock_;
  Folder folder_;
  std::unique_ptr<store::Database> database_;
  DirectorySink sink_;
};

TEST_F(DirectorySinkTest, KnowsWhatABodyDecidesAbout) {
  const auto responsibility = [](const std::string& areas) {
    return R"({"areas":[)" + areas + R"(],"holder":"amt.OE.1","id":"amt.ZS.1","service":"amt.LB.1"})";
  };
  EXPECT_EQ(claims_of("responsibility", responsibility(R"("010600063063","01060","01")")),
            "[010600063063 municipality][01060 district][01 state]");
  EXPECT_EQ(claims_of("responsibility", responsibility(R"("11","01001")")), "[11 municipality][01001 municipality]")
      << "a city state, a city that is its own district";
  EXPECT_EQ(claims_of("responsibility", responsibility(R"("99999")")), "[99999 district]") << "not in our list";
  EXPECT_EQ(claims_of("responsibility", R"({"holder":"amt.OE.1","id":"amt.ZS.1","service":"amt.LB.1"})"),
            "[ federation]");
  EXPECT_EQ(claims_of("specialisation", R"({"areas":["01"],"id":"amt.SP.1","service":"bund.LB.1"})"), "[01 state]");
  EXPECT_EQ(claims_of("unit", R"({"id":"amt.OE.1","name":[{"language":"de","text":"Amt"}]})"), "");
}

TEST_F(DirectorySinkTest, TakesNoOtherBodyThanTheCanonicalOneOfTheObject) {
  const std::string good = R"({"id":"amt.OE.1","name":[{"language":"de","text":"Amt"}]})";
  ASSERT_EQ(claims_of("unit", good), "");
  for (const auto& [kind, body] : std::initializer_list<std::pair<const char*, std::string>>{
           {"unit", ""},
           {"unit", "{"},
           {"unit", good + " "},
           {"unit", R"({"id":"amt.OE.2"})"},
           {"unit", R"({"id":"fremd.OE.1"})"},
           {"unit", R"({"id":"amt.OE.1","further":1})"},
           {"unit", R"({"id":"amt.OE.1","kind":""})"},
           {"service", good},
           {"dragon", good},
           {"responsibility", R"({"areas":["0100"],"holder":"amt.OE.1","id":"amt.ZS.1","service":"amt.LB.1"})"},
           {"unit", std::string(200, '[')}}) {
    EXPECT_NE(claims_of(kind, body), "") << kind << " " << body;
  }
}

TEST_F(DirectorySinkTest, WritesWhatIsHeardAndPublishesNoneOfIt) {
  const std::string body = R"({"id":"amt.OE.1","name":[{"language":"de","text":"Amt"}]})";
  const Entry entry = entry_of("unit", "1", body);
  const std::string origin = "amt.example/network/log";
  const auto write = [&](const std::function<void(network::Sink::Writing&)>& work) {
    ASSERT_TRUE(database_->write([&](store::Connection& connection) -> Result<void> {
      const auto writing = sink_.writing(connection, origin, now);
      work(*writing);
      return {};
    }));
  };
  write([&](auto& writing) { ASSERT_TRUE(writing.put(entry, body)); });
  database_->read([&](store::Connection& connection) {
    EXPECT_EQ(sink_.held(connection, entry), body);
    EXPECT_FALSE(sink_.held(connection, entry_of("unit", "1", "another")));
    EXPECT_EQ(directory::ObjectStore(connection).sources()[0].name, source_of(origin));
    EXPECT_EQ(directory::ObjectStore(connection).slug(directory::ObjectKind::unit, {"amt", "1"}), "amt");
  });
  DirectoryOutbox outbox(*database_);
  int published = 0;
  EXPECT_EQ(outbox.read(0, 10, [&](const Entry&) { ++published; }), 1);
  EXPECT_EQ(published, 0);
  EXPECT_EQ(outbox.last(), 0);
  write([&](auto& writing) {
    writing.begin_stock();
    writing.end_stock();
  });
  database_->read([&](store::Connection& connection) { EXPECT_FALSE(sink_.held(connection, entry)); });
  // An object of our own is not touched.
  ASSERT_TRUE(database_->write([&](store::Connection& connection) -> Result<void> {
    directory::ObjectStore(connection).put_body(directory::ObjectKind::unit, {"amt", "1"}, body, "import", now);
    return {};
  }));
  write([&](auto& writing) {
    EXPECT_EQ(writing.put(entry, body).error().code, ErrorCode::conflict);
    writing.withdraw(entry);
  });
  database_->read([&](store::Connection& connection) { EXPECT_TRUE(sink_.held(connection, entry)); });
}

}  // namespace
}  // namespace verbund::app
