// SPDX-License-Identifier: EUPL-1.2
// One witness in several processes: whichever is asked, two histories are never cosigned.
#include <gmock/gmock.h>

#include <algorithm>
#include <barrier>
#include <thread>
#include <utility>

#include "network/sharing/shared_folder.h"
#include "network/sharing/shared_log_store.h"
#include "network/witness/test_log.h"

namespace verbund::network {
namespace {

// A process of the witness: the key and the store are the same, the folder is its own.
struct WitnessProcess {
  WitnessProcess(const std::string& where, const tlog::SignerKey& key, const tlog::VerifierKey& of_log)
      : database(store::Database::open({.path = where}, sharing_migrations()).value()),
        shared(*database, witness_folder(folder.path()), "witness") {
    Witness::Options options;
    options.refresh = [this]() -> Result<void> {
      if (auto pulled = shared.pull(); !pulled) return pass(pulled);
      return {};
    };
    options.replace = [this](const std::string& path, const std::optional<std::string>& before, std::string_view after) {
      if (const auto meanwhile = std::exchange(too_late, {})) meanwhile();
      return shared.replace(path, before, after);
    };
    witness = std::make_unique<Witness>(witness_folder(folder.path()), key, [of_log](std::string_view name) {
      return name == origin ? std::vector{of_log} : std::vector<tlog::VerifierKey>();
    }, clock, std::move(options));
  }

  store::testing::Folder folder;
  FixedClock clock{noon};
  std::unique_ptr<store::Database> database;
  SharedFolder shared;
  std::function<void()> too_late;      // what happens between looking and keeping
  std::unique_ptr<Witness> witness;
};

class WitnessInCommon : public ::testing::Test {
 protected:
  std::unique_ptr<WitnessProcess> process() {
    return std::make_unique<WitnessProcess>(folder_.store("node.sqlite"), key_, log_.key.verifier());
  }
  // Another history under the same key.
  TestLog other() const {
    TestLog out(40, "other ");
    out.key = log_.key;
    return out;
  }

  const store::testing::Folder folder_;
  const tlog::SignerKey key_ = tlog::SignerKey::generate("land.example/network/witness", tlog::KeyType::cosignature);
  const TestLog log_{40};
};

TEST_F(WitnessInCommon, GoesOnWhereAnotherProcessStopped) {
  const auto a = process(), b = process();
  EXPECT_EQ(a->witness->add_checkpoint(log_.request(0, 10)).status, 200);
  EXPECT_EQ(b->witness->add_checkpoint(log_.request(0, 20)).body, "10\n");
  EXPECT_EQ(b->witness->add_checkpoint(log_.request(10, 20)).status, 200);
  EXPECT_EQ(a->witness->add_checkpoint(log_.request(10, 20)).body, "20\n");
  EXPECT_EQ(a->witness->add_checkpoint(log_.request(20, 40)).status, 200);
}

TEST_F(WitnessInCommon, KnowsAForkThatAnotherProcessHasNotSeen) {
  const auto a = process(), b = process();
  EXPECT_EQ(a->witness->add_checkpoint(log_.request(0, 10)).status, 200);
  const auto answer = b->witness->add_checkpoint(other().request(0, 10));
  EXPECT_EQ(answer.status, 409);
  EXPECT_TRUE(answer.fork);
  ASSERT_TRUE(a->shared.pull());
  EXPECT_THAT(forked_logs(witness_folder(a->folder.path())), ::testing::ElementsAre(origin));
}

TEST_F(WitnessInCommon, OfTwoThatAreAskedAtOnceOneSigns) {
  const auto a = process(), b = process();
  EXPECT_EQ(a->witness->add_checkpoint(log_.request(0, 5)).status, 200);
  // While a looks at one history, b signs the other.
  TestLog liar(40);
  liar.key = log_.key;
  for (int i = 5; i < 40; ++i) liar.entries[static_cast<std::size_t>(i)] = "other";
  a->too_late = [&] {
    EXPECT_EQ(b->witness->add_checkpoint(liar.request(5, 12)).status, 200);
  };
  const auto late = a->witness->add_checkpoint(log_.request(5, 12));
  EXPECT_EQ(late.status, 409);
  EXPECT_EQ(late.body, "12\n");
  EXPECT_TRUE(a->witness->add_checkpoint(log_.request(12, 12)).fork);
}

TEST_F(WitnessInCommon, NeverSignsTwoHistoriesHoweverTheyAreAsked) {
  const auto a = process(), b = process();
  const TestLog forked = other();
  for (std::uint64_t size = 1; size <= 20; ++size) {
    std::barrier begin(2);
    int signed_by_a = 0, signed_by_b = 0;
    const auto ask = [&](WitnessProcess& process, const TestLog& log, int& signs) {
      begin.arrive_and_wait();
      signs = process.witness->add_checkpoint(log.request(size - 1, size)).status == 200 ? 1 : 0;
    };
    std::thread one([&] { ask(*a, log_, signed_by_a); });
    ask(*b, size == 1 ? forked : log_, signed_by_b);
    one.join();
    if (size == 1) {
      EXPECT_EQ(signed_by_a + signed_by_b, 1) << "one of two histories";
      if (signed_by_b == 1) return;
    } else {
      EXPECT_GE(signed_by_a + signed_by_b, 1) << "the same history may be signed twice";
    }
  }
}

TEST_F(WitnessInCommon, WhatOneCouldNotJudgeAnotherCan) {
  const auto a = process(), b = process();
  EXPECT_EQ(a->witness->add_checkpoint(log_.request(0, 20)).status, 200);
  EXPECT_EQ(a->witness->add_checkpoint(other().request(0, 10)).status, 409);
  ASSERT_TRUE(b->shared.pull());
  EXPECT_THAT(b->witness->doubted(), ::testing::ElementsAre(origin));
  EXPECT_TRUE(b->witness->compare(origin, {{.note = log_.note(40), .tiles = log_.tiles()}}).value());
  EXPECT_TRUE(b->witness->doubted().empty());
  ASSERT_TRUE(a->shared.pull());
  EXPECT_TRUE(a->witness->doubted().empty());
  EXPECT_EQ(a->witness->evidence().size(), 1u);
}

}  // namespace
}  // namespace verbund::network
