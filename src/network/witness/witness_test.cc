// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/witness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "base/text.h"
#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/log/handover.h"
#include "network/log/log_source.h"
#include "network/witness/cosigning.h"
#include "network/witness/request.h"
#include "network/witness/test_log.h"

namespace verbund::network {
namespace {

TEST(Witness, CosignsWhatContinuesWhatItHasSeen) {   // clause 11.2
  Watching here;
  for (const auto& [old_size, size] : {std::pair{0, 0}, {0, 1}, {1, 2}, {2, 7}, {7, 7}, {7, 32}, {32, 40}}) {
    const auto from = static_cast<std::uint64_t>(old_size), to = static_cast<std::uint64_t>(size);
    here.expect_cosigned(here.witness->add_checkpoint(here.log.request(from, to)), here.log.note(to));
    here.witness = here.open();   // what it has seen is on the disk
  }
}

TEST(Witness, RefusesEverythingElseWithTheStatusThatSaysWhy) {   // clause 11.2, 11.3
  Watching here;
  here.expect_cosigned(here.witness->add_checkpoint(here.log.request(0, 10)), here.log.note(10));
  const TestLog stranger(40);
  TestLog unknown(40);
  unknown.key = tlog::SignerKey::generate("dorf.example/network/log");
  TestLog other(40, "another ");
  other.key = here.log.key;
  const auto request = [&](std::uint64_t old_size, std::string note, tlog::Proof proof) {
    return WitnessRequest{old_size, std::move(proof), std::move(note)}.to_text();
  };
  const tlog::Proof proof = *tlog::consistency_proof(10, 20, here.log.reader());
  const tlog::Proof other_proof = *tlog::consistency_proof(10, 20, other.reader());
  tlog::Proof longer = proof;
  longer.push_back(proof[0]);
  const struct { std::string name, request; int status; std::string body; bool fork; } rows[] = {
      {"nothing", "", 400, "", false},
      {"no checkpoint", "old 10\n\n", 400, "", false},
      {"an old size with a zero in front", "old 010\n\n" + here.log.note(20), 400, "", false},
      {"a hash that is none", "old 10\nAAAA\n\n" + here.log.note(20), 400, "", false},
      {"an old size beyond the checkpoint", request(30, here.log.note(20), {}), 400, "", false},
      {"another key under the name", request(10, stranger.note(20), proof), 403, "", false},
      {"an unknown log", request(0, unknown.note(20), {}), 404, "", false},
      {"an old size it has not cosigned", here.log.request(5, 20), 409, "10\n", false},
      {"from the beginning again", here.log.request(0, 20), 409, "10\n", false},
      {"a shorter log", here.log.request(3, 5), 409, "10\n", false},
      {"the same size with another root", request(10, other.note(10), {}), 409, "10\n", true},
      {"another history", request(10, other.note(20), other_proof), 422, "", false},
      {"no proof", request(10, here.log.note(20), {}), 422, "", false},
      {"a proof too long", request(10, here.log.note(20), longer), 422, "", false},
  };
  for (const auto& row : rows) {
    const auto answer = here.witness->add_checkpoint(row.request);
    EXPECT_EQ(answer.status, row.status) << row.name << ": " << answer.body;
    EXPECT_EQ(answer.fork, row.fork) << row.name;
    EXPECT_EQ(answer.size_only, row.status == 409) << row.name;
    if (!row.body.empty()) {
      EXPECT_EQ(answer.body, row.body) << row.name;
    }
  }
  here.expect_cosigned(here.witness->add_checkpoint(here.log.request(10, 20)), here.log.note(20));
}

TEST(Witness, KeepsBothCheckpointsOfAForkAsEvidence) {   // clause 11.4
  Watching here;
  (void)here.witness->add_checkpoint(here.log.request(0, 10));
  TestLog other(40, "another ");
  other.key = here.log.key;
  EXPECT_TRUE(here.witness->evidence().empty());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(here.witness->add_checkpoint(WitnessRequest{10, {}, other.note(10)}.to_text()).fork);
  }
  const auto evidence = here.witness->evidence();
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(file::read(evidence[0], 1u << 20).value(), here.log.note(10) + "\n" + other.note(10));
}

TEST(Witness, RefusesEachBitThatDiffers) {   // clause 11.2
  Watching here;
  (void)here.witness->add_checkpoint(here.log.request(0, 10));
  const std::string good = here.log.request(10, 20);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string broken = good;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    EXPECT_NE(here.witness->add_checkpoint(broken).status, 200) << bit;
  }
}

