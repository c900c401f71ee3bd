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

}  // namespace
}  // namespace verbund::network_log
