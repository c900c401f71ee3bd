// SPDX-License-Identifier: EUPL-1.2
// One simulated node: what it says, its log, what it follows, what it witnesses, and its list of members. All that has to
// survive a crash is in its folder, but for what it says, which stands for the node's own database.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "network/following/follower.h"
#include "network/log/own_log.h"
#include "network/log/sequencer.h"
#include "network/register/member_sink.h"
#include "network/register/register_outbox.h"
#include "network/witness/comparing.h"
#include "network/witness/cosigning.h"
#include "network/witness/witness.h"
#include "simulation/held_store.h"

namespace verbund::simulation {

// Of `seed` alone: a seed of a world gives the same keys in every run.
tlog::SignerKey key_of(const std::string& seed, const std::string& name,
                       tlog::KeyType type = tlog::KeyType::note);

// What a node says, durably: an outbox that remembers everything it ever said.
class Truth : public network::Outbox {
 public:
  explicit Truth(std::string agency) : agency_(std::move(agency)) {}
  // "" withdraws. `agency`: another than its own only if it is none of its business.
  void say(const std::string& agency, const std::string& local, const std::string& body, Instant at);
  const std::map<std::string, std::string>& now() const { return now_; }           // local -> body, of its own agency
  bool ever_said(const std::string& local, const std::string& body) const { return said_.contains({local, body}); }
  const std::string& agency() const { return agency_; }

  std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(network::Entry)>& each) override;
  std::int64_t last() override { return static_cast<std::int64_t>(rows_.size()); }
  void bodies(std::span<const network::Entry> entries,
              const std::function<bool(std::optional<std::string>)>& each) override;

 private:
  std::string agency_;
  std::vector<network::Entry> rows_;
  std::map<std::string, std::string> now_, others_;
  std::set<std::pair<std::string, std::string>> said_;
};

// How a node misbehaves. Its log is kept as it should be but where this says otherwise.
enum class Manner {
  honest,
  forks,        // keeps two histories under one key and shows each follower one of them
  rolls_back,   // now and then signs and shows an earlier size of its log
  trespasses,   // says what is not in its mandate
  replays,      // gives old notes, and those of others
  garbles,      // gives bytes that are not the ones it has
  swells,       // answers without end
  crawls        // answers too slowly
};
inline constexpr Manner all_manners[] = {Manner::honest,  Manner::forks,   Manner::rolls_back, Manner::trespasses,
                                         Manner::replays, Manner::garbles, Manner::swells,     Manner::crawls};

// The members of the network and its policy, out of a node's register.
struct List {
  std::int64_t version = -1;
  std::shared_ptr<const network::Membership> members = std::make_shared<const network::Membership>();
  network::Policy policy;
};

// Who cosigns a log, and how many are needed.
struct Wanted {
  std::vector<network::WitnessAddress> witnesses;
  std::size_t quorum = 0;
  bool operator==(const Wanted&) const = default;
};

// A log that a node publishes, as long as it does not crash.
struct Published {
  std::unique_ptr<network::Cosigning> cosigning;
  Wanted wanted;                                   // that it was made of
  std::unique_ptr<network::Sequencer> sequencer;
};

class Node {
 public:
  Node(int number, std::string folder, Manner manner);

  int number;
  std::string folder, agency, area, wide_area, origin;   // `wide_area`: it has a mandate for it now and then
  Manner manner;
  tlog::SignerKey key, witness_key;
  Truth truth, other;                              // `other`: the second history of one that forks
  std::map<std::string, std::string> old_notes;    // by name of the log: what it has shown once
  // How often the key of its log has changed; the key itself is in its folder, as that of a real node.
  int keys = 1;

  // What a crash takes away.
  std::map<std::pair<int, int>, Published> published;            // by number of the log and side
  std::unique_ptr<network::Witness> witness;
  std::map<int, std::unique_ptr<network::Follower>> followers;   // by number of the log
  void crash();

  // `side` 1 is the second register of an operator that forks.
  store::Database& database(int side = 0);
  const List& list(int side = 0);
  network::RegisterOutbox& book(int side);                       // what it says as the operator
  HeldSink sink;
  network::MemberSink members;
  std::string log_folder(int side) const { return folder + (side == 0 ? "/one" : "/two"); }
  network::LogPlace place(int side) const { return {network::log_folder(log_folder(side)), folder + "/log.key"}; }
  std::string copy_folder(int log) const { return folder + "/heard/" + std::to_string(log); }
  Truth& said(int side) { return side == 0 ? truth : other; }
  std::vector<Held> held();

 private:
  std::unique_ptr<store::Database> databases_[2];
  std::unique_ptr<network::RegisterOutbox> books_[2];
  List lists_[2];
};

}  // namespace verbund::simulation
