// SPDX-License-Identifier: EUPL-1.2
// What has to hold: at every instant, and when all has healed.
#include <algorithm>
#include <filesystem>
#include <set>

#include "kits/file/file.h"
#include "simulation/world.h"

namespace verbund::simulation {

// At no instant anybody shows what its publisher has not said, or may not say.
void World::check_visible(Node& node) {
  check_list(node);
  std::map<std::string, int> sides;      // of those that fork: which history was seen, as bits
  for (const Held& held : node.held()) {
    const auto publisher = std::ranges::find(nodes_, held.origin, [](const auto& one) { return one->origin; });
    if (publisher == nodes_.end()) return complain(node.origin + " shows what nobody said");
    Node& from = **publisher;
    const std::string what = node.origin + " shows " + held.agency + " " + held.local + " of " + held.origin + ": ";
    if (held.agency != from.agency) complain(what + "another agency's");
    if (!granted_[static_cast<std::size_t>(from.number)].contains(held.body.substr(0, held.body.find(' ')))) {
      complain(what + "outside of every mandate: " + held.body);
    }
    const bool first = from.truth.ever_said(held.local, held.body);
    const bool second = from.manner == Manner::forks && from.other.ever_said(held.local, held.body);
    if (!first && !second) complain(what + "never said: " + held.body);
    if (first != second) sides[held.origin] |= first ? 1 : 2;
  }
  for (const auto& [origin, seen] : sides) {
    if (seen == 3) complain(node.origin + " shows two histories of " + origin);
  }
}

// What was applied under the list that the node has now is within it.
void World::check_settled(Node& node, int log) {
  const auto follower = node.followers.find(log);
  if (log == list() || follower == node.followers.end()) return;
  const auto& state = follower->second->state();
  const auto now = rules(node, log);
  if (state.terms != now.terms || state.stock) return;
  const network::Member& member = *node.list().members->find(origin(log));
  for (const Held& held : node.held()) {
    if (held.origin != member.name) continue;
    const std::vector<network::Claim> claims = {{held.body.substr(0, held.body.find(' ')), "municipality"}};
    const auto refusal = node.list().members->refusal(member, "service", held.agency, claims, today());
    if (refusal) complain(node.origin + " shows " + held.local + " of " + held.origin + " though " + *refusal);
  }
}

// Every follower has what every publisher says, within the mandate that the list gives it, and every member the list.
void World::check_end() {
  check_lists_end();
  const bool witnessed = std::ranges::all_of(witnesses_, [this](int witness) { return complete(node(witness)); });
  for (const auto& node : nodes_) {
    check_visible(*node);
    if (!complete(*node)) {
      // Only an operator that shows two lists can keep somebody from having one that is whole.
      if (list_manner_ != Manner::forks) complain(node->origin + " has no whole list");
      continue;
    }
    std::map<std::string, std::map<std::string, std::string>> shown;    // origin -> local -> body
    for (const Held& held : node->held()) shown[held.origin][held.local] = held.body;
    for (const int n : follows_[static_cast<std::size_t>(node->number)]) {
      Node& publisher = *nodes_[static_cast<std::size_t>(n)];
      const network::Member& member = *node->list().members->find(publisher.origin);
      const bool active = member.active(today());
      if (active && (publisher.manner == Manner::forks || !complete(publisher) || !witnessed)) continue;
      auto wanted = publisher.truth.now();
      std::erase_if(wanted, [&](const auto& one) {
        const std::string area = one.second.substr(0, one.second.find(' '));
        return std::ranges::find(member.mandate.areas, area) == member.mandate.areas.end();
      });
      if (!active) wanted.clear();
      if (shown[publisher.origin] == wanted) continue;
      const auto follower = node->followers.find(n);
      const auto state = follower == node->followers.end() ? network::FollowedLog{} : follower->second->state();
      complain(node->origin + " shows " + std::to_string(shown[publisher.origin].size()) + " of " +
               std::to_string(wanted.size()) + " objects of " + publisher.origin + " (" +
               std::string(network::name(state.trouble)) + " " + state.reason + ", applied " +
               std::to_string(state.position) + " of " + std::to_string(publisher.truth.now().size()) + ")");
    }
  }
  check_forks();
}

// Nobody else is accused, and what is kept proves it. Gives who holds a proof, by origin.
void World::check_evidence(std::map<std::string, std::set<int>>& found_by) {
  const auto forks = [this](std::string_view name) {
    const auto log = log_named(name);
    return log && manner(*log) == Manner::forks;
  };
  for (const auto& node : nodes_) {
    const std::string folder = network::witness_folder(node->folder);
    for (const std::string& origin : network::forked_logs(folder)) found_by[origin].insert(node->number);
    for (int log = 0; log <= list(); ++log) {
      std::error_code error;
      for ([[maybe_unused]] const auto& each :
           std::filesystem::directory_iterator(node->copy_folder(log) + "/evidence", error)) {
        found_by[origin(log)].insert(node->number);
      }
    }
    for (const std::string& file : witness_of(*node).evidence()) {
      const auto text = file::read(file, 1u << 20);
      const auto log = text ? log_named(text->substr(0, text->find('\n'))) : std::nullopt;
      const bool proves = log && manner(*log) == Manner::forks &&
                          network::verify_evidence(*text, {first_key(*log)}).has_value();
      if (!proves) complain(node->origin + " keeps as evidence what proves nothing");
    }
  }
  for (const auto& [origin, by] : found_by) {
    if (!forks(origin)) complain("somebody says that " + origin + " forks, and it does not");
  }
  for (const auto& [origin, count] : refusals_) {
    if (!forks(origin)) complain("a witness says that " + origin + " forks, and it does not");
  }
}

// Who shows two histories to two members, or to a witness and a member, is found out.
void World::check_forks() {
  std::map<std::string, std::set<int>> found_by;
  check_evidence(found_by);
  for (int log = 0; log <= list(); ++log) {
    if (manner(log) != Manner::forks) continue;
    const std::uint64_t same = common(log);
    int believed = 0;                                 // histories, as bits
    for (const auto& member : nodes_) {
      const auto follower = member->followers.find(log);
      if (follower == member->followers.end() || follower->second->mirror().announced() <= same) continue;
      believed |= member->number % 2 == 0 ? 1 : 2;
    }
    const std::string name = origin(log);
    const bool found = found_by.contains(name);
    if (believed == 3) ++(log == list() ? report_.list_forks : report_.forks);
    if (believed == 3 && !found) complain("two members believe two histories of " + name + ", nobody knows");
    if (quorum_ == 0) continue;
    // With a witness suspended fewer have to sign the list, so only of the others one history at most is believed.
    if (believed == 3 && log != list()) complain("two histories of " + name + " came through the witnesses");
    for (const auto& [about, sizes] : asked_) {
      if (about.first != log || sizes[0] <= same || sizes[1] <= same || believed == 0) continue;
      ++(log == list() ? report_.list_forks : report_.forks);
      if (!found) complain("a witness was asked for both histories of " + name + ", nobody knows");
      break;
    }
  }
}

}  // namespace verbund::simulation
