// SPDX-License-Identifier: EUPL-1.2
#include "simulation/world.h"

#include <algorithm>
#include <filesystem>

#include "base/check.h"
#include "simulation/faults.h"

namespace verbund::simulation {
namespace {

using network::Followed;

constexpr unsigned loss_percent = 10, stale_percent = 10, crash_percent = 12;
constexpr int most_syncs = 14;            // of an action, before which a crash may come
constexpr int rounds_to_heal = 40;
constexpr std::size_t locals = 12;        // objects of a node

std::string number_of(int n) { return std::to_string(n); }

}  // namespace

// From one node to the log of another.
class World::Way : public network::FileLogSource {
 public:
  Way(World& world, const Node& from, Node& to) : world_(world), from_(from), to_(to) {}

 protected:
  Result<std::string> get(const std::string& path, std::size_t limit) override {
    return world_.carry(from_, to_, path, limit);
  }

 private:
  World& world_;
  const Node& from_;
  Node& to_;
};

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
  const std::string folder = node.log_folder(side);
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
        [this, &node](const std::string& address, std::string_view request) {
          return ask_witness(node, address, request);
        },
        network::Cosigning::Options{.quorum = quorum_, .rest = std::chrono::seconds(0), .one_by_one = true});
  }
  if (!sequencer) {
    network::Sequencer::Options options{.batch = 1 + chance_.below(40), .cosign = {}};
    options.cosign = [&cosigning](const std::string& note, const tlog::TileSource& tiles) {
      return cosigning->gather(note, tiles);
    };
    auto opened = network::Sequencer::open(folder, node.key, node.said(side), options);
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
}

network::Witness& World::witness_of(Node& node) {
  if (!node.witness) {
    node.witness = std::make_unique<network::Witness>(
        network::witness_folder(node.folder), node.witness_key,
        [this](std::string_view origin) {
          const network::Member* member = membership_.find(origin);
          std::vector<tlog::VerifierKey> keys;
          if (member != nullptr) keys.push_back(tlog::VerifierKey::parse(member->key).value());
          return keys;
        },
        *this);
  }
  return *node.witness;
}

Result<network::WitnessReply> World::ask_witness(const Node& from, const std::string& address,
                                                 std::string_view request) {
  Node& to = *nodes_[static_cast<std::size_t>(std::stoi(address))];
  const auto away = [] { return fail(ErrorCode::unavailable, "nobody answers"); };
  if (cut_off(from, to) || (!healed_ && chance_.percent(loss_percent))) return away();
  Result<network::WitnessReply> reply = away();
  const int times = !healed_ && chance_.percent(5) ? 2 : 1;     // a request that comes twice
  for (int i = 0; i < times; ++i) {
    alone(to, [&] {
      const auto answer = witness_of(to).add_checkpoint(request);
      if (answer.fork || answer.status == 422) {
        ++refusals_[from.origin];
        ++report_.refused_by_witnesses;
      } else if (answer.status == 409 && from.manner == Manner::forks) {
        ++shown_smaller_[from.origin];
      }
      if (i == 0) reply = network::WitnessReply{answer.status, answer.body};
    });
  }
  if (!healed_ && chance_.percent(loss_percent)) return away();   // the answer is lost
  return reply;
}

Result<std::string> World::carry(const Node& from, Node& to, const std::string& path, std::size_t limit) {
  if (cut_off(from, to) || (!healed_ && chance_.percent(loss_percent))) {
    ++report_.lost;
    return fail(ErrorCode::unavailable, "nobody answers", path);
  }
  const int side = to.manner == Manner::forks ? from.number % 2 : 0;
  network::OwnLog log(to.log_folder(side), to.said(side));
  auto given = lie(from, to, path, log.by_path(path));
  if (given && path == "checkpoint") {
    // An answer that is late or comes again from some cache.
    std::string& old = to.old_notes[number_of(from.number)];
    if (!healed_ && !old.empty() && chance_.percent(stale_percent)) return old;
    old = *given;
  }
  if (given && given->size() > limit) return fail(ErrorCode::too_large, "too long", path);
  return given;
}

Result<std::string> World::lie(const Node& from, Node& to, const std::string& path, Result<std::string> truth) {
  if (!truth || !chance_.percent(30)) return truth;
  switch (to.manner) {
    case Manner::honest: case Manner::forks: case Manner::trespasses:
      return truth;
    case Manner::rolls_back: {
      if (path != "checkpoint") return truth;
      const auto now = tlog::Checkpoint::parse(tlog::parse_note(*truth)->text).value();
      if (now.size < 2) return truth;
      network::FolderLogSource files(network::log_folder(to.log_folder(0)));
      tlog::TileReader tiles(now.size, [&](const tlog::TileId& id) { return files.tile(id); });
      const std::uint64_t size = 1 + chance_.below(now.size - 1);
      const tlog::Checkpoint earlier{to.origin, size, tlog::tree_root(size, std::ref(tiles)).value(), {}};
      tlog::Note note{earlier.to_text(), {}};
      note.signatures.push_back(tlog::sign_note(note.text, to.key));
      return note.to_text();
    }
    case Manner::replays: {
      if (path != "checkpoint") return truth;
      const Node& somebody = *nodes_[chance_.below(nodes_.size())];
      const auto old = somebody.old_notes.find(number_of(from.number));
      return old == somebody.old_notes.end() ? truth : Result<std::string>(old->second);
    }
    case Manner::garbles: {
      if (healed_) return truth;
      std::string bytes = *truth;
      if (bytes.empty()) return truth;
      const std::size_t at = chance_.below(bytes.size());
      switch (chance_.below(3)) {
        case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << chance_.below(8))); break;
        case 1: bytes.resize(at); break;
        default: bytes.insert(at, std::string(1 + chance_.below(40), static_cast<char>(chance_.below(256))));
      }
      return bytes;
    }
    case Manner::swells:
      if (healed_) return truth;
      return fail(ErrorCode::too_large, "it does not end", path);
    case Manner::crawls:
      if (healed_) return truth;
      now_ += std::chrono::seconds(30);
      return fail(ErrorCode::unavailable, "time over", path);
  }
  return truth;
}