TEST(Witness, RemembersBeforeItSigns) {   // clause 11.3
  Watching here;
  struct Crash {};
  here.witness = here.open({.before_write = [](std::string_view) { throw Crash(); }});
  EXPECT_THROW((void)here.witness->add_checkpoint(here.log.request(0, 10)), Crash);
  here.witness = here.open();
  EXPECT_EQ(here.witness->add_checkpoint(here.log.request(10, 20)).body, "0\n");   // it never signed
  here.expect_cosigned(here.witness->add_checkpoint(here.log.request(0, 10)), here.log.note(10));
  // What it cannot read it does not take for nothing.
  std::string state;
  for (const auto& each : std::filesystem::directory_iterator(witness_folder(here.folder.path()))) state = each.path();
  ASSERT_TRUE(file::write(state, "damaged"));
  EXPECT_EQ(here.witness->add_checkpoint(here.log.request(0, 20)).status, 503);
}

TEST(Witness, SignsOnlyOneHistoryHoweverManyAskAtTheSameTime) {   // clause 11.3
  Watching here;
  TestLog other(40, "another ");
  other.key = here.log.key;
  std::array<int, 8> statuses{};
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < statuses.size(); ++i) {
      threads.emplace_back([&, i] {
        statuses[i] = here.witness->add_checkpoint((i % 2 == 0 ? here.log : other).request(0, 20)).status;
      });
    }
  }
  const bool first = statuses[0] == 200 || statuses[2] == 200 || statuses[4] == 200 || statuses[6] == 200;
  const bool second = statuses[1] == 200 || statuses[3] == 200 || statuses[5] == 200 || statuses[7] == 200;
  EXPECT_NE(first, second);
}

TEST(Witness, CosignsTheVectorsOfAnotherImplementation) {
  const std::string folder = std::string(VERBUND_SOURCE_DIR) + "/../shared/reference/xroad/tlog/tessera-testdata/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no reference data";
  const auto text = [&](const std::string& name) { return file::read(folder + name, 1u << 20).value(); };
  const auto log_key = tlog::VerifierKey::parse(trim(text("vkey.txt"))).value();
  Watching here;
  Witness witness(here.folder.path() + "/other", here.key,
                  [&](std::string_view) { return std::vector{log_key}; }, here.clock);
  FolderLogSource files(folder);
  for (std::uint64_t size = 1; size <= 10; ++size) {
    tlog::TileReader tiles(size, [&](const tlog::TileId& id) { return files.tile(id); });
    const std::string note = text("checkpoint." + std::to_string(size));
    const auto proof = tlog::consistency_proof(size - 1, size, std::ref(tiles)).value();
    here.expect_cosigned(witness.add_checkpoint(WitnessRequest{size - 1, proof, note}.to_text()), note);
  }
}

TEST(WitnessKey, IsMadeOnceAndIsNoKeyForALog) {   // clause 11.1
  store::testing::Folder folder;
  const auto key = load_or_create_witness_key(folder.path(), "stadt.example/network/witness").value();
  EXPECT_EQ(key.type, tlog::KeyType::cosignature);
  EXPECT_EQ(load_or_create_witness_key(folder.path(), "other").value().verifier(), key.verifier());
  ASSERT_TRUE(file::write(witness_key_file(folder.path()), tlog::SignerKey::generate("a").to_text(), file::for_owner));
  EXPECT_FALSE(load_or_create_witness_key(folder.path(), "other"));
  EXPECT_FALSE(load_or_create_witness_key(folder.path() + "/b", "two words"));
}

constexpr std::chrono::seconds long_time{60};

struct Panel {
  Watching one, two, three;
  TestLog& log = one.log;
  std::map<std::string, std::function<Result<WitnessReply>(std::string_view)>> instead;   // by address
  std::set<std::string> dead;
  std::map<std::string, std::atomic<int>> times_asked;
  Panel() {
    for (const char* address : {"1", "2", "3"}) times_asked[address] = 0;
    two.log = three.log = one.log;
    two.key = tlog::SignerKey::generate("two.example/w", tlog::KeyType::cosignature);
    three.key = tlog::SignerKey::generate("three.example/w", tlog::KeyType::cosignature);
    two.witness = two.open();
    three.witness = three.open();
  }
  std::vector<WitnessAddress> addresses() {
    return {{one.key.verifier(), "1"}, {two.key.verifier(), "2"}, {three.key.verifier(), "3"}};
  }
  AskWitness ask() {
    return [this](const std::string& address, std::string_view resource, std::string_view request,
                  const std::stop_token& stop) -> Result<WitnessReply> {
      ++times_asked[address];
      if (dead.contains(address)) {      // answers nothing, until its time is over
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any().wait_for(lock, stop, std::chrono::seconds(30), [] { return false; });
        return fail(ErrorCode::unavailable, "no answer in time");
      }
      if (const auto other = instead.find(address); other != instead.end()) return other->second(request);
      Watching& asked = address == "1" ? one : address == "2" ? two : three;
      const auto answer = resource == "add-handovers" ? asked.witness->add_handovers(request)
                                                      : asked.witness->add_checkpoint(request);
      return WitnessReply{answer.status, answer.body};
    };
  }
  std::vector<tlog::VerifierKey> keys() {
    return {one.key.verifier(), two.key.verifier(), three.key.verifier()};
  }
};

