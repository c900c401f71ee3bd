// SPDX-License-Identifier: EUPL-1.2
// The clauses of docs/protocols/network.md are named where they are checked.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/log/own_log.h"
#include "network/log/sequencer.h"
#include "network/log/verify.h"
#include "network/register/register_outbox.h"
#include "network/register/register_store.h"

namespace verbund::network {
namespace {

constexpr const char* network_name = "land.example/network/members";
const Instant noon(std::chrono::seconds(1'795'780'800));   // 2026-11-27T12:00:00Z

tlog::SignerKey key_of(const std::string& name, unsigned char seed = 1) {
  tlog::SignerKey key{name, tlog::KeyType::note, {}};
  key.seed[0] = seed;
  return key;
}

Member member_of(const std::string& name, const std::string& agency, unsigned char seed = 1) {
  Member out;
  out.name = name;
  out.title = "Stadt " + agency;
  out.key = key_of(name, seed).verifier().to_text();
  out.mandate = {{agency}, {}, {"010600063063"}, {"municipality"}};
  return out;
}

struct Node {
  store::testing::Folder folder;
  std::unique_ptr<store::Database> database =
      store::Database::open({.path = folder.store("node.sqlite")}, register_migrations()).value();

  template <typename Work>
  auto write(Work work) {
    std::optional<decltype(work(std::declval<RegisterStore&>()))> out;
    EXPECT_TRUE(database->write([&](store::Connection& connection) -> Result<void> {
      RegisterStore members(connection);
      out.emplace(work(members));
      return {};
    }));
    return std::move(*out);
  }
  Result<bool> receive(const JoinRequest& request, const tlog::SignerKey& key, Instant now = noon) {
    return write([&](RegisterStore& r) { return r.receive(request, request.to_note(key), network_name, now); });
  }
  void be_operator() {
    write([](RegisterStore& r) { return r.say(Policy{"Verbund Land", 1}, noon); });
  }
};

TEST(Register, IsALogWithAKeyOfItsOwnThatVerifies) {   // clause 8.1
  Node node;
  node.be_operator();
  const Member town = member_of("stadt.example/network/log", "stadt");
  EXPECT_TRUE(node.write([&](RegisterStore& r) { return r.say(town, noon); }));
  EXPECT_FALSE(node.write([&](RegisterStore& r) { return r.say(town, noon); }));
  const LogPlace place = members_place(node.folder.path());
  const auto key = load_or_create_key(place, network_name);
  ASSERT_TRUE(key);
  EXPECT_NE(place.key_file, key_file(node.folder.path()));
  RegisterOutbox outbox(*node.database);
  auto sequencer = Sequencer::open(place, *key, outbox);
  ASSERT_TRUE(sequencer) << sequencer.error().text();
  while ((*sequencer)->step().value()) {
  }
  Member suspended = town;
  suspended.suspended = "key lost";
  node.write([&](RegisterStore& r) { return r.say(suspended, noon); });
  while ((*sequencer)->step().value()) {
  }
  OwnLog log(place, outbox);
  const auto report = verify_log(log, key->verifier(), true);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.origin, network_name);
  EXPECT_EQ(report->checkpoint.size, 3u);   // policy, town, town suspended
  EXPECT_EQ(report->bodies, 2u);            // of its states the town's last only
  const auto entries = parse_entries(log.tile({tlog::TileId::entries, 0, 3}).value(), {tlog::TileId::entries, 0, 3});
  ASSERT_TRUE(entries);
  EXPECT_EQ((*entries)[0].kind, "network");
  EXPECT_EQ((*entries)[0].local, "policy");
  EXPECT_EQ((*entries)[2].kind, "member");
  EXPECT_EQ((*entries)[2].agency, "network");
  EXPECT_EQ((*entries)[2].local, town.name);
}

TEST(Request, IsSignedByTheKeyItNamesAndHasOneForm) {   // clause 8.9
  const auto key = key_of("stadt.example/network/log");
  const JoinRequest request{member_of(key.name, "stadt"), network_name, noon};
  const std::string note = request.to_note(key);
  ASSERT_TRUE(JoinRequest::parse(note)) << JoinRequest::parse(note).error().text();
  EXPECT_EQ(JoinRequest::parse(note).value(), request);
  EXPECT_TRUE(note.starts_with("{\"member\":{\"key\":")) << note;
  for (std::size_t at = 0; at < note.size(); ++at) {   // no bit of it can be another
    std::string changed = note;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto read = JoinRequest::parse(changed);
    EXPECT_TRUE(!read || *read == request) << at;   // what differs in the id of a signature is another key's
    if (at < note.find("\n\n")) {
      EXPECT_FALSE(read) << at;
    }
  }
}

TEST(Request, IsRefusedInEveryOtherForm) {   // clause 8.9
  const auto key = key_of("stadt.example/network/log");
  JoinRequest request{member_of(key.name, "stadt"), network_name, noon};
  const std::string text = request.to_note(key);
  const auto signed_text = [&](std::string changed) {
    tlog::Note note{std::move(changed), {}};
    note.signatures.push_back(tlog::sign_note(note.text, key));
    return note.to_text();
  };
  const std::string body = text.substr(0, text.find("\n\n") + 1);
  ASSERT_TRUE(JoinRequest::parse(signed_text(body)));
  const auto with = [&](std::string_view old, std::string_view now) {
    std::string changed = body;
    return signed_text(changed.replace(changed.find(old), old.size(), now));
  };
  for (const std::string& bad : {std::string(), body, signed_text("\n"), signed_text("[]\n"),
                                 signed_text("{}\n"), signed_text(body + "\n"),
                                 with("{\"member", "{\"a\":1,\"member"), with("\"join\"", "\"leave\""),
                                 with(network_name, "with space"), with("2026-", "26-"), with(":\"Stadt", ": \"Stadt"),
                                 with("\"title\":\"Stadt stadt\"", "\"suspended\":\"x\",\"title\":\"Stadt stadt\"")}) {
    EXPECT_FALSE(JoinRequest::parse(bad)) << bad;
  }
  EXPECT_EQ(JoinRequest::parse(std::string(join_note_limit + 1, 'x')).error().code, ErrorCode::too_large);
  // Signed by somebody else, with the name of the key.
  tlog::Note foreign{body, {}};
  foreign.signatures.push_back(tlog::sign_note(body, key_of(key.name, 9)));
  EXPECT_EQ(JoinRequest::parse(foreign.to_text()).error().code, ErrorCode::invalid);
}

TEST(Request, IsRefusedWhateverForeignBytesSay) {   // clause 8.9
  int good = 0;
  int hostile = 0;
  for (const auto& file : std::filesystem::directory_iterator(VERBUND_SOURCE_DIR "/src/network/register/testdata")) {
    const auto bytes = file::read(file.path().string(), 1u << 20);
    ASSERT_TRUE(bytes) << file.path();
    const bool expected = file.path().filename() == "request.txt";
    EXPECT_EQ(JoinRequest::parse(*bytes).has_value(), expected) << file.path();
    ++(expected ? good : hostile);
  }
  EXPECT_EQ(good, 1);
  EXPECT_EQ(hostile, 4);
}

TEST(Request, IsTakenOnceHoweverOftenItComes) {   // clause 8.10
  Node node;
  const auto key = key_of("stadt.example/network/log");
  JoinRequest request{member_of(key.name, "stadt"), network_name, noon};
  EXPECT_EQ(node.receive(request, key).error().code, ErrorCode::not_found);   // no operator
  node.be_operator();
  EXPECT_TRUE(node.receive(request, key).value());
  EXPECT_FALSE(node.receive(request, key).value());
  JoinRequest newer = request;
  newer.at += std::chrono::hours(1);
  newer.member.title = "Stadt Neu";
  EXPECT_FALSE(node.receive(newer, key).value());
  EXPECT_FALSE(node.receive(request, key).value());   // the older one again changes nothing
  auto waiting = node.write([](RegisterStore& r) { return r.waiting(); });
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].request, newer);
  // Somebody else under the same name stands beside it, and does not take its place.
  const auto other = key_of(key.name, 7);
  EXPECT_TRUE(node.receive({member_of(key.name, "stadt", 7), network_name, noon}, other).value());
  EXPECT_EQ(node.write([](RegisterStore& r) { return r.waiting(); }).size(), 2u);
  JoinRequest foreign = request;
  foreign.network = "other.example/network/members";
  EXPECT_EQ(node.receive(foreign, key).error().code, ErrorCode::conflict);
  node.write([&](RegisterStore& r) { return r.say(newer.member, noon); });
  node.write([&](RegisterStore& r) { r.forget_requests(key.name); return true; });
  EXPECT_EQ(node.receive(newer, key).error().code, ErrorCode::conflict);   // it is one already
  EXPECT_TRUE(node.receive(request, key).value());                         // another title is a new request
}

TEST(Request, WaitsInAQueueWithLimits) {   // clause 8.10
  Node node;
  node.be_operator();
  Instant now = noon;
  const auto send = [&](int number) {
    const auto key = key_of("n" + std::to_string(number) + ".example/network/log");
    return node.receive({member_of(key.name, "a" + std::to_string(number)), network_name, now}, key, now);
  };
  for (int i = 0; i < RegisterStore::most_each_minute; ++i) EXPECT_TRUE(send(i)) << i;
  EXPECT_EQ(send(1000).error().code, ErrorCode::unavailable);
  EXPECT_FALSE(send(0).value());   // one that waits is no new one
  int taken = RegisterStore::most_each_minute;
  while (taken < RegisterStore::most_waiting) {
    now += std::chrono::seconds(60);
    for (int i = 0; i < RegisterStore::most_each_minute && taken < RegisterStore::most_waiting; ++i) {
      ASSERT_TRUE(send(taken++));
    }
  }
  now += std::chrono::hours(1);
  EXPECT_EQ(send(1000).error().code, ErrorCode::unavailable);
  now += RegisterStore::kept_for;
  EXPECT_TRUE(send(1000).value());   // the old ones are gone
  EXPECT_EQ(node.write([](RegisterStore& r) { return r.waiting(); }).size(), 1u);
}

TEST(Admission, KeepsAgenciesAndKeysApart) {   // clause 8.11
  const Member land = member_of("land.example/network/log", "land", 2);
  const Member town = member_of("stadt.example/network/log", "stadt", 3);
  EXPECT_TRUE(check_admission({land}, town, "2026-11-27"));
  EXPECT_TRUE(check_admission({land, town}, town, "2026-11-27"));   // itself
  Member greedy = town;
  greedy.mandate.agencies.push_back("land");
  EXPECT_EQ(check_admission({land}, greedy, "2026-11-27").error().code, ErrorCode::conflict);
  Member over = land;
  over.valid_until = "2026-11-27";
  EXPECT_TRUE(check_admission({over}, greedy, "2026-11-27"));
  over.valid_until = "2026-11-28";
  EXPECT_FALSE(check_admission({over}, greedy, "2026-11-27"));
  Member witness = town;
  witness.witness_key = tlog::SignerKey{"w", tlog::KeyType::cosignature, {}}.verifier().to_text();
  Member same = land;
  same.witness_key = witness.witness_key;
  EXPECT_EQ(check_admission({same}, witness, "2026-11-27").error().code, ErrorCode::conflict);
  Member bad = town;
  bad.title = "";
  EXPECT_EQ(check_admission({land}, bad, "2026-11-27").error().where, "title");
}

TEST(Register, HearsOfOneOperatorOnly) {   // clause 8.12
  Node node;
  const Member land = member_of("land.example/network/log", "land", 2);
  const Member town = member_of("stadt.example/network/log", "stadt", 3);
  const auto hear = [&](const Member& member, const char* origin) {
    return node.write([&](RegisterStore& r) { return r.hear("member", member.name, member.to_body(), origin, noon); });
  };
  const auto names = [&] {
    return node.write([](RegisterStore& r) {
      std::vector<std::string> out;
      for (const Member& member : r.members()) out.push_back(member.name);
      return out;
    });
  };
  const auto version = [&] { return node.write([](RegisterStore& r) { return r.version(); }); };
  const auto before = version();
  EXPECT_TRUE(hear(land, network_name));
  EXPECT_TRUE(hear(town, network_name));
  EXPECT_GT(version(), before);
  const auto after = version();
  EXPECT_TRUE(hear(town, network_name));
  EXPECT_EQ(version(), after);   // nothing new
  EXPECT_EQ(hear(town, "other.example/network/members").error().code, ErrorCode::conflict);
  EXPECT_EQ(node.write([](RegisterStore& r) { return r.last_change(); }), 0);   // what was heard is not said on
  EXPECT_FALSE(node.write([](RegisterStore& r) { return r.is_operator(); }));
  // All of it anew: what is not said again goes.
  node.write([&](RegisterStore& r) { r.begin_stock(network_name); return true; });
  EXPECT_TRUE(hear(town, network_name));
  node.write([&](RegisterStore& r) { r.end_stock(network_name); return true; });
  EXPECT_EQ(names(), std::vector<std::string>{town.name});
  EXPECT_GT(version(), after);
  node.write([&](RegisterStore& r) { r.unhear("member", town.name, network_name); return true; });
  EXPECT_TRUE(names().empty());
  // Another network: what was heard of the first is forgotten.
  EXPECT_TRUE(hear(land, network_name));
  const Home home{"http://other.example", key_of("other.example/network/members").verifier().to_text()};
  node.write([&](RegisterStore& r) { r.set_home(home); return true; });
  EXPECT_EQ(node.write([](RegisterStore& r) { return r.home(); }), home);
  EXPECT_TRUE(names().empty());
  EXPECT_TRUE(hear(land, "other.example/network/members"));
  // An operator hears of no other.
  Node land_node;
  land_node.be_operator();
  EXPECT_EQ(land_node.write([&](RegisterStore& r) {
    return r.hear("member", town.name, town.to_body(), network_name, noon);
  }).error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace verbund::network
