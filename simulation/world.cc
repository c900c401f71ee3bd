// SPDX-License-Identifier: EUPL-1.2
#include "simulation/world.h"

#include <algorithm>
#include <filesystem>

#include "base/check.h"
#include "kits/file/file.h"
#include "network/log/rotation.h"
#include "simulation/faults.h"
#include "simulation/ways.h"

namespace verbund::simulation {
namespace {

using network::Followed;

constexpr unsigned crash_percent = 12;
constexpr int most_syncs = 14;            // of an action, before which a crash may come
constexpr int rounds_to_heal = 40;
constexpr std::size_t locals = 12;        // objects of a node

std::string number_of(int n) { return std::to_string(n); }

}  // namespace

World::World(std::uint64_t seed, std::string folder, const Size& size)
    : chance_(seed), folder_(std::move(folder)), size_(size) {
  build();
}
World::~World() = default;

void World::complain(std::string what) {
  if (report_.failures.size() < 20) report_.failures.push_back(std::move(what));
}

void World::build() {
  const int count = size_.nodes > 0 ? size_.nodes : 3 + static_cast<int>(chance_.below(5));
  for (int n = 0; n < count; ++n) {
    // At least one is honest; of the others every second.
    const bool honest = n == 0 || chance_.percent(50);
    const Manner manner = honest ? Manner::honest : all_manners[chance_.below(std::size(all_manners))];
    nodes_.push_back(std::make_unique<Node>(n, folder_ + "/" + number_of(n), manner));
  }
  for (const auto& node : nodes_) {
    VERBUND_CHECK(file::write(node->place(0).key_file, node->key.to_text() + "\n", file::for_owner).has_value());
  }
  side_of_cut_.assign(nodes_.size(), 0);
  const std::size_t each = std::min<std::size_t>(nodes_.size() - 1, count > 10 ? 3 : 6);
  for (int n = 0; n < count; ++n) {
    std::vector<int> others;
    for (int i = 1; i < count; ++i) others.push_back((n + i) % count);
    while (others.size() > each) {
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(chance_.below(others.size())));
    }
    follows_.push_back(std::move(others));
  }
  for (int n = 0; n < std::min(count, 3); ++n) witnesses_.push_back(n);
  // A majority: of two histories of a log only one can have it, as a node does not witness its own.
  quorum_ = chance_.percent(80) && count > 3 ? 2 : 0;
  set_membership();
}

void World::set_membership() {
  std::vector<network::Member> members;
  for (const auto& node : nodes_) {
    network::Member member;
    member.name = node->origin;
    member.title = node->origin;
    member.key = node->key.verifier().to_text();
    member.mandate = {{node->agency}, {}, {node->area}, {"municipality"}};
    if (node->number == suspended_) member.suspended = "for the simulation";
    members.push_back(std::move(member));
  }
  membership_ = network::Membership(std::move(members));
  ++terms_;
}

network::Trust World::trust_in(const Node& publisher) const {
  network::Trust out{publisher.key.verifier(), {}, quorum_};
  for (const int n : witnesses_) {
    if (n != publisher.number) out.witnesses.push_back(nodes_[static_cast<std::size_t>(n)]->witness_key.verifier());
  }
  return out;
}

network::Rules World::rules_for(const Node& publisher) const {
  network::Rules out;
  out.speaks = publisher.number != suspended_;
  out.terms = number_of(terms_);
  out.refusal = [this, &publisher](const network::Entry& entry, const std::vector<network::Claim>& claims) {
    const network::Member* member = membership_.find(publisher.origin);
    return membership_.refusal(*member, entry.kind, entry.agency, claims, to_rfc3339(now_).substr(0, 10));
  };
  return out;
}

bool World::cut_off(const Node& one, const Node& another) const {
  return side_of_cut_[static_cast<std::size_t>(one.number)] != side_of_cut_[static_cast<std::size_t>(another.number)];
}

void World::alone(Node& node, const std::function<void()>& work) {
  const bool crashes = !healed_ && chance_.percent(crash_percent);
  const CrashIn armed(crashes ? static_cast<int>(chance_.below(most_syncs)) : -1);
  try {
    work();
  } catch (const Crash&) {
    node.crash();
    ++report_.crashes;
  }
}

void World::say(Node& node) {
  for (std::size_t count = 1 + chance_.below(4); count > 0; --count) {
    const std::string local = "s" + std::to_string(chance_.below(locals));
    const std::string text = chance_.percent(15) ? "" : node.area + " text " + std::to_string(chance_.below(1'000'000));
    node.truth.say(node.agency, local, text, now_);
    ++report_.entries;
    if (node.manner == Manner::forks) {
      node.other.say(node.agency, local, text.empty() ? node.area + " not withdrawn" : text + " otherwise", now_);
    }
    if (node.manner == Manner::trespasses && chance_.percent(50)) {
      const Node& victim = *nodes_[(static_cast<std::size_t>(node.number) + 1) % nodes_.size()];
      const std::string false_local = "x" + std::to_string(chance_.below(locals));
      if (chance_.percent(50)) node.truth.say(victim.agency, local, victim.area + " stolen", now_);
      else node.truth.say(node.agency, false_local, victim.area + " stolen", now_);
    }
  }
}

