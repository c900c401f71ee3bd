// SPDX-License-Identifier: EUPL-1.2
#include "network/log/handover.h"

#include <gtest/gtest.h>

namespace verbund::network {
namespace {

constexpr const char* town = "stadt.example/network/log";

struct Chain {
  std::vector<tlog::SignerKey> keys;
  std::vector<std::string> notes;

  explicit Chain(int handovers) {
    keys.push_back(tlog::SignerKey::generate(town));
    for (int i = 0; i < handovers; ++i) {
      keys.push_back(tlog::SignerKey::generate(town));
      notes.push_back(note(i, i + 1, static_cast<std::uint64_t>(10 * i)));
    }
  }
  tlog::VerifierKey key(int i) const { return keys[static_cast<std::size_t>(i)].verifier(); }
  Handover handover(int from, int to, std::uint64_t size) const {
    return {key(from), key(to), size, size == 0 ? tlog::empty_root() : tlog::leaf_hash("root")};
  }
  std::string note(int from, int to, std::uint64_t size) const {
    return sign_handover(handover(from, to, size), keys[static_cast<std::size_t>(from)],
                         keys[static_cast<std::size_t>(to)]);
  }
};

TEST(Handover, HasOneForm) {   // clause 12.1
  const Chain chain(2);
  for (const std::uint64_t size : {0, 7}) {
    const Handover one = chain.handover(0, 1, size);
    EXPECT_EQ(Handover::parse(one.to_text()).value(), one);
  }
}

TEST(Handover, RefusesEveryOtherForm) {   // clause 12.1
  const Chain chain(1);
  const std::string good = chain.handover(0, 1, 10).to_text();
  const auto with = [&](std::string_view old, std::string_view now) {
    std::string out = good;
    out.replace(out.find(old), old.size(), now);
    return out;
  };
  const auto stranger = tlog::SignerKey::generate("dorf.example/network/log").verifier();
  const auto witness = tlog::SignerKey::generate(town, tlog::KeyType::cosignature).verifier();
  for (const std::string& text :
       {std::string(), good + "\n", good + "more\n", good.substr(0, good.size() - 1), with("hand-over", "handover"),
        with("\n10\n", "\n010\n"), with("\n10\n", "\n-1\n"), with("\n10\n", "\n0\n"), with(town, "dorf.example"),
        with(chain.key(1).to_text(), chain.key(0).to_text()), with(chain.key(1).to_text(), stranger.to_text()),
        with(chain.key(1).to_text(), witness.to_text())}) {
    EXPECT_FALSE(Handover::parse(text)) << text;
  }
}

TEST(Handover, AreReadOneBehindTheOther) {   // clause 12.2
  const Chain chain(3);
  std::string all;
  for (const std::string& note : chain.notes) all += note;
  EXPECT_EQ(split_handovers(all).value(), chain.notes);
  EXPECT_TRUE(split_handovers("").value().empty());
  EXPECT_FALSE(split_handovers(all + "x"));
  EXPECT_FALSE(split_handovers(all.substr(0, all.size() - 1)));
  EXPECT_EQ(split_handovers(std::string(70'000, 'x')).error().code, ErrorCode::too_large);
}

TEST(Handover, LeadFromEveryOlderKeyToTheNewest) {   // clause 12.3
  const Chain chain(3);
  for (int known = 0; known <= 3; ++known) EXPECT_EQ(current_key(chain.key(known), chain.notes).value(), chain.key(3));
  EXPECT_EQ(current_key(chain.key(0), {}).value(), chain.key(0));
}

TEST(Handover, LeadNowhereFromAStrangersKey) {   // clause 12.4
  const Chain chain(2);
  const auto stranger = tlog::SignerKey::generate(town).verifier();
  EXPECT_EQ(current_key(stranger, chain.notes).value(), stranger);
}

TEST(Handover, AreRefusedOutOfOrderOrForged) {   // clause 12.3
  const Chain chain(3);
  const auto& notes = chain.notes;
  tlog::SignerKey thief = tlog::SignerKey::generate(town);
  tlog::Note forged{Handover{chain.key(3), thief.verifier(), 30, tlog::leaf_hash("root")}.to_text(), {}};
  forged.signatures = {tlog::sign_note(forged.text, thief), tlog::sign_note(forged.text, thief)};
  tlog::Note third = tlog::parse_note(notes[0]).value();
  third.signatures.push_back(tlog::sign_note(third.text, thief));
  tlog::Note one_only = tlog::parse_note(notes[0]).value();
  one_only.signatures.pop_back();
  tlog::Note swapped = tlog::parse_note(notes[0]).value();
  swapped.signatures[1] = swapped.signatures[0];
  const std::vector<std::vector<std::string>> chains = {
      {notes[1], notes[0]},                                    // wrong order
      {notes[0], notes[2]},                                    // one left out
      {notes[0], notes[0]},                                    // twice
      {notes[0], chain.note(1, 0, 10)},                        // back to a key that has gone
      {notes[0], chain.note(1, 2, 10), chain.note(2, 3, 9)},   // the log became shorter
      {notes[0], notes[1], notes[2], forged.to_text()},        // not signed by the old key
      {third.to_text()}, {one_only.to_text()}, {swapped.to_text()}, {"garbage"}, {notes[0] + notes[1]},
      std::vector<std::string>(65, notes[0])};
  for (const auto& wrong : chains) EXPECT_FALSE(current_key(chain.key(0), wrong));
  for (std::size_t bit = 0; bit < notes[0].size() * 8; ++bit) {
    std::string broken = notes[0];
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(current_key(chain.key(0), {broken})) << bit;
  }
}

}  // namespace
}  // namespace verbund::network
