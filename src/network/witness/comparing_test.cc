// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/comparing.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "kits/file/file.h"
#include "network/log/handover.h"
#include "network/witness/test_log.h"

namespace verbund::network {
namespace {

// Two histories under one key that part after `common` entries.
struct TwoHistories {
  TestLog one{40}, other{40};
  explicit TwoHistories(std::size_t common = 0) {
    other.key = one.key;
    for (std::size_t i = common; i < other.entries.size(); ++i) other.entries[i] = "another " + std::to_string(i);
  }
  std::vector<tlog::VerifierKey> keys() const { return {one.key.verifier()}; }
};

HeldLog held(const TestLog& log, std::uint64_t size) { return {.note = log.note(size), .tiles = log.tiles()}; }

TEST(Comparing, TellsAForkFromAContinuationAtAnySizes) {   // clause 11.8
  for (const std::size_t common : {0, 1, 7, 16, 20}) {
    const TwoHistories logs(common);
    for (std::uint64_t a = 0; a <= 40; a += 1 + a / 8) {
      for (std::uint64_t b = 0; b <= 40; b += 1 + b / 8) {
        EXPECT_EQ(compare_logs(held(logs.one, a), held(logs.one, b), logs.keys()).verdict, Verdict::same);
        const auto found = compare_logs(held(logs.one, a), held(logs.other, b), logs.keys());
        const bool fork = a > common && b > common;
        ASSERT_EQ(found.verdict, fork ? Verdict::fork : Verdict::same) << common << " " << a << " " << b;
        if (!fork) continue;
        const auto proven = verify_evidence(found.evidence, logs.keys());
        ASSERT_TRUE(proven) << proven.error().text();
        EXPECT_EQ(*proven, origin);
      }
    }
  }
}

TEST(Comparing, NeedsTheTilesOfTheLargerLogOnly) {   // clause 11.8
  const TwoHistories logs;
  const HeldLog small{.note = logs.one.note(9)}, large{.note = logs.other.note(30)};
  EXPECT_EQ(compare_logs(small, large, logs.keys()).verdict, Verdict::unknown);
  EXPECT_EQ(compare_logs(small, held(logs.other, 30), logs.keys()).verdict, Verdict::fork);
  EXPECT_EQ(compare_logs(held(logs.one, 9), large, logs.keys()).verdict, Verdict::unknown);
  EXPECT_EQ(compare_logs(small, {.note = logs.other.note(9)}, logs.keys()).verdict, Verdict::fork);
}

TEST(Comparing, IsNotMisledByWhoOnlyClaimsSomething) {   // clause 11.8, 11.9
  const TwoHistories logs;
  TestLog stranger(40, "stranger ");
  // Not signed by the log.
  EXPECT_EQ(compare_logs(held(logs.one, 9), held(stranger, 9), logs.keys()).verdict, Verdict::unknown);
  EXPECT_EQ(compare_logs(held(logs.one, 9), held(stranger, 30), logs.keys()).verdict, Verdict::unknown);
  EXPECT_EQ(compare_logs(held(logs.one, 9), {.note = "garbage"}, logs.keys()).verdict, Verdict::unknown);
  // Signed by it, but the tiles are another log's: an honest log cannot be made to look forked.
  for (std::uint64_t size = 2; size <= 40; ++size) {
    const HeldLog false_tiles{.note = logs.one.note(size), .tiles = stranger.tiles()};
    EXPECT_EQ(compare_logs(held(logs.one, 1), false_tiles, logs.keys()).verdict, Verdict::unknown);
    EXPECT_EQ(compare_logs(held(logs.one, size / 2), false_tiles, logs.keys()).verdict, Verdict::unknown);
  }
  const HeldLog none{.note = logs.one.note(20), .tiles = [](const tlog::TileId&) -> Result<std::string> {
                       return fail(ErrorCode::unavailable, "away");
                     }};
  EXPECT_EQ(compare_logs(held(logs.one, 9), none, logs.keys()).verdict, Verdict::unknown);
}

TEST(Comparing, GivesEvidenceOfWhichNoBitCanDiffer) {   // clause 11.9
  const TwoHistories logs;
  for (const std::uint64_t size : {9, 30}) {
    const std::string good = compare_logs(held(logs.one, 9), held(logs.other, size), logs.keys()).evidence;
    ASSERT_TRUE(verify_evidence(good, logs.keys()));
    EXPECT_FALSE(verify_evidence(good, {tlog::SignerKey::generate(origin).verifier()}));
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
      std::string broken = good;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
      EXPECT_FALSE(verify_evidence(broken, logs.keys())) << bit;
    }
    for (std::size_t length = 0; length < good.size(); ++length) {
      EXPECT_FALSE(verify_evidence(good.substr(0, length), logs.keys())) << length;
    }
  }
  const std::string same = logs.one.note(9) + "\n" + logs.one.note(9);
  EXPECT_FALSE(verify_evidence(same, logs.keys()));
}

TEST(Witness, ComparesWhatOthersHoldAndKeepsTheEvidence) {   // clause 11.8, 11.9
  Watching here;
  TestLog other(40, "another ");
  other.key = here.log.key;
  EXPECT_FALSE(here.witness->compare(origin, {held(here.log, 30), held(here.log, 20)}).value());
  EXPECT_FALSE(here.witness->compare("dorf.example/network/log", {held(here.log, 30), held(other, 20)}).value());
  EXPECT_TRUE(here.witness->evidence().empty());
  EXPECT_TRUE(here.witness->compare(origin, {held(here.log, 30), held(other, 20)}).value());
  EXPECT_FALSE(here.witness->compare(origin, {held(here.log, 30), held(other, 20)}).value());   // known already
  ASSERT_EQ(here.witness->evidence().size(), 1u);
  const auto proof = file::read(here.witness->evidence()[0], 1u << 20).value();
  EXPECT_TRUE(verify_evidence(proof, {here.log.key.verifier()}));
  EXPECT_EQ(forked_logs(witness_folder(here.folder.path())), std::vector<std::string>{origin});
  EXPECT_EQ(known_forks(here.folder.path()), std::vector<std::string>{origin});
  ASSERT_TRUE(file::write(here.folder.path() + "/network/heard/other/evidence/1", "another.example\n1\n"));   // of a copy
  EXPECT_EQ(known_forks(here.folder.path()), (std::vector<std::string>{"another.example", origin}));
}

TEST(Witness, ComparesWhatItHasCosignedWithTheCopiesOfOthers) {   // clause 11.8
  Watching here;
  TestLog other(40, "another ");
  other.key = here.log.key;
  ASSERT_EQ(here.witness->add_checkpoint(here.log.request(0, 10)).status, 200);
  EXPECT_FALSE(here.witness->compare(origin, {held(here.log, 30)}).value());
  EXPECT_TRUE(here.witness->compare(origin, {held(other, 30)}).value());
}

TEST(Witness, FindsOutLaterWhyItRefused) {   // clause 11.10
  Watching here;
  TestLog other(40, "another ");
  other.key = here.log.key;
  ASSERT_EQ(here.witness->add_checkpoint(here.log.request(0, 10)).status, 200);
  EXPECT_EQ(here.witness->add_checkpoint(here.log.request(0, 5)).status, 409);    // no fork: it is an earlier one
  EXPECT_TRUE(here.witness->evidence().empty());
  EXPECT_EQ(here.witness->doubted(), std::vector<std::string>{origin});
  EXPECT_FALSE(here.witness->compare(origin, {held(here.log, 12)}).value());
  EXPECT_TRUE(here.witness->doubted().empty());
  for (const std::uint64_t size : {5, 20}) {   // smaller than what was cosigned, larger and unproven
    const auto answer = here.witness->add_checkpoint(other.request(size < 10 ? 0 : 10, size));
    EXPECT_EQ(answer.status, size < 10 ? 409 : 422);
    EXPECT_FALSE(answer.fork);
    EXPECT_EQ(here.witness->doubted(), std::vector<std::string>{origin});
    here.witness = here.open();   // it remembers
    if (size == 20) {   // not long enough to tell
      EXPECT_FALSE(here.witness->compare(origin, {held(here.log, 12)}).value());
    }
    EXPECT_TRUE(here.witness->compare(origin, {held(here.log, 25)}).value()) << size;
    EXPECT_TRUE(here.witness->doubted().empty());
  }
  EXPECT_EQ(here.witness->evidence().size(), 2u);
  // However many are refused, it keeps a few.
  for (std::uint64_t size = 1; size < 10; ++size) {
    for (int i = 0; i < 4; ++i) {
      TestLog many(40, "history " + std::to_string(i) + " ");
      many.key = here.log.key;
      (void)here.witness->add_checkpoint(many.request(0, size));
    }
  }
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& each :
       std::filesystem::directory_iterator(witness_folder(here.folder.path()) + "/doubts")) ++files;
  EXPECT_EQ(files, 16u);
}

