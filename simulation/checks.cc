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
  check_forks();
}

// Who shows two histories to two members, or to a witness and a member, is found out, and nobody else is accused.
void World::check_forks() {
  std::map<std::string, std::set<int>> found_by;      // origin -> numbers of nodes that hold the proof
  for (const auto& node : nodes_) {
    const std::string folder = network::witness_folder(node->folder);
    for (const std::string& origin : network::forked_logs(folder)) found_by[origin].insert(node->number);
    for (const auto& publisher : nodes_) {
      std::error_code error;
      for ([[maybe_unused]] const auto& each :
           std::filesystem::directory_iterator(node->copy_folder(publisher->number) + "/evidence", error)) {
        found_by[publisher->origin].insert(node->number);
      }
    }
  }
  for (const auto& node : nodes_) {
    for (const std::string& file : witness_of(*node).evidence()) {
      const auto text = file::read(file, 1u << 20);
      const auto publisher = std::ranges::find_if(nodes_, [&](const auto& one) {
        return text && text->starts_with(one->origin + "\n");
      });
      const bool proves = publisher != nodes_.end() && (*publisher)->manner == Manner::forks &&
                          network::verify_evidence(*text, {(*publisher)->key.verifier()}).has_value();
      if (!proves) complain(node->origin + " keeps as evidence what proves nothing");
    }
  }
  for (const auto& [origin, by] : found_by) {
    const auto node = std::ranges::find(nodes_, origin, [](const auto& one) { return one->origin; });
    if ((*node)->manner != Manner::forks) complain("somebody says that " + origin + " forks, and it does not");
  }
  for (const auto& [origin, count] : refusals_) {
    const auto node = std::ranges::find(nodes_, origin, [](const auto& one) { return one->origin; });
    if ((*node)->manner != Manner::forks) complain("a witness says that " + origin + " forks, and it does not");
  }
  for (const auto& node : nodes_) {
    if (node->manner != Manner::forks) continue;
    int believed = 0;                                 // histories, as bits
    for (const auto& member : nodes_) {
      const auto follower = member->followers.find(node->number);
      if (follower == member->followers.end() || follower->second->mirror().announced() == 0) continue;
      believed |= member->number % 2 == 0 ? 1 : 2;
    }
    const bool found = found_by.contains(node->origin);
    if (believed == 3) ++report_.forks;
    if (believed == 3 && !found) complain("two members believe two histories of " + node->origin + ", nobody knows");
    if (quorum_ == 0) continue;
    if (believed == 3) complain("two histories of " + node->origin + " came through the witnesses");
    for (const auto& [about, sides] : asked_) {
      if (about.first != node->origin || sides != 3 || believed == 0) continue;
      ++report_.forks;
      if (!found) complain("a witness was asked for both histories of " + node->origin + ", nobody knows");
      break;
    }
  }
}

}  // namespace verbund::simulation