TEST(Cosigning, GathersFromAllWhoAnswer) {   // clause 11.5
  Panel panel;
  Cosigning cosigning(panel.addresses(), panel.ask(), {.quorum = 3});
  for (const std::uint64_t size : {0, 1, 7, 40}) {
    const auto note = cosigning.gather(panel.log.note(size), panel.log.tiles());
    ASSERT_TRUE(note) << note.error().text();
    EXPECT_TRUE(tlog::verify_quorum(tlog::parse_note(*note).value(), panel.keys(), 3));
  }
  Cosigning restarted(panel.addresses(), panel.ask(), {.quorum = 3});   // knows nothing of what was cosigned
  EXPECT_TRUE(restarted.gather(panel.log.note(40), panel.log.tiles()));
}

TEST(Cosigning, NeedsTheQuorumAndNoMore) {   // clause 11.5
  Panel panel;
  panel.instead["2"] = [](std::string_view) { return fail(ErrorCode::unavailable, "away"); };
  Cosigning two(panel.addresses(), panel.ask(), {.quorum = 2, .patience = long_time});
  EXPECT_TRUE(two.gather(panel.log.note(5), panel.log.tiles()));
  Cosigning three(panel.addresses(), panel.ask(), {.quorum = 3});
  EXPECT_EQ(three.gather(panel.log.note(6), panel.log.tiles()).error().code, ErrorCode::unavailable);
  panel.instead.clear();
  EXPECT_TRUE(three.gather(panel.log.note(7), panel.log.tiles()));   // the quorum needs it: it does not rest
}

TEST(Cosigning, IsNotHeldUpByAWitnessThatDoesNotAnswer) {   // clause 11.5
  for (const std::size_t quorum : {0u, 1u, 2u}) {
    Panel panel;
    panel.dead = {"2"};
    Cosigning cosigning(panel.addresses(), panel.ask(), {.quorum = quorum});
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint64_t size = 1; size <= 10; ++size) {
      const auto note = cosigning.gather(panel.log.note(size), panel.log.tiles());
      ASSERT_TRUE(note) << note.error().text();
      EXPECT_TRUE(tlog::verify_quorum(tlog::parse_note(*note).value(), panel.keys(), 2));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));   // all ten of them
    EXPECT_EQ(panel.times_asked["2"], 1);                                                 // and it is left alone
  }   // nor is who ends
}

