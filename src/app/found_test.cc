// SPDX-License-Identifier: EUPL-1.2
// Who carries a page, and the notices to search engines.
#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "app/index_notice.h"
#include "app/place_portals.h"
#include "kits/http/http.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

network::Member member(std::string name, std::vector<std::string> areas, std::string address = "") {
  network::Member out;
  out.name = name;
  out.title = name;
  if (address != "none") out.addresses = {address.empty() ? "https://" + name : address};
  out.mandate.areas = std::move(areas);
  return out;
}

TEST(Carrier, TheNarrowestMandateWithAPortalCarriesAPlace) {
  network::Member suspended = member("kiel.example", {"01002"});
  suspended.suspended = "test";
  const network::Membership membership({member("bund.example", {""}), suspended,
                                        member("land.example", {"01"}),
                                        member("ohne-portal.example", {"010605063"}, "none"),
                                        member("stadt.example", {"010600063063", "010600039039"})});
  const struct { const char* area; const char* own; const char* expected; } cases[] = {
      {"010600063063", "https://land.example/", "https://stadt.example"},
      {"010600063063", "https://stadt.example/", ""},                       // we do
      {"010600039039", "https://bund.example/", "https://stadt.example"},
      {"010605063001", "https://bund.example/", "https://land.example"},    // its member has no portal: the next level
      {"01002", "https://bund.example/", "https://land.example"},           // suspended: the next level
      {"01002", "https://land.example/", ""},
      {"09162", "https://land.example/", "https://bund.example"},
      {"09162", "https://stranger.example/", "https://bund.example"},
      {"", "https://bund.example/", ""},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(carrier_of_place(membership, one.own, directory::AreaKey::parse(one.area).value(), "2026-11-27"),
              one.expected)
        << one.area << " asked by " << one.own;
  }
  EXPECT_EQ(carrier_of_place({}, "x", directory::AreaKey(), "2026-11-27"), "");
}

TEST(Carrier, OfTwoEquallyNarrowOnesWeWinElseTheFirstByName) {
  const network::Membership both({member("a.example", {"01"}), member("b.example", {"01"})});
  const auto place = directory::AreaKey::parse("01002").value();
  EXPECT_EQ(carrier_of_place(both, "https://b.example", place, "2026-11-27"), "");
  EXPECT_EQ(carrier_of_place(both, "https://c.example", place, "2026-11-27"), "https://a.example");
}

// A search engine on this machine: answers with the statuses given, then 202.
class Engine {
 public:
  explicit Engine(std::vector<int> statuses) : statuses_(std::move(statuses)) {
    http::ServerOptions options;
    options.port = 0;
    auto started = http::Server::start(options, http::Service([this](const http::Request& request) {
                                         const std::lock_guard lock(mutex_);
                                         asked_.emplace_back(request.query_value("key"), request.query_value("url"));
                                         const std::size_t at = asked_.size() - 1;
                                         return http::text(at < statuses_.size() ? statuses_[at] : 202, "");
                                       }),
                                       {});
    EXPECT_TRUE(started);
    server_ = std::move(*started);
  }
  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/indexnow"; }
  std::vector<std::pair<std::string, std::string>> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  void stop() { server_->stop(); }

 private:
  const std::vector<int> statuses_;
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> asked_;
  std::unique_ptr<http::Server> server_;
};

const log::Log& quiet() {
  static const SystemClock clock;
  static const log::Log log(clock, log::Level::error, log::Format::text, [](std::string_view) {});
  return log;
}

template <typename Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST(IndexNotice, EachChangedAddressIsToldOnceWithTheKey) {
  Engine engine({});
  IndexNotice notice({engine.endpoint(), "0123456789abcdef", 100, 1ms, 1ms}, quiet());
  notice.changed({"https://portal.example/kiel/a?b=c&d", "https://portal.example/kiel/ü",
                  "https://portal.example/kiel/a?b=c&d"});
  ASSERT_TRUE(soon([&] { return notice.counts().sent == 2; }));
  const auto asked = engine.asked();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].first, "0123456789abcdef");
  EXPECT_EQ(asked[0].second, "https://portal.example/kiel/a?b=c&d");
  EXPECT_EQ(asked[1].second, "https://portal.example/kiel/ü");
  EXPECT_EQ(notice.counts().waiting, 0u);
}

TEST(IndexNotice, ABusyEngineIsAskedAgainAndARefusalIsFinal) {
  Engine engine({503, 429, 202, 422});
  IndexNotice notice({engine.endpoint(), "0123456789abcdef", 100, 1ms, 1ms}, quiet());
  notice.changed({"https://portal.example/a", "https://portal.example/b", "https://portal.example/c"});
  ASSERT_TRUE(soon([&] { return notice.counts().waiting == 0; }));
  EXPECT_EQ(notice.counts().sent, 2u);       // a at the third try, c; b is refused for good
  EXPECT_EQ(notice.counts().refused, 3u);
  EXPECT_EQ(engine.asked().size(), 5u);
}

TEST(IndexNotice, TheQueueHasALimitAndForgetsTheOldest) {
  IndexNotice notice({"http://127.0.0.1:1/none", "0123456789abcdef", 3, 1ms, 60'000ms}, quiet());
  notice.changed({"1", "2", "3", "4", "5"});
  EXPECT_EQ(notice.counts().waiting, 3u);
  EXPECT_EQ(notice.counts().forgotten, 2u);
}   // and ends at once although the engine is not there

TEST(IndexNotice, KeysAndEndpointsOfAnotherFormAreRefused) {
  EXPECT_TRUE(check({.endpoint = "http://localhost/indexnow", .key = "abcDEF-12"}));
  EXPECT_TRUE(check({.endpoint = "https://api.example/indexnow", .key = "abcdef12"}));
  EXPECT_FALSE(check({.endpoint = "ftp://api.example/indexnow", .key = "abcdef12"}));
  EXPECT_FALSE(check({.endpoint = "http://localhost/", .key = "short"}));
  EXPECT_FALSE(check({.endpoint = "http://localhost/", .key = "with/slash"}));
  EXPECT_FALSE(check({.endpoint = "http://localhost/", .key = std::string(129, 'a')}));
}

}  // namespace
}  // namespace verbund::app
