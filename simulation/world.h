// SPDX-License-Identifier: EUPL-1.2
// A network of nodes with everything between them handed out by one seed: who talks when, what is lost, late or cut
// off, who crashes between which two writes, who lies, whom the operator suspends. The code of the nodes is the real one.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "network/membership/member.h"
#include "simulation/chance.h"
#include "simulation/node.h"

namespace verbund::simulation {

struct Size {
  int nodes = 0;        // 2-50; 0: by the seed, 3-7
  int steps = 120;      // things that happen before everything heals
};

struct Report {
  std::vector<std::string> failures;   // what did not hold; empty: all held
  int crashes = 0, lost = 0, refused_by_witnesses = 0, entries = 0, forks = 0, lists = 0, list_forks = 0;
};

class World : public Clock {
 public:
  // `folder`: an empty one, best in memory.
  World(std::uint64_t seed, std::string folder, const Size& size);
  ~World() override;

  Report run();
  Instant now() const override { return now_; }

 private:
  class Way;
  class CopyWay;

  // Logs by number: those of the nodes, then the list of members that the operator publishes.
  int list() const { return static_cast<int>(nodes_.size()); }
  Node& node(int number) const { return *nodes_[static_cast<std::size_t>(number)]; }
  Node& publisher(int log) const { return node(log == list() ? operator_ : log); }
  std::string origin(int log) const { return log == list() ? list_key_.name : node(log).origin; }
  Manner manner(int log) const { return log == list() ? list_manner_ : node(log).manner; }
  tlog::VerifierKey first_key(int log) const { return (log == list() ? list_key_ : node(log).key).verifier(); }
  network::LogPlace place(int log, int side) const;
  network::Outbox& said(int log, int side) const;
  // Which of two histories `reader` is shown.
  int side_for(int log, const Node& reader) const { return manner(log) == Manner::forks ? reader.number % 2 : 0; }
  std::optional<int> log_named(std::string_view origin) const;
  std::string today() const { return network::day_in_berlin(now_); }

  void build();
  void something_happens();
  void say(Node& node);
  void publish(int log, int side);
  void follow(Node& node, int log);
  void alone(Node& node, const std::function<void()>& work);    // the node may crash in it
  void rotate(int log);
  void compare(Node& node, Node& peer);

  // lists.cc: who belongs to the network, as the operator says it and as each node has heard it.
  void say_everybody();
  void change_list();
  void say_member(int side, int member);
  void settle_list();                                           // all witnesses may witness again
  bool complete(Node& node) const;                              // it knows all members, and all witnesses as active
  std::optional<Wanted> wanted(int log, int side);
  std::optional<network::Trust> trust(Node& node, int log);     // nothing: it knows no such log
  network::Rules rules(Node& node, int log);
  void check_list(Node& node);
  void check_lists_end();
  std::uint64_t common(int log) const;                          // entries that both histories of a log begin with

  Result<network::WitnessReply> ask_witness(int log, int side, const std::string& address, std::string_view resource,
                                            std::string_view request);
  std::optional<network::WitnessReply> answer(Node& to, int log, int side, std::string_view resource,
                                              std::string_view request);
  void deliver_late();
  Result<std::string> carry_copy(const Node& from, Node& to, int log, const std::string& path, std::size_t limit);
  Result<std::string> carry(const Node& from, int log, const std::string& path, std::size_t limit);
  Result<std::string> lie(const Node& from, int log, const std::string& path, Result<std::string> truth);
  bool cut_off(const Node& one, const Node& another) const;
  network::Witness& witness_of(Node& node);
  void heal();
  void check_visible(Node& node);
  void check_settled(Node& node, int log);
  void check_end();
  void check_evidence(std::map<std::string, std::set<int>>& found_by);
  void check_forks();
  void complain(std::string what);

  Chance chance_;
  std::string folder_;
  Size size_;
  Instant now_{std::chrono::seconds(1'700'000'000)};
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::vector<int>> follows_;          // by node: numbers of publishers
  std::vector<int> witnesses_;                     // numbers
  std::size_t quorum_ = 0;

  int operator_ = 0;                               // the last node
  Manner list_manner_ = Manner::honest;
  tlog::SignerKey list_key_;                       // the first one
  int list_keys_ = 1;
  struct Terms {
    bool suspended = false, wide = false;
    int words = 0;                                 // of its title
  };
  std::vector<Terms> terms_[2];                    // by side and member, as the operator says them
  std::set<std::pair<std::string, std::string>> list_said_[2];   // (member, body) that were ever said
  std::vector<std::set<std::string>> granted_;     // by member: areas that it ever had a mandate for

  std::vector<int> side_of_cut_;                   // by node; different: cut off from each other
  bool healed_ = false;
  std::map<std::string, int> refusals_;            // by origin: cosignatures that were refused for another history
  // (log, witness) -> the largest size of each history that it was asked for
  std::map<std::pair<int, int>, std::array<std::uint64_t, 2>> asked_;
  struct Late {
    int to = 0, log = 0, side = 0;
    std::string resource, request;
  };
  std::vector<Late> late_;                         // requests to witnesses that are still on their way
  Report report_;
};

}  // namespace verbund::simulation