TEST(Witness, TakesANewKeyFromAHandOverOfTheLog) {   // clause 11.7
  Watching here;
  TestLog log = here.log;
  ASSERT_EQ(here.witness->add_checkpoint(log.request(0, 10)).status, 200);
  const tlog::SignerKey first = log.key, second = tlog::SignerKey::generate(origin);
  const tlog::SignerKey third = tlog::SignerKey::generate(origin), thief = tlog::SignerKey::generate(origin);
  const auto hand = [&](const tlog::SignerKey& from, const tlog::SignerKey& to) {
    return sign_handover({from.verifier(), to.verifier(), 10, *tlog::tree_root(10, log.reader())}, from, to);
  };
  const std::string one = hand(first, second), two = one + hand(second, third);
  const struct { std::string name, notes; int status; } refused[] = {
      {"nothing", "", 400},
      {"garbage", "garbage", 400},
      {"a hand-over that does not begin at a key of the log", hand(second, third), 403},
      {"of an unknown log", [] {
         const auto from = tlog::SignerKey::generate("dorf.example/network/log");
         const auto to = tlog::SignerKey::generate("dorf.example/network/log");
         return sign_handover({from.verifier(), to.verifier(), 0, tlog::empty_root()}, from, to);
       }(), 404},
      {"out of order", hand(second, third) + one, 400},
      {"too long", std::string(70'000, 'x'), 400},
  };
  for (const auto& row : refused) {
    EXPECT_EQ(here.witness->add_handovers(row.notes).status, row.status) << row.name;
  }
  for (std::size_t bit = 0; bit < one.size() * 8; ++bit) {
    std::string broken = one;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    EXPECT_NE(here.witness->add_handovers(broken).status, 200) << bit;
  }
  log.key = second;
  EXPECT_EQ(here.witness->add_checkpoint(log.request(10, 11)).status, 403);
  EXPECT_EQ(here.witness->add_handovers(one).status, 200);
  EXPECT_EQ(here.witness->add_handovers(one).status, 200);   // again is no fault
  here.witness = here.open();                                // it remembers
  EXPECT_EQ(here.witness->add_checkpoint(log.request(10, 11)).status, 200);
  log.key = first;                                           // the old key has gone
  EXPECT_EQ(here.witness->add_checkpoint(log.request(11, 12)).status, 403);
  EXPECT_EQ(here.witness->add_handovers(hand(first, thief)).status, 409);
  EXPECT_EQ(here.witness->add_handovers(two).status, 200);
  EXPECT_EQ(here.witness->add_handovers(one).status, 200);   // it knows more
  log.key = third;
  EXPECT_EQ(here.witness->add_checkpoint(log.request(11, 12)).status, 200);
  // What the old key signed besides is a fork all the same.
  TestLog other(40, "another ");
  other.key = first;
  EXPECT_TRUE(here.witness->compare(origin, {held(log, 20), held(other, 20)}).value());
  // The network names another key: what the thief might have handed over does not bind any more.
  here.log.key = tlog::SignerKey::generate(origin);
  log.key = here.log.key;
  EXPECT_EQ(here.witness->add_checkpoint(log.request(12, 13)).status, 200);
  EXPECT_EQ(here.witness->add_handovers(hand(log.key, thief)).status, 200);
}

}  // namespace
}  // namespace verbund::network
