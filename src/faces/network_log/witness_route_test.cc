// SPDX-License-Identifier: EUPL-1.2
#include "faces/network_log/witness_route.h"

#include <gtest/gtest.h>

#include "kits/store/testing/folder.h"
#include "network/log/handover.h"
#include "network/witness/request.h"

namespace verbund::network_log {
namespace {

TEST(WitnessFace, AnswersOverHttp) {   // clause 11.2
  store::testing::Folder folder;
  const FixedClock clock(Instant(std::chrono::seconds(1'700'000'000)));
  const auto key = network::load_or_create_witness_key(folder.path(), "land.example/network/witness").value();
  const auto log = tlog::SignerKey::generate("stadt.example/network/log");
  network::Witness witness(network::witness_folder(folder.path()), key, [&](std::string_view origin) {
    return origin == log.name ? std::vector{log.verifier()} : std::vector<tlog::VerifierKey>();
  }, clock);
  http::Router router;
  int asked = 0;
  add_witness_route(router, witness, [&](const network::Witness::Answer&) { ++asked; });
  const auto post = [&](std::string body) {
    http::Request request;
    request.method = "POST";
    request.target = request.path = "/network/witness/add-checkpoint";
    request.body = std::move(body);
    return router.route(request);
  };
  const auto type = [](const http::Response& response) { return response.headers.front().second; };
  tlog::Note note{tlog::Checkpoint{log.name, 1, tlog::leaf_hash("one"), {}}.to_text(), {}};
  note.signatures.push_back(tlog::sign_note(note.text, log));
  const std::string first = network::WitnessRequest{0, {}, note.to_text()}.to_text();

  auto response = post(first);
  EXPECT_EQ(response.status, 200) << *response.body;
  const auto cosigned = tlog::parse_note(note.to_text() + *response.body);
  ASSERT_TRUE(cosigned);
  EXPECT_TRUE(tlog::verify_note(*cosigned, key.verifier()));
  response = post(first);   // it has cosigned size 1 meanwhile
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(*response.body, "1\n");
  EXPECT_EQ(type(response), "text/x.tlog.size");
  EXPECT_EQ(post("nothing").status, 400);
  EXPECT_EQ(asked, 3);
  // A hand-over of the log's key (clause 11.7).
  const auto next = tlog::SignerKey::generate(log.name);
  http::Request hand;
  hand.method = "POST";
  hand.target = hand.path = "/network/witness/add-handovers";
  hand.body = network::sign_handover({log.verifier(), next.verifier(), 1, tlog::leaf_hash("one")}, log, next);
  EXPECT_EQ(router.route(hand).status, 200);
  hand.body = "nothing";
  EXPECT_EQ(router.route(hand).status, 400);
  EXPECT_EQ(post(network::WitnessRequest{1, {}, note.to_text()}.to_text()).status, 403);   // the old key has gone
}

}  // namespace
}  // namespace verbund::network_log
