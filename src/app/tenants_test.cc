// SPDX-License-Identifier: EUPL-1.2
// Two towns in one process: whatever is asked, and however, each answer is of the one that is meant.
#include "app/tenants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "app/demo/demo.h"
#include "kits/http/test_client.h"
#include "kits/store/testing/folder.h"

namespace verbund::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class TwoTowns : public ::testing::Test {
 protected:
  void SetUp() override {
    say(town("nord", "nord.example", "Portal Nord") + town("sued", "sued.example", "Portal Sued"));
    auto all = load();
    for (const auto& [name, catalogue] : {std::pair{"nord", "norderstedt.json"}, {"sued", "bund.json"}}) {
      const TenantSettings& tenant = all.tenants.at(name);
      auto database = open_store(tenant.folder, tenant.settings, clock_);
      ASSERT_TRUE(database) << database.error().text();
      ASSERT_TRUE(load_demo_catalogue(**database, clock_, catalogue));
    }
    auto tenants = Tenants::start(std::move(all), clock_, log_);
    ASSERT_TRUE(tenants) << tenants.error().text();
    tenants_ = std::move(*tenants);
    EXPECT_EQ(tenants_->await_first_round()->failed, 0u);
    port_ = static_cast<std::uint16_t>(std::stoi(tenants_->address().substr(tenants_->address().rfind(':') + 1)));
  }
  void say(const std::string& text) {
    std::ofstream(folder_.file("verbund.toml")) << "http.port = 0\nhttp.queue_ms = 60000\n" << text;
  }
  std::string town(const std::string& name, const std::string& hosts, const std::string& title) {
    return "[tenant." + name + "]\nhost = \"" + hosts + "\"\nlook.name = \"" + title + "\"\nstore = \"" +
           folder_.store(name) + "\"\n";
  }
  Installation load() { return load_installation({{}, {{"data", folder_.path()}}}).value(); }
  static std::string question(const std::string& host, const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: text/html\r\n\r\n";
  }
  std::string ask(const std::string& host, const std::string& path) {
    http::TestClient client(port_);
    client.send(question(host, path));
    return client.answer(false, 60);
  }

  const store::testing::Folder folder_;
  const SystemClock clock_;
  const log::Log log_{clock_, log::Level::error, log::Format::text, [](std::string_view) {}};
  std::unique_ptr<Tenants> tenants_;
  std::uint16_t port_ = 0;
};

TEST_F(TwoTowns, EachHostHasItsOwnPagesNumbersAndLog) {
  for (const auto& [host, own, other] : {std::tuple{"nord.example", "Portal Nord", "Portal Sued"},
                                         {"SUED.example.:8080", "Portal Sued", "Portal Nord"}}) {
    for (const char* path : {"/", "/suche?q=ausweis", "/suche?q=hund", "/ueber", "/netz", "/datenschutz", "/impressum",
                             "/nichts-davon", "/status", "/barriere-melden"}) {
      const std::string answer = ask(host, path);
      EXPECT_THAT(answer, HasSubstr(own)) << host << path;
      EXPECT_THAT(answer, Not(HasSubstr(other))) << host << path;
    }
  }
  const std::string nord = ask("nord.example", "/api/v1/services?q=hund");
  const std::string sued = ask("sued.example", "/api/v1/services?q=hund");
  EXPECT_THAT(nord, HasSubstr("demo-norderstedt"));
  EXPECT_THAT(sued, Not(HasSubstr("demo-norderstedt")));
  EXPECT_THAT(ask("nord.example", "/metrics"), Not(HasSubstr("tenant=")));
}