void World::follow(Node& node, Node& publisher) {
  auto& follower = node.followers[publisher.number];
  if (!follower) {
    network::Follower::Options options;
    options.batch_entries = 1 + chance_.below(30);
    options.mirror.bundles = 1;
    auto opened = network::Follower::open(node.folder + "/heard/" + number_of(publisher.number), node.database(),
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
  Node& node = *nodes_[chance_.below(nodes_.size())];
  const std::size_t what = chance_.below(100);
  if (what < 25) {
    say(node);
  } else if (what < 50) {
    const int side = node.manner == Manner::forks ? static_cast<int>(chance_.below(2)) : 0;
    alone(node, [&] { publish(node, side); });
  } else if (what < 92) {
    const auto& others = follows_[static_cast<std::size_t>(node.number)];
    Node& publisher = *nodes_[static_cast<std::size_t>(others[chance_.below(others.size())])];
    alone(node, [&] { follow(node, publisher); });
    check_visible(node);
  } else if (what < 96) {
    for (int& side : side_of_cut_) side = chance_.percent(50) ? static_cast<int>(chance_.below(2)) : 0;
  } else if (what < 98) {
    std::ranges::fill(side_of_cut_, 0);
  } else if (what < 99) {
    node.crash();
    ++report_.crashes;
  } else {
    suspended_ = chance_.percent(50) ? node.number : -1;
    set_membership();
  }
}

// At no instant anybody shows what its publisher has not said, or may not say.
void World::check_visible(Node& node) {
  std::map<std::string, int> sides;      // of those that fork: which history was seen, as bits
  for (const Held& held : node.held()) {
    const auto publisher = std::ranges::find(nodes_, held.origin, [](const auto& one) { return one->origin; });
    if (publisher == nodes_.end()) return complain(node.origin + " shows what nobody said");
    Node& from = **publisher;
    const std::string what = node.origin + " shows " + held.agency + " " + held.local + " of " + held.origin + ": ";
    if (held.agency != from.agency) complain(what + "another agency's");
    if (!held.body.starts_with(from.area + " ")) complain(what + "outside of the mandate: " + held.body);
    const bool first = from.truth.ever_said(held.local, held.body);
    const bool second = from.manner == Manner::forks && from.other.ever_said(held.local, held.body);
    if (!first && !second) complain(what + "never said: " + held.body);
    if (first != second) sides[held.origin] |= first ? 1 : 2;
  }
  for (const auto& [origin, seen] : sides) {
    if (seen == 3) complain(node.origin + " shows two histories of " + origin);
  }
}

void World::heal() {
  healed_ = true;
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
    const Report before = report_;
    check_end();
    if (report_.failures.size() == before.failures.size()) return;
    if (round + 1 < rounds_to_heal) report_ = before;     // not yet; the last time it counts
  }
}

// Every follower has what every publisher says, and nothing of who is suspended.
void World::check_end() {
  for (const auto& node : nodes_) {
    check_visible(*node);
    std::map<std::string, std::map<std::string, std::string>> shown;    // origin -> local -> body
    for (const Held& held : node->held()) shown[held.origin][held.local] = held.body;
    for (const int n : follows_[static_cast<std::size_t>(node->number)]) {
      const Node& publisher = *nodes_[static_cast<std::size_t>(n)];
      if (publisher.manner == Manner::forks && n != suspended_) continue;
      auto wanted = publisher.truth.now();
      std::erase_if(wanted, [&](const auto& one) { return !one.second.starts_with(publisher.area + " "); });
      if (n == suspended_) wanted.clear();
      if (shown[publisher.origin] == wanted) continue;
      const auto& state = node->followers[n]->state();
      complain(node->origin + " shows " + std::to_string(shown[publisher.origin].size()) + " of " +
               std::to_string(wanted.size()) + " objects of " + publisher.origin + " (" +
               std::string(network::name(state.trouble)) + " " + state.reason + ", applied " +
               std::to_string(state.position) + " of " + std::to_string(publisher.truth.now().size()) + ")");
    }
  }
  for (const auto& node : nodes_) {
    if (node->manner != Manner::forks || node->truth.now().empty()) continue;
    // Where a majority of witnesses is asked for, one history at most comes through; that the other was shown to a
    // witness at a size the witness could compare is counted there.
    if (quorum_ == 0) continue;
    int published = 0;
    for (int side = 0; side < 2; ++side) {
      const auto now = network::OwnLog(node->log_folder(side), node->said(side)).published();
      if (now && now->size > 0) ++published;
    }
    if (published > 1) complain("two histories of " + node->origin + " came through the witnesses");
    if (published == 1 && refusals_[node->origin] + shown_smaller_[node->origin] == 0) {
      complain("no witness saw that " + node->origin + " forks");
    }
  }
  for (const auto& [origin, count] : refusals_) {
    const auto node = std::ranges::find(nodes_, origin, [](const auto& one) { return one->origin; });
    if ((*node)->manner != Manner::forks) complain("a witness says that " + origin + " forks, and it does not");
  }
}

Report World::run() {
  for (int i = 0; i < size_.steps; ++i) something_happens();
  heal();
  return report_;
}

}  // namespace verbund::simulation
