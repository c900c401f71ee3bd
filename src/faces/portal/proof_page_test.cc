// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "faces/portal/proofs.h"
#include "faces/portal/testing/fixture.h"
#include "faces/portal/texts.h"
#include "kits/http/test_request.h"
#include "kits/store/testing/folder.h"

namespace verbund::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* page_path = "/nachweis/norderstedt/personalausweis-beantragen";

// A log that says everything, or nothing yet.
struct TestProofs : Proofs {
  bool published = true, stands_on_operator = false;
  Result<Standing> standing(const Shown& object) const override {
    if (!published) return fail(ErrorCode::not_found, "not yet");
    if (object.body.empty() || !object.origin.empty()) return fail(ErrorCode::invalid, "not as it is stored");
    return Standing{"Stadt <Norderstedt>", "stadt.example/network/log", 4, 1234,
                    Instant(std::chrono::seconds(1'780'000'000))};
  }
  Result<std::string> bundle(std::span<const Shown> objects) const override {
    if (!published) return fail(ErrorCode::not_found, "not yet");
    ++inside;
    for (int i = 0; i < 5'000 && inside < at_once; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::string out;
    for (const Shown& object : objects) out += std::string(directory::name(object.kind)) + " " + object.id.local + "\n";
    return out;
  }
  bool by_operator() const override { return stands_on_operator; }
  directory::SayingIndex& sayings() const override { return index; }
  mutable directory::SayingIndex index;
  int at_once = 1;                       // a bundle is made when so many have been asked for
  mutable std::atomic<int> inside = 0;
};

struct Town {
  store::testing::Folder folder;
  testing::Fixture fixture{folder.path()};
  TestProofs proofs;
  FixedClock clock{std::chrono::sys_days{std::chrono::year{2026} / 6 / 8} + std::chrono::hours{10}};
  std::unique_ptr<Portal> portal =
      Portal::create(testing::Fixture::demonstration_look(), fixture.finder(), fixture.database(), clock,
                     log::Log(clock, log::Level::error, log::Format::text, [](std::string_view) {}), nullptr, &proofs)
          .value();
  http::Router router;
  Town() { portal->add_routes(router); }
  http::Response get(const std::string& path, const std::string& language = {}) {
    http::Request request;
    request.method = "GET";
    request.target = request.path = path;
    if (!language.empty()) request.query = {{"lang", language}};
    return router.route(request);
  }
};

TEST(ProofPage, SaysWhoPublishedEachPartWhenAndWhere) {
  Town town;
  EXPECT_THAT(*town.get("/norderstedt/personalausweis-beantragen").body, HasSubstr(page_path));
  for (std::string_view language : languages) {
    const auto response = town.get(page_path, std::string(language));
    ASSERT_EQ(response.status, 200) << language;
    EXPECT_THAT(*response.body, HasSubstr("Stadt &lt;Norderstedt&gt;")) << language;
    EXPECT_THAT(*response.body, HasSubstr(std::string(page_path) + "/beweis.txt")) << language;
    EXPECT_THAT(*response.body, HasSubstr("Bürgeramt Norderstedt")) << language;
    EXPECT_EQ(http::header_of(response, "Cache-Control"), "no-store") << "the log goes on";
  }
  EXPECT_THAT(*town.get(page_path).body, HasSubstr("Eintrag 5 von 1.234"));
  EXPECT_THAT(*town.get(page_path).body, HasSubstr("Schlüssel des Logs"));
  town.proofs.stands_on_operator = true;
  EXPECT_THAT(*town.get(page_path).body, HasSubstr("Schlüssel des Netzbetreibers"));
}

TEST(ProofPage, GivesSeveralProofsAtOnce) {
  Town town;
  ASSERT_EQ(town.get(std::string(page_path) + "/beweis.txt").status, 200);   // the first question makes the index of sayings
  town.proofs.inside = 0;
  town.proofs.at_once = 4;
  std::vector<int> statuses(4, 0);
  {
    std::vector<std::jthread> people;
    for (int& status : statuses) {
      people.emplace_back([&town, &status] { status = town.get(std::string(page_path) + "/beweis.txt").status; });
    }
  }
  EXPECT_THAT(statuses, ::testing::Each(200));
  EXPECT_EQ(town.proofs.inside.load(), 4);
}

TEST(ProofPage, GivesTheProofAsAFile) {
  Town town;
  const auto file = town.get(std::string(page_path) + "/beweis.txt");
  ASSERT_EQ(file.status, 200);
  EXPECT_THAT(*file.body, ::testing::StartsWith("service "));
  EXPECT_THAT(*file.body, HasSubstr("unit "));
  EXPECT_THAT(http::header_of(file, "Content-Disposition"), HasSubstr("personalausweis-beantragen.beweis.txt"));
}

TEST(ProofPage, SaysWhatIsNotInTheLogYet) {
  Town town;
  town.proofs.published = false;
  EXPECT_THAT(*town.get(page_path).body, HasSubstr("Noch nicht im Log"));
  EXPECT_EQ(town.get(std::string(page_path) + "/beweis.txt").status, 503);
}

TEST(ProofPage, IsNotThereForWhatNobodySaid) {
  Town town;
  EXPECT_EQ(town.get("/nachweis/norderstedt/gibt-es-nicht").status, 404);
  EXPECT_EQ(town.get("/nachweis/nirgends/personalausweis-beantragen").status, 404);
  EXPECT_EQ(town.get("/nachweis/nirgends/personalausweis-beantragen/beweis.txt").status, 404);
  testing::Fixture& plain = town.fixture;   // a portal without proofs
  EXPECT_THAT(*plain.get("/norderstedt/personalausweis-beantragen").body, Not(HasSubstr("/nachweis/")));
}

}  // namespace
}  // namespace verbund::portal
