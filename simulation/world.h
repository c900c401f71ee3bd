// SPDX-License-Identifier: EUPL-1.2
// A network of nodes with everything between them handed out by one seed: who talks when, what is lost, late or cut
// off, who crashes between which two writes, who lies. The code of the nodes is the real one.
#pragma once

#include <deque>
#include <memory>
#include <string>
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
  int crashes = 0, lost = 0, refused_by_witnesses = 0, entries = 0, forks = 0;
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
  void build();
  void something_happens();
  void say(Node& node);
  void publish(Node& node, int side);
  void follow(Node& node, Node& publisher);
  void alone(Node& node, const std::function<void()>& work);    // the node may crash in it
  void rotate(Node& node);
  void compare(Node& node, Node& peer);
  Result<network::WitnessReply> ask_witness(const Node& from, int side, const std::string& address,
                                            std::string_view resource, std::string_view request);
  std::optional<network::WitnessReply> answer(Node& to, const Node& from, int side, std::string_view resource,
                                              std::string_view request);
  void deliver_late();
  Result<std::string> carry_copy(const Node& from, Node& to, int publisher, const std::string& path,
                                 std::size_t limit);
  Result<std::string> carry(const Node& from, Node& to, const std::string& path, std::size_t limit);
  Result<std::string> lie(const Node& from, Node& to, const std::string& path, Result<std::string> truth);
  bool cut_off(const Node& one, const Node& another) const;
  network::Witness& witness_of(Node& node);
  network::Trust trust_in(const Node& publisher) const;
  network::Rules rules_for(const Node& publisher) const;
  void set_membership();
  void heal();
  void check_visible(Node& node);
  void check_end();
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
  network::Membership membership_;
  int terms_ = 0;                                  // number of the membership
  int suspended_ = -1;
  std::vector<int> side_of_cut_;                   // by node; different: cut off from each other
  bool healed_ = false;
  std::map<std::string, int> refusals_;            // by origin: cosignatures that were refused for another history
  std::map<std::pair<std::string, int>, int> asked_;   // (origin, witness) -> histories it was asked for, as bits
  struct Late {
    int to = 0, from = 0, side = 0;
    std::string resource, request;
  };
  std::vector<Late> late_;                         // requests to witnesses that are still on their way
  Report report_;
};

}  // namespace verbund::simulation