TEST(Cosigning, AsksWhoRestsWhenSomebodyElseDoesNotAnswer) {   // clause 11.5
  Panel panel;
  panel.instead["3"] = [](std::string_view) { return fail(ErrorCode::unavailable, "away"); };
  Cosigning cosigning(panel.addresses(), panel.ask(), {.quorum = 2});
  ASSERT_TRUE(cosigning.gather(panel.log.note(1), panel.log.tiles()));
  panel.instead.clear();
  panel.dead = {"2"};
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(cosigning.gather(panel.log.note(2), panel.log.tiles()));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST(Cosigning, TakesWhatCameTooLateTheNextTime) {   // clause 11.5
  Panel panel;
  std::atomic<bool> answered = false;
  panel.instead["3"] = [&](std::string_view request) -> Result<WitnessReply> {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const auto answer = panel.three.witness->add_checkpoint(request);
    answered = true;
    return WitnessReply{answer.status, answer.body};
  };
  Cosigning cosigning(panel.addresses(), panel.ask(), {.quorum = 2, .patience = std::chrono::milliseconds(5)});
  const std::string note = panel.log.note(1);
  EXPECT_FALSE(cosigned_by_all(cosigning.gather(note, panel.log.tiles()).value(), panel.addresses()));
  bool all = false;
  for (int i = 0; i < 1000 && !all; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    all = cosigned_by_all(cosigning.gather(note, panel.log.tiles()).value(), panel.addresses());
  }
  EXPECT_TRUE(all);
  EXPECT_TRUE(answered);
  EXPECT_EQ(panel.times_asked["1"], 1);
  EXPECT_EQ(panel.times_asked["3"], 1);
}

TEST(Cosigning, BelievesNoWitnessThatSignsSomethingElse) {   // clause 11.5
  Panel panel;
  const auto line = [&](const std::string& text, const tlog::SignerKey& key) {
    return [=](std::string_view) -> Result<WitnessReply> {
      return WitnessReply{200, print_cosignature(tlog::sign_note(text, key, noon))};
    };
  };
  const auto reply = [](int status, const std::string& body) {
    return [=](std::string_view) -> Result<WitnessReply> { return WitnessReply{status, body}; };
  };
  const std::vector<std::function<Result<WitnessReply>(std::string_view)>> answers = {
      line("another text\n", panel.one.key), line(panel.log.note(5), panel.two.key),
      reply(200, "garbage"), reply(200, ""), reply(409, "many\n"), reply(500, ""), reply(409, "3\n")};
  for (const auto& answer : answers) {
    panel.instead["1"] = answer;
    Cosigning cosigning({panel.addresses()[0]}, panel.ask(), {.quorum = 1});
    EXPECT_FALSE(cosigning.gather(panel.log.note(5), panel.log.tiles()));
  }
}

TEST(Cosigning, SaysThatAWitnessHasSeenAnotherHistory) {   // clause 11.5
  Panel panel;
  Cosigning cosigning(panel.addresses(), panel.ask(), {.quorum = 1});
  ASSERT_TRUE(cosigning.gather(panel.log.note(10), panel.log.tiles()));
  TestLog other(40, "another ");
  other.key = panel.log.key;
  for (const std::uint64_t size : {5, 10, 20}) {
    Cosigning forked(panel.addresses(), panel.ask(), {.quorum = 1});
    EXPECT_EQ(forked.gather(other.note(size), other.tiles()).error().code, ErrorCode::conflict) << size;
  }
}

TEST(Cosigning, TellsWitnessesOfANewKey) {   // clause 11.7
  Panel panel;
  TestLog log = panel.log;
  const tlog::SignerKey old_key = log.key;
  ASSERT_TRUE(Cosigning(panel.addresses(), panel.ask(), {.quorum = 3}).gather(log.note(5), log.tiles()));
  log.key = tlog::SignerKey::generate(origin);
  const Handover handover{old_key.verifier(), log.key.verifier(), 5, *tlog::tree_root(5, log.reader())};
  const std::string handovers = sign_handover(handover, old_key, log.key);
  Cosigning silent(panel.addresses(), panel.ask(), {.quorum = 1});
  EXPECT_FALSE(silent.gather(log.note(5), log.tiles()));
  Cosigning telling(panel.addresses(), panel.ask(), {.quorum = 3, .handovers = [&] { return handovers; }});
  for (const std::uint64_t size : {5, 7}) {
    const auto note = telling.gather(log.note(size), log.tiles());
    ASSERT_TRUE(note) << note.error().text();
    EXPECT_TRUE(tlog::verify_quorum(tlog::parse_note(*note).value(), panel.keys(), 3));
  }
}

TEST(Cosigning, SaysWhetherThereIsSomebodyLeftToAsk) {   // clause 11.5
  Panel panel;
  panel.instead["3"] = [](std::string_view) { return fail(ErrorCode::unavailable, "away"); };
  Cosigning cosigning(panel.addresses(), panel.ask(), {.quorum = 0, .patience = long_time});
  const auto part = cosigning.gather(panel.log.note(5), panel.log.tiles());
  ASSERT_TRUE(part);
  EXPECT_FALSE(cosigned_by_all(*part, panel.addresses()));
  panel.instead.clear();
  Cosigning again(panel.addresses(), panel.ask(), {.quorum = 0, .patience = long_time});
  EXPECT_TRUE(cosigned_by_all(again.gather(panel.log.note(5), panel.log.tiles()).value(), panel.addresses()));
  EXPECT_FALSE(cosigned_by_all("no note", panel.addresses()));
  EXPECT_TRUE(cosigned_by_all(*part, {}));
}

TEST(Cosigning, AsksSomeOfVeryManyTheSameOnesForEachLog) {   // clause 11.5
  std::vector<WitnessAddress> many;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "w" + std::to_string(i) + ".example/network/witness";
    many.push_back({tlog::SignerKey::generate(name, tlog::KeyType::cosignature).verifier(), name});
  }
  const auto one = choose_witnesses(many, "a.example/network/log", 32);
  EXPECT_EQ(one.size(), 32u);
  std::ranges::reverse(many);
  EXPECT_EQ(choose_witnesses(many, "a.example/network/log", 32), one);
  EXPECT_NE(choose_witnesses(many, "b.example/network/log", 32), one);
  EXPECT_EQ(choose_witnesses(one, "b.example/network/log", 32), one);
}

}  // namespace
}  // namespace verbund::network