void World::publish(Node& node, int side) {
  const network::LogPlace place = node.place(side);
  auto& sequencer = node.sequencers[side];
  auto& cosigning = node.cosigning[side];
  if (!cosigning) {
    std::vector<network::WitnessAddress> addresses;
    for (const int n : witnesses_) {
      const Node& witness = *nodes_[static_cast<std::size_t>(n)];
      if (n != node.number) addresses.push_back({witness.witness_key.verifier(), number_of(n)});
    }
    cosigning = std::make_unique<network::Cosigning>(
        addresses,
        [this, &node, side](const std::string& address, std::string_view resource, std::string_view request,
                            const std::stop_token&) {
          return ask_witness(node, side, address, resource, request);
        },
        network::Cosigning::Options{
            .quorum = quorum_, .rest = std::chrono::seconds(0), .one_by_one = true,
            .handovers = [place] { return network::FolderLogSource(place.folder).handovers().value_or(""); }});
  }
  if (!sequencer) {
    network::Sequencer::Options options{.batch = 1 + chance_.below(40), .cosign = {}};
    options.cosign = [&cosigning](const std::string& note, const tlog::TileSource& tiles) {
      return cosigning->gather(note, tiles);
    };
    if (auto taken = network::take_over_key(place); !taken) complain(node.origin + ": " + taken.error().text());
    const auto key = network::load_key(place);
    if (!key) return complain(node.origin + " has no key: " + key.error().text());
    auto opened = network::Sequencer::open(place, *key, node.said(side), options);
    if (!opened) {
      // No witness is to be had; anything else is our own defect.
      if (opened.error().code != ErrorCode::unavailable && opened.error().code != ErrorCode::conflict) {
        complain(node.origin + " cannot publish: " + opened.error().text());
      }
      if (opened.error().message.contains("log holds") || opened.error().message.contains("lock")) {
        complain(node.origin + " cannot publish: " + opened.error().text());
      }
      return;
    }
    sequencer = std::move(*opened);
  }
  const auto more = sequencer->step();
  if (!more) sequencer.reset();
  else if (!*more && chance_.percent(20)) (void)sequencer->cosign_again();   // who was away may be there now
}

// A new key waits; whoever publishes next takes it over. One that forks keeps its key: it has two logs and one key.
void World::rotate(Node& node) {
  if (node.manner == Manner::forks || network::new_key_waits(node.place(0))) return;
  const auto next = key_of(node.origin + " " + std::to_string(++node.keys), node.origin);
  if (!file::write(node.place(0).key_file + ".next", next.to_text() + "\n", file::for_owner)) return;
  node.sequencers[0].reset();
}

void World::follow(Node& node, Node& publisher) {
  auto& follower = node.followers[publisher.number];
  if (!follower) {
    network::Follower::Options options;
    options.batch_entries = 1 + chance_.below(30);
    options.mirror.bundles = 1;
    auto opened = network::Follower::open(node.copy_folder(publisher.number), node.database(),
                                          node.sink, trust_in(publisher), rules_for(publisher), options);
    if (!opened) return complain(node.origin + " cannot follow " + publisher.origin + ": " + opened.error().message);
    follower = std::move(*opened);
  }
  follower->change(trust_in(publisher), rules_for(publisher));
  Way way(*this, node, publisher);
  for (int i = 0; i < 4; ++i) {
    const auto note = way.checkpoint();
    if (!note) return follower->failed(network::source_trouble(note.error()).error(), now_);
    const auto more = follower->step(way, *note, now_);
    if (!more && more.error().what == network::Trouble::storage) {
      complain(node.origin + " cannot keep what " + publisher.origin + " says: " + more.error().message);
    }
    if (!more || !*more) return;
  }
}

void World::something_happens() {
  now_ += std::chrono::seconds(chance_.below(4));
  if (!late_.empty() && chance_.percent(20)) deliver_late();
  Node& node = *nodes_[chance_.below(nodes_.size())];
  const std::size_t what = chance_.below(100);
  if (what < 25) {
    say(node);
  } else if (what < 50) {
    const int side = node.manner == Manner::forks ? static_cast<int>(chance_.below(2)) : 0;
    alone(node, [&] { publish(node, side); });
  } else if (what < 88) {
    const auto& others = follows_[static_cast<std::size_t>(node.number)];
    Node& publisher = *nodes_[static_cast<std::size_t>(others[chance_.below(others.size())])];
    alone(node, [&] { follow(node, publisher); });
    check_visible(node);
  } else if (what < 93) {
    Node& peer = *nodes_[chance_.below(nodes_.size())];
    if (peer.number != node.number) alone(node, [&] { compare(node, peer); });
  } else if (what < 96) {
    for (int& side : side_of_cut_) side = chance_.percent(50) ? static_cast<int>(chance_.below(2)) : 0;
  } else if (what < 98) {
    std::ranges::fill(side_of_cut_, 0);
  } else if (what < 99) {
    if (chance_.percent(50)) {
      node.crash();
      ++report_.crashes;
    } else {
      alone(node, [&] { rotate(node); });
    }
  } else {
    suspended_ = chance_.percent(50) ? node.number : -1;
    set_membership();
  }
}

void World::heal() {
  healed_ = true;
  while (!late_.empty()) deliver_late();
  std::ranges::fill(side_of_cut_, 0);
  for (int round = 0; round < rounds_to_heal; ++round) {
    now_ += std::chrono::seconds(61);     // missing texts are asked for again
    for (const auto& node : nodes_) {
      publish(*node, 0);
      if (node->manner == Manner::forks) publish(*node, 1);
    }
    for (const auto& node : nodes_) {
      for (const int n : follows_[static_cast<std::size_t>(node->number)]) {
        follow(*node, *nodes_[static_cast<std::size_t>(n)]);
      }
    }
    for (const auto& node : nodes_) {
      for (const auto& peer : nodes_) {
        if (peer->number != node->number) compare(*node, *peer);
      }
    }
    const Report before = report_;
    check_end();
    if (report_.failures.size() == before.failures.size()) return;
    if (round + 1 < rounds_to_heal) report_ = before;     // not yet; the last time it counts
  }
}

Report World::run() {
  for (int i = 0; i < size_.steps; ++i) something_happens();
  heal();
  return report_;
}

}  // namespace verbund::simulation
