// SPDX-License-Identifier: EUPL-1.2
#include "faces/network_log/network_log.h"

#include <gtest/gtest.h>

#include "kits/store/testing/folder.h"
#include "network/log/http_log_source.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"
#include "network/log/verify.h"

namespace verbund::network_log {
namespace {

struct Served {
  store::testing::Folder folder;
  network::TestOutbox outbox;
  tlog::SignerKey key = network::load_or_create_key(folder.path(), "stadt.example/network/log").value();
  network::OwnLog log{folder.path(), outbox};
  http::Router router;

  Served() {
    for (int i = 0; i < 300; ++i) outbox.say("s" + std::to_string(i), "text " + std::to_string(i));
    auto sequencer = network::Sequencer::open(folder.path(), key, outbox).value();
    EXPECT_TRUE(sequencer->step());
    router.fallback([](const http::Request&) { return http::text(404, "page"); });
    add_routes(router, log, "/network/log/");
  }
  http::Response get(const std::string& path) {
    http::Request request;
    request.method = "GET";
    request.target = request.path = path;
    return router.route(request);
  }
  static std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }
};

TEST(NetworkLog, GivesImmutableResourcesForEverAndTheCheckpointFresh) {   // clause 4.1
  Served served;
  for (const char* path : {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000",
                           "tile/entries/001.p/44", "bodies/000/0", "bodies/001.p/44/0"}) {
    const auto response = served.get(std::string("/network/log/") + path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(Served::header(response, "Cache-Control"), "public, max-age=31536000, immutable") << path;
    EXPECT_EQ(Served::header(response, "Content-Type"), "application/octet-stream") << path;
  }
  for (const char* path : {"checkpoint", "key"}) {
    const auto response = served.get(std::string("/network/log/") + path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(Served::header(response, "Cache-Control"), "no-cache") << path;
    EXPECT_EQ(Served::header(response, "Content-Type"), "text/plain; charset=utf-8") << path;
  }
}

TEST(NetworkLog, GivesNothingElseAndLetsNobodyKeepARefusal) {   // clause 4.2
  Served served;
  for (const char* path : {"tile/0/001", "tile/0/001.p/45", "tile/9/000", "tile/0/x001/000", "tile/x/000",
                           "tile/0/lock", "bodies/000/256", "tile/0/0"}) {
    const auto response = served.get(std::string("/network/log/") + path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(Served::header(response, "Cache-Control"), "no-store") << path;
  }
  for (const char* path : {"lock", "../log.key", "log.key", ""}) {
    EXPECT_EQ(served.get(std::string("/network/log/") + path).status, 404) << path;
  }
}

TEST(NetworkLog, VerifiesOverHttp) {   // clause 6.1
  Served served;
  auto server = http::Server::start({.port = 0, .workers = 2},
                                    [&](const http::Request& request) { return served.router.route(request); }, {});
  ASSERT_TRUE(server);
  auto source = network::HttpLogSource::at("http://127.0.0.1:" + std::to_string((*server)->port()) + "/");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->key().value(), served.key.verifier().to_text() + "\n");
  const auto report = network::verify_log(*source, served.key.verifier(), true);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.size, 300u);
  EXPECT_EQ(report->bodies, 300u);
}

TEST(NetworkLog, AnswersWhoWaitsWhenTheLogHasGrown) {   // clause 4.4
  Served served;
  const std::string note = served.log.checkpoint().value();
  Latest latest{300, std::make_shared<const std::string>(note)};
  http::Router router;
  add_routes(router, served.log, "/network/log/", [&] { return latest; });
  const auto ask = [&](const char* after, const char* wait) {
    http::Request request;
    request.method = "GET";
    request.path = "/network/log/checkpoint";
    request.query = {{"after", after}, {"wait", wait}};
    return router.route(request);
  };
  using Asked = std::pair<const char*, const char*>;
  for (const auto& [after, wait] : {Asked{"299", "20"}, Asked{"300", "0"}, Asked{"300", ""}, Asked{"", "20"},
                                    Asked{"x", "20"}, Asked{"300", "-1"}}) {
    const auto response = ask(after, wait);
    EXPECT_FALSE(response.waiting) << after << " " << wait;
    EXPECT_EQ(*response.body, note);
  }
  const auto waiting = ask("300", "100").waiting;
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->time, std::chrono::seconds(30)) << "longer nobody waits";
  EXPECT_FALSE(waiting->ask(false));
  EXPECT_EQ(*waiting->ask(true)->body, note);
  latest = {301, std::make_shared<const std::string>("grown\n")};
  EXPECT_EQ(*waiting->ask(false)->body, "grown\n");
  latest = {};   // where another process publishes, nobody waits
  EXPECT_FALSE(ask("300", "20").waiting);
}

TEST(NetworkLog, HandsOnWhatItFollows) {   // clause 4.5
  Served served;
  http::Router router;
  const std::shared_ptr<network::OwnLog> log(&served.log, [](network::OwnLog*) {});
  add_heard_routes(router, [&](std::string_view name) {
    return name == "stadt.example_2fnetwork_2flog" ? HeardLog{log, {}} : HeardLog{};
  });
  const auto get = [&](const std::string& path) {
    http::Request request;
    request.method = "GET";
    request.path = path;
    return router.route(request);
  };
  const std::string below = "/network/heard/stadt.example_2fnetwork_2flog/log/";
  for (const char* path : {"checkpoint", "tile/0/001.p/44", "tile/entries/000", "bodies/000/0"}) {
    const auto response = get(below + path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(*response.body, served.log.by_path(path).value()) << path;
  }
  EXPECT_EQ(get(below + "tile/0/009").status, 404);
  EXPECT_EQ(get("/network/heard/other/log/checkpoint").status, 404);
  EXPECT_EQ(get("/network/heard/other/log/tile/0/000").status, 404);
}

}  // namespace
}  // namespace verbund::network_log
