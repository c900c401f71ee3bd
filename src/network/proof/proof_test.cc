// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/log/entry_index.h"
#include "network/log/own_log.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"
#include "network/proof/prover.h"
#include "network/proof/verify_bundle.h"

namespace verbund::network {
namespace {

struct Published {
  store::testing::Folder folder;
  TestOutbox outbox;
  tlog::SignerKey key = load_or_create_key(folder.path(), "stadt.example/network/log").value();
  Prover prover{folder.path(), folder.path() + "/index"};

  explicit Published(int objects) {
    for (int i = 0; i < objects; ++i) outbox.say("s" + std::to_string(i), "text " + std::to_string(i));
  }
  void publish() {
    auto sequencer = Sequencer::open(folder.path(), key, outbox).value();
    while (sequencer->step().value()) {
    }
  }
};

Wanted wanted(const std::string& local, const std::string& body) { return {"", "service", "stadt", local, body}; }

TEST(Proof, ShowsTheLastStateOfObjectsOffline) {   // clauses 10.1, 10.2
  Published node(700);
  node.outbox.say("s5", "new text of five");
  node.publish();
  const std::vector<Wanted> objects = {wanted("s0", "text 0"), wanted("s255", "text 255"),
                                       wanted("s5", "new text of five")};
  const auto made = node.prover.prove(objects);
  ASSERT_TRUE(made) << made.error().text();
  const auto bundle = Bundle::parse(made->to_text());
  ASSERT_TRUE(bundle) << bundle.error().text();
  EXPECT_EQ(*bundle, *made);
  const auto report = verify_bundle(*bundle, node.key.verifier());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_FALSE(report->by_operator);
  ASSERT_EQ(report->publishers.size(), 1u);
  EXPECT_EQ(report->publishers[0].checkpoint.size, 701u);
  const auto& statements = bundle->publishers[0].statements;
  ASSERT_EQ(statements.size(), 3u);
  EXPECT_EQ(statements[0].index, 0u);
  EXPECT_EQ(statements[1].index, 255u);
  EXPECT_EQ(statements[2].index, 700u);
  EXPECT_EQ(statements[2].body, "new text of five");
  EXPECT_FALSE(verify_bundle(*bundle, tlog::SignerKey::generate("stadt.example/network/log").verifier()));
  const auto standing = node.prover.standing(objects[2]);
  ASSERT_TRUE(standing);
  EXPECT_EQ(standing->position, 700u);
  EXPECT_EQ(standing->origin, "stadt.example/network/log");
}

TEST(Proof, ShowsThatAnObjectWasWithdrawn) {   // clause 10.2
  Published node(3);
  node.outbox.say("s1", "");
  node.publish();
  auto bundle = node.prover.prove(std::vector<Wanted>{wanted("s1", "")});
  ASSERT_TRUE(bundle) << bundle.error().text();
  EXPECT_FALSE(bundle->publishers[0].statements[0].entry.digest);
  EXPECT_TRUE(verify_bundle(*bundle, node.key.verifier()));
  bundle->publishers[0].statements[0].body = "still there";
  EXPECT_FALSE(verify_bundle(*bundle, node.key.verifier()));
  EXPECT_FALSE(Bundle::parse(bundle->to_text()));
}

TEST(Proof, IsRefusedWhereAnyOneBitDiffers) {   // clause 10.4
  Published node(3);
  node.publish();
  const std::string text =
      node.prover.prove(std::vector<Wanted>{wanted("s1", "text 1"), wanted("s2", "text 2")}).value().to_text();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string broken = text;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    const auto bundle = Bundle::parse(broken);
    EXPECT_FALSE(bundle && verify_bundle(*bundle, node.key.verifier())) << bit;
  }
}

TEST(Proof, IsRefusedInEveryOtherForm) {   // clause 10.3
  Published node(3);
  node.publish();
  const std::string good = node.prover.prove(std::vector<Wanted>{wanted("s1", "text 1")}).value().to_text();
  ASSERT_TRUE(Bundle::parse(good));
  const auto with = [&](std::string_view old, std::string_view now) {
    std::string out = good;
    out.replace(out.find(old), old.size(), now);
    return out;
  };
  for (const std::string& text :
       {std::string(), good + "\n", good + "entry", good.substr(0, good.size() - 1), with("proof/v1", "proof/v2"),
        with("publisher 5", "publisher 05"), with("publisher 5", "publisher 4"), with("publisher 5", "publisher 999"),
        with("entry 1", "entry 01"), with("entry 1", "entry -1"), with("body text 1\n", ""), with("body ", "body  "),
        with("hash ", "hash A"), with("\nbody", "\nbodies"), std::string("verbund-proof/v1\n"),
        "verbund-proof/v1\n" + good.substr(17) + good.substr(17) + "x"}) {
    const auto bundle = Bundle::parse(text);
    EXPECT_FALSE(bundle && verify_bundle(*bundle, node.key.verifier())) << text;
  }
  for (const char* name : {"no-entries.txt", "endless-note.txt", "two-bodies.txt", "membership-last.txt"}) {
    std::ifstream file(std::string(VERBUND_SOURCE_DIR "/src/network/proof/testdata/") + name);
    std::ostringstream text;
    text << file.rdbuf();
    ASSERT_FALSE(text.str().empty()) << name;
    EXPECT_FALSE(Bundle::parse(text.str())) << name;
  }
}

TEST(Proof, SaysThatTheLogDoesNotSayIt) {   // clause 10.1
  Published node(3);
  EXPECT_EQ(node.prover.prove(std::vector<Wanted>{wanted("s1", "text 1")}).error().code, ErrorCode::not_found);
  node.publish();
  const auto code = [&](const Wanted& object) { return node.prover.prove(std::vector<Wanted>{object}).error().code; };
  EXPECT_EQ(code(wanted("s9", "text 9")), ErrorCode::not_found);
  EXPECT_EQ(code({"", "unit", "stadt", "s1", "text 1"}), ErrorCode::not_found);
  EXPECT_EQ(code({"", "service", "land", "s1", "text 1"}), ErrorCode::not_found);
  EXPECT_EQ(code(wanted("s1", "not published yet")), ErrorCode::unavailable);
}

// Entries of any kind.
class PlainOutbox : public Outbox {
 public:
  void say(std::string kind, std::string agency, std::string local, const std::string& body) {
    const auto revision = static_cast<std::int64_t>(rows_.size()) + 1;
    rows_.push_back({std::move(kind), std::move(agency), std::move(local), revision,
                     Instant(std::chrono::seconds(1'700'000'000)), crypto::sha256({body})});
  }
  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) override {
    for (; most > 0 && after < last(); --most) each(rows_[static_cast<std::size_t>(after++)]);
    return after;
  }
  std::int64_t last() override { return static_cast<std::int64_t>(rows_.size()); }
  void bodies(std::span<const Entry>, const std::function<bool(std::optional<std::string>)>&) override {}

 private:
  std::vector<Entry> rows_;
};

// A town, a state that witnesses, and the operator's membership log.
struct Networked {
  Published town{3};
  store::testing::Folder folder;
  PlainOutbox outbox;
  tlog::SignerKey key = load_or_create_key(folder.path(), "betreiber.example/network/members").value();
  tlog::SignerKey witness = tlog::SignerKey::generate("land.example/witness", tlog::KeyType::cosignature);
  Network network;

  explicit Networked(std::int64_t quorum) {
    network.folder = log_folder(folder.path());
    network.policy = {"Netz", quorum};
    outbox.say(policy_kind, membership_agency, policy_local, network.policy.to_body());
    const tlog::SignerKey land = tlog::SignerKey::generate("land.example/network/log");
    std::vector<Member> members = {member("stadt.example/network/log", "Stadt", town.key, "stadt"),
                                   member("land.example/network/log", "Land", land, "land")};
    members[1].witness_key = witness.verifier().to_text();
    admit(members);
    town.publish();
  }
  static Member member(const std::string& name, const std::string& title, const tlog::SignerKey& key,
                       const std::string& agency) {
    return {name, title, {}, key.verifier().to_text(), "", {{agency}, {}, {"01"}, {"municipality"}}, "", "", ""};
  }
  void admit(const std::vector<Member>& members) {
    for (const Member& one : members) outbox.say(member_kind, membership_agency, one.name, one.to_body());
    network.membership = Membership(members);
    auto sequencer = Sequencer::open(folder.path(), key, outbox).value();
    while (sequencer->step().value()) {
    }
  }
  void cosign() {
    const std::string path = log_folder(town.folder.path()) + "/checkpoint";
    auto note = tlog::parse_note(file::read(path, tlog::note_limit).value()).value();
    note.signatures.push_back(tlog::sign_note(note.text, witness, Instant(std::chrono::seconds(1'700'000'001))));
    ASSERT_TRUE(file::write(path, note.to_text()));
  }
  Result<Bundle> prove() { return town.prover.prove(std::vector<Wanted>{wanted("s1", "text 1")}, &network); }
};

TEST(Proof, StandsOnTheKeyOfTheOperatorAlone) {   // clause 10.5
  Networked node(1);
  EXPECT_FALSE(verify_bundle(node.prove().value(), node.key.verifier()));   // nobody has witnessed
  node.cosign();
  const auto made = node.prove();
  ASSERT_TRUE(made) << made.error().text();
  const auto bundle = Bundle::parse(made->to_text());
  ASSERT_TRUE(bundle) << bundle.error().text();
  const auto report = verify_bundle(*bundle, node.key.verifier());
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_TRUE(report->by_operator);
  EXPECT_EQ(report->publishers[0].title, "Stadt");
  EXPECT_FALSE(verify_bundle(*bundle, node.town.key.verifier()));   // of the publisher alone it is not
  const std::string text = made->to_text();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string broken = text;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    const auto other = Bundle::parse(broken);
    ASSERT_FALSE(other && verify_bundle(*other, node.key.verifier())) << bit;
  }
}

TEST(Proof, IsRefusedWhereThePublisherMayNotSpeak) {   // clause 10.5
  Networked node(0);
  ASSERT_TRUE(verify_bundle(node.prove().value(), node.key.verifier()));
  std::vector<Member> members = node.network.membership.members();
  Member& town = members[1];
  ASSERT_EQ(town.title, "Stadt");
  for (const auto& change : std::vector<std::function<void(Member&)>>{
           [](Member& one) { one.suspended = "key lost"; }, [](Member& one) { one.valid_until = "2023-11-14"; },
           [](Member& one) { one.mandate.agencies = {"dorf"}; }, [](Member& one) { one.mandate.kinds = {"unit"}; },
           [](Member& one) { one.key = tlog::SignerKey::generate(one.name).verifier().to_text(); }}) {
    const Member before = town;
    change(town);
    node.admit(members);
    EXPECT_FALSE(verify_bundle(node.prove().value(), node.key.verifier()));
    town = before;
  }
  node.admit(members);
  EXPECT_TRUE(verify_bundle(node.prove().value(), node.key.verifier()));
  node.network.membership = Membership({members[0]});
  EXPECT_EQ(node.prove().error().code, ErrorCode::conflict);
}

// The slow and obvious way: every entry from the end.
std::optional<std::uint64_t> slow_newest(LogSource& log, std::uint64_t size, std::string_view local) {
  for (std::uint64_t i = size; i > 0; --i) {
    const std::uint64_t bundle = (i - 1) / tlog::tile_width;
    const auto bytes =
        read_bundle(log, {tlog::TileId::entries, bundle, tlog::width_in(size, tlog::TileId::entries, bundle)}).value();
    const auto entry = Entry::parse(tlog::parse_bundle(bytes).value()[(i - 1) % tlog::tile_width]).value();
    if (entry.local == local) return i - 1;
  }
  return std::nullopt;
}

TEST(EntryIndex, FindsTheSameAsLookingThroughTheWholeLog) {   // clause 10.7
  Published node(65'000);
  for (int i = 0; i < 1'000; ++i) node.outbox.say("s" + std::to_string(i * 7), "again " + std::to_string(i));
  node.publish();
  FolderLogSource log(log_folder(node.folder.path()));
  const std::string folder = node.folder.path() + "/entries";
  const std::uint64_t size = 66'000;
  for (int round = 0; round < 3; ++round) {   // made, kept, damaged
    for (const std::uint64_t part : {4'095u, 4'096u, 12'345u, 65'536u, 66'000u}) {
      for (const char* local : {"s0", "s1", "s7", "s4095", "s6993", "s6994", "s12288", "s64999", "nobody"}) {
        const auto found = EntryIndex(log, folder).newest(part, "service", "stadt", local);
        const auto slow = EntryIndex(log, "").newest(part, "service", "stadt", local);
        ASSERT_EQ(found.has_value(), slow.has_value()) << local << " of " << part;
        if (!found) continue;
        EXPECT_EQ(found->position, slow->position);
        EXPECT_EQ(found->entry.local, local);
      }
    }
    if (round == 1) std::ofstream(folder + "/0") << "verbund entry index 1\nof another log";
  }
  for (const char* local : {"s6993", "s64999"}) {
    EXPECT_EQ(EntryIndex(log, "").newest(size, "service", "stadt", local)->position, slow_newest(log, size, local));
  }
}

}  // namespace
}  // namespace verbund::network