TEST_F(TwoTowns, InterleavedOnOneConnectionAndAllAtOnceNothingIsMixed) {
  std::vector<std::string> paths;
  for (const char* path : {"/", "/suche?q=hund", "/suche?q=pass", "/ueber", "/suche?q=fuerungszeugnis", "/nichts"})
    paths.emplace_back(path);
  std::atomic<int> right{0}, wrong{0};
  const auto judge = [&](bool nord, const std::string& answer) {
    const bool good = answer.find(nord ? "Portal Nord" : "Portal Sued") != answer.npos &&
                      answer.find(nord ? "Portal Sued" : "Portal Nord") == answer.npos;
    ++(good ? right : wrong);
  };
  {
    std::vector<std::jthread> people;
    for (std::size_t who = 0; who < 3; ++who) {
      people.emplace_back([&, who] {
        http::TestClient client(port_);
        for (std::size_t i = 0; i < 60; ++i) {
          const bool nord = (i + who) % 2 == 0;
          client.send(question(nord ? "nord.example" : "sued.example", paths[i % paths.size()]));
          judge(nord, client.answer(false, 60));
        }
      });
    }
    people.emplace_back([&] {
      http::TestClient client(port_);
      std::string all;
      for (std::size_t i = 0; i < 60; ++i)
        all += question(i % 2 == 0 ? "nord.example" : "sued.example", paths[(i / 2) % paths.size()]);
      client.send(all);
      for (std::size_t i = 0; i < 60; ++i) judge(i % 2 == 0, client.answer(false, 60));
    });
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(right, 240);
}

TEST_F(TwoTowns, WhatIsUnchangedAtOneIsNotUnchangedAtTheOther) {
  const std::string answer = ask("nord.example", "/suche?q=hund");
  const std::size_t at = answer.find("ETag: ");
  ASSERT_NE(at, answer.npos);
  const std::string tag = answer.substr(at + 6, answer.find("\r\n", at) - at - 6);
  http::TestClient client(port_);
  const auto again = [&](const std::string& host) {
    client.send("GET /suche?q=hund HTTP/1.1\r\nHost: " + host + "\r\nIf-None-Match: " + tag + "\r\n\r\n");
    return client.answer(false, 60);
  };
  EXPECT_THAT(again("sued.example"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(again("nord.example"), StartsWith("HTTP/1.1 304"));
  EXPECT_THAT(again("sued.example"), StartsWith("HTTP/1.1 200"));
}

TEST_F(TwoTowns, AFormOfOneIsNotTakenFromAPageOfTheOther) {
  http::TestClient client(port_);
  const auto send = [&](const std::string& host, const std::string& from) {
    client.send("POST /barriere-melden HTTP/1.1\r\nHost: " + host + "\r\nOrigin: https://" + from +
                "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nwas=Frage");
    return client.answer(false, 60);
  };
  EXPECT_THAT(send("nord.example", "sued.example"), StartsWith("HTTP/1.1 4"));
  EXPECT_THAT(send("nord.example", "nord.example"), StartsWith("HTTP/1.1 303"));
  EXPECT_THAT(ask("sued.example", "/metrics"), HasSubstr("verbund_barrier_reports_open 0"));
  EXPECT_THAT(ask("nord.example", "/metrics"), HasSubstr("verbund_barrier_reports_open 1"));
}

TEST_F(TwoTowns, NobodysHostGetsNothingOfAnybody) {
  for (const std::string& host :
       std::vector<std::string>{"x.example", "127.0.0.1", "nord.example@x.example", "nord.example, x", "", "nord",
                                ".nord.example", std::string(10'000, 'n')}) {
    for (const char* path : {"/", "/health", "/metrics", "/api/v1/services?q=hund", "/network/log/checkpoint"}) {
      const std::string answer = ask(host, path);
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 421")) << host.substr(0, 40) << path;
      for (const char* of_somebody : {"Nord", "nord", "Sued", "sued", "demo", "log"})
        EXPECT_THAT(answer, Not(HasSubstr(of_somebody))) << host.substr(0, 40) << path;
    }
  }
  EXPECT_THAT(ask("127.0.0.1", "/health/ready"), HasSubstr("\"ready\""));
}

TEST_F(TwoTowns, TenantsComeAndGoWhileOthersAreServed) {
  say(town("sued", "sued.example ost.example", "Portal Sued") + town("west", "nord.example", "Portal West"));
  EXPECT_THAT(ask("nord.example", "/"), HasSubstr("Portal Nord"));
  tenants_->renew(load());
  EXPECT_THAT(ask("ost.example", "/"), HasSubstr("Portal Sued"));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  std::string answer = ask("nord.example", "/");
  while (answer.find("Portal West") == answer.npos && std::chrono::steady_clock::now() < until) {
    EXPECT_THAT(answer, Not(HasSubstr("Portal Nord"))) << "the host is another one's now";
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    answer = ask("nord.example", "/");
  }
  EXPECT_THAT(answer, HasSubstr("Portal West"));
}

TEST_F(TwoTowns, OneThatIsTakenOutAndPutBackComesBack) {
  const std::string nord = town("nord", "nord.example", "Portal Nord");
  const std::string sued = town("sued", "sued.example", "Portal Sued");
  for (int round = 0; round < 3; ++round) {
    say(sued);
    tenants_->renew(load());
    EXPECT_THAT(ask("nord.example", "/"), StartsWith("HTTP/1.1 421"));
    say(nord + sued);
    tenants_->renew(load());
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    std::string answer = ask("nord.example", "/suche?q=hund");
    while (answer.starts_with("HTTP/1.1 503") && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      answer = ask("nord.example", "/suche?q=hund");
    }
    EXPECT_THAT(answer, HasSubstr("Portal Nord"));
    EXPECT_THAT(ask("sued.example", "/"), HasSubstr("Portal Sued"));
  }
}

}  // namespace
}  // namespace verbund::app
