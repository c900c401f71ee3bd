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
  side_of_cut_.assign(nodes_.size(), 0);
  granted_.resize(nodes_.size());
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

  operator_ = count - 1;
  constexpr Manner of_lists[] = {Manner::forks, Manner::forks, Manner::forks, Manner::rolls_back, Manner::garbles,
                                 Manner::crawls};
  if (chance_.percent(50)) list_manner_ = of_lists[chance_.below(std::size(of_lists))];
  list_key_ = key_of("list", "n" + number_of(operator_) + ".example/network/members");
  for (int log = 0; log <= list(); ++log) {
    const tlog::SignerKey& key = log == list() ? list_key_ : node(log).key;
    VERBUND_CHECK(file::write(place(log, 0).key_file, key.to_text() + "\n", file::for_owner).has_value());
  }
  say_everybody();
  publish(list(), 0);
  if (list_manner_ == Manner::forks) publish(list(), 1);
  for (const auto& joining : nodes_) {
    if (joining->number != operator_ && chance_.percent(80)) follow(*joining, list());
  }
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
    const std::string& area = chance_.percent(20) ? node.wide_area : node.area;
    const std::string text = chance_.percent(15) ? "" : area + " text " + std::to_string(chance_.below(1'000'000));
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

void World::publish(int log, int side) {
  Node& node = publisher(log);
  const network::LogPlace where = place(log, side);
  Published& published = node.published[{log, side}];
  const auto now = wanted(log, side);
  if (now && (!published.cosigning || *now != published.wanted)) {
    published.wanted = *now;
    published.cosigning = std::make_unique<network::Cosigning>(
        now->witnesses,
        [this, log, side](const std::string& address, std::string_view resource, std::string_view request,
                          const std::stop_token&) { return ask_witness(log, side, address, resource, request); },
        network::Cosigning::Options{
            .quorum = now->quorum, .rest = std::chrono::seconds(0), .one_by_one = true,
            .handovers = [where] { return network::FolderLogSource(where.folder).handovers().value_or(""); }});
  }
  auto& sequencer = published.sequencer;
  if (!sequencer) {
    network::Sequencer::Options options{.batch = 1 + chance_.below(40), .cosign = {}};
    options.cosign = [&published](const std::string& note, const tlog::TileSource& tiles) {
      return published.cosigning ? published.cosigning->gather(note, tiles) : Result<std::string>(note);
    };
    if (auto taken = network::take_over_key(where); !taken) complain(node.origin + ": " + taken.error().text());
    const auto key = network::load_key(where);
    if (!key) return complain(node.origin + " has no key: " + key.error().text());
    auto opened = network::Sequencer::open(where, *key, said(log, side), options);
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
  auto more = sequencer->step();
  while (healed_ && more && *more) more = sequencer->step();   // as a real node, which goes on at once
  if (!more) return sequencer.reset();
  // Who was away may be there now, and who has become a member since signs as well.
  if (!*more && chance_.percent(healed_ ? 100 : 20)) (void)sequencer->cosign_again();
}

// A new key waits; whoever publishes next takes it over. One that forks keeps its key: it has two logs and one key.
void World::rotate(int log) {
  const network::LogPlace where = place(log, 0);
  if (manner(log) == Manner::forks || network::new_key_waits(where)) return;
  Node& node = publisher(log);
  int& keys = log == list() ? list_keys_ : node.keys;
  const auto next = key_of(origin(log) + " " + std::to_string(++keys), origin(log));
  if (!file::write(where.key_file + ".next", next.to_text() + "\n", file::for_owner)) return;
  node.published[{log, 0}].sequencer.reset();
}

void World::follow(Node& node, int log) {
  const auto believed = trust(node, log);
  if (!believed) return;      // it has not heard of it
  auto& follower = node.followers[log];
  if (!follower) {
    network::Follower::Options options;
    options.batch_entries = 1 + chance_.below(30);
    options.mirror.bundles = 1;
    network::Sink& sink = log == list() ? static_cast<network::Sink&>(node.members) : node.sink;
    auto opened = network::Follower::open(node.copy_folder(log), node.database(), sink, *believed, rules(node, log),
                                          options);
    if (!opened) return complain(node.origin + " cannot follow " + origin(log) + ": " + opened.error().message);
    follower = std::move(*opened);
  }
  follower->change(*believed, rules(node, log));
  Way way(*this, node, log);
  const auto note = way.checkpoint();
  if (!note) follower->failed(network::source_trouble(note.error()).error(), now_);
  for (int i = 0; i < 4; ++i) {
    network::FolderLogSource nowhere(node.copy_folder(log));
    const auto more = note ? follower->step(way, *note, now_) : follower->settle(nowhere, now_);
    if (!more && more.error().what == network::Trouble::storage) {
      complain(node.origin + " cannot keep what " + origin(log) + " says: " + more.error().message);
    }
    if (!more || !*more) break;
  }
  check_settled(node, log);
}

void World::something_happens() {
  now_ += std::chrono::seconds(chance_.below(4));
  if (!late_.empty() && chance_.percent(20)) deliver_late();
  Node& node = *nodes_[chance_.below(nodes_.size())];
  const std::size_t what = chance_.below(100);
  if (what < 23) {
    say(node);
  } else if (what < 27) {
    change_list();
  } else if (what < 49) {
    const int log = chance_.percent(25) ? list() : node.number;
    const int side = manner(log) == Manner::forks ? static_cast<int>(chance_.below(2)) : 0;
    alone(publisher(log), [&] { publish(log, side); });
  } else if (what < 88) {
    const auto& others = follows_[static_cast<std::size_t>(node.number)];
    const bool heard = node.number != operator_ && chance_.percent(25);
    const int log = heard ? list() : others[chance_.below(others.size())];
    alone(node, [&] { follow(node, log); });
    check_visible(node);
  } else if (what < 93) {
    Node& peer = *nodes_[chance_.below(nodes_.size())];
    if (peer.number != node.number) alone(node, [&] { compare(node, peer); });
  } else if (what < 96) {
    for (int& side : side_of_cut_) side = chance_.percent(50) ? static_cast<int>(chance_.below(2)) : 0;
  } else if (what < 98) {
    std::ranges::fill(side_of_cut_, 0);
  } else if (chance_.percent(50)) {
    node.crash();
    ++report_.crashes;
  } else {
    const int log = chance_.percent(20) ? list() : node.number;
    alone(publisher(log), [&] { rotate(log); });
  }
}

void World::heal() {
  healed_ = true;
  while (!late_.empty()) deliver_late();
  std::ranges::fill(side_of_cut_, 0);
  settle_list();
  for (int round = 0; round < rounds_to_heal; ++round) {
    now_ += std::chrono::seconds(61);     // missing texts are asked for again
    for (int log = list(); log >= 0; --log) {
      publish(log, 0);
      if (manner(log) == Manner::forks) publish(log, 1);
      if (log != list()) continue;
      for (const auto& node : nodes_) {
        if (node->number != operator_) follow(*node, list());
      }
    }
    for (const auto& node : nodes_) {
      for (const int n : follows_[static_cast<std::size_t>(node->number)]) follow(*node, n);
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
