// SPDX-License-Identifier: EUPL-1.2
// Who belongs to the network: said by the operator in a log of its own, heard by each node for itself. Whom a node
// believes what follows from the list that it has heard, with the rules of the real program.
#include <algorithm>
#include <filesystem>

#include "app/following_rules.h"
#include "base/check.h"
#include "network/register/register_store.h"
#include "simulation/world.h"

namespace verbund::simulation {

network::LogPlace World::place(int log, int side) const {
  if (log != list()) return node(log).place(side);
  const std::string& folder = node(operator_).folder;
  return {folder + (side == 0 ? "/list" : "/other-list"), folder + "/list.key"};
}

network::Outbox& World::said(int log, int side) const {
  if (log == list()) return publisher(log).book(side);
  return node(log).said(side);
}

std::optional<int> World::log_named(std::string_view name) const {
  for (int log = 0; log <= list(); ++log) {
    if (origin(log) == name) return log;
  }
  return std::nullopt;
}

void World::say_member(int side, int member) {
  const Node& about = node(member);
  const Terms& terms = terms_[side][static_cast<std::size_t>(member)];
  network::Member said;
  said.name = about.origin;
  said.title = "Node " + std::to_string(member) + "." + std::to_string(terms.words);
  said.key = about.key.verifier().to_text();
  const bool witness = std::ranges::find(witnesses_, member) != witnesses_.end();
  if (witness) said.witness_key = about.witness_key.verifier().to_text();
  said.mandate = {{about.agency}, {}, {about.area}, {"municipality"}};
  if (terms.wide) said.mandate.areas.push_back(about.wide_area);
  if (terms.suspended) said.suspended = "for the simulation";
  VERBUND_CHECK(said.check().has_value());
  for (const std::string& area : said.mandate.areas) granted_[static_cast<std::size_t>(member)].insert(area);
  list_said_[side].emplace(said.name, said.to_body());
  VERBUND_CHECK(node(operator_).database(side).write([&](store::Connection& connection) -> Result<void> {
    if (network::RegisterStore(connection).say(said, now_)) ++report_.lists;
    return {};
  }));
}

void World::say_everybody() {
  for (const int side : {0, 1}) {
    if (side == 1 && list_manner_ != Manner::forks) break;
    terms_[side].resize(nodes_.size());
    VERBUND_CHECK(node(operator_).database(side).write([&](store::Connection& connection) -> Result<void> {
      network::RegisterStore(connection).say({"Simulation", static_cast<std::int64_t>(quorum_)}, now_);
      return {};
    }));
    for (int member = 0; member < list(); ++member) say_member(side, member);
  }
}

void World::change_list() {
  const auto member = chance_.below(nodes_.size());
  const std::size_t what = chance_.below(3);
  const auto change = [&](int side, std::size_t which, bool otherwise) {
    Terms& terms = terms_[side][which];
    if (what == 0 && !otherwise) terms.suspended = !terms.suspended;
    else if (what == 1 && !otherwise) terms.wide = !terms.wide;
    else terms.words += otherwise ? 1000 : 1;
    say_member(side, static_cast<int>(which));
  };
  change(0, member, false);
  // Who forks tells some people something else, or nothing.
  if (list_manner_ != Manner::forks) return;
  if (chance_.percent(60)) change(1, member, false);
  else if (chance_.percent(50)) change(1, chance_.below(nodes_.size()), true);
}

void World::settle_list() {
  for (const int side : {0, 1}) {
    if (side == 1 && list_manner_ != Manner::forks) break;
    for (int member = 0; member < list(); ++member) {
      Terms& terms = terms_[side][static_cast<std::size_t>(member)];
      const bool witness = std::ranges::find(witnesses_, member) != witnesses_.end();
      if (!terms.suspended || !witness) continue;
      terms.suspended = false;
      say_member(side, member);
    }
  }
}

bool World::complete(Node& whose) const {
  const List& known = whose.list();
  if (known.members->members().size() != nodes_.size()) return false;
  if (known.policy.quorum != static_cast<std::int64_t>(quorum_)) return false;
  return std::ranges::all_of(witnesses_, [&](int witness) {
    return known.members->find(node(witness).origin)->active(today());
  });
}

// As app/cosigner.cc: a member's log by all other active members, the list by all but the operator's own.
std::optional<Wanted> World::wanted(int log, int side) {
  const List& known = publisher(log).list(log == list() ? side : 0);
  const std::string name = origin(log);
  if (log != list() && known.members->find(name) == nullptr) return std::nullopt;
  Wanted out;
  for (const network::Member& member : known.members->members()) {
    if (member.name == name || member.witness_key.empty() || !member.active(today())) continue;
    if (log == list() && app::is_operators(member, name)) continue;
    out.witnesses.push_back({tlog::VerifierKey::parse(member.witness_key).value(),
                             std::to_string(*log_named(member.name))});
  }
  out.quorum = log == list() ? app::members_quorum(known.policy, out.witnesses.size())
                             : static_cast<std::size_t>(known.policy.quorum);
  return out;
}

// As app/following.cc.
std::optional<network::Trust> World::trust(Node& node, int log) {
  const List& known = node.list();
  if (log == list()) {
    auto out = app::trust_in_members(*known.members, first_key(log), known.policy, today());
    std::error_code error;
    if (!std::filesystem::exists(node.copy_folder(log) + "/seen", error)) out.quorum = 0;
    return out;
  }
  const network::Member* member = known.members->find(origin(log));
  if (member == nullptr) return std::nullopt;
  return app::trust_for(*known.members, *member, known.policy, today()).value();
}

network::Rules World::rules(Node& node, int log) {
  if (log == list()) return network::members_rules();
  const List& known = node.list();
  return app::rules_for(known.members, *known.members->find(origin(log)), today());
}

// Nobody's list has what the operator has not said, nor parts of two lists.
void World::check_list(Node& node) {
  int sides = 0;
  for (const network::Member& member : node.list().members->members()) {
    const std::pair said{member.name, member.to_body()};
    const bool first = list_said_[0].contains(said), second = list_said_[1].contains(said);
    if (!first && !second) complain(node.origin + " has a member whom nobody has said: " + member.name);
    if (first != second) sides |= first ? 1 : 2;
  }
  if (sides == 3) complain(node.origin + " has parts of two lists");
}

void World::check_lists_end() {
  if (list_manner_ == Manner::forks) return;
  const List& said = node(operator_).list();
  for (const auto& each : nodes_) {
    if (each->number == operator_) continue;
    const List& heard = each->list();
    if (heard.policy == said.policy && heard.members->members() == said.members->members()) continue;
    const auto follower = each->followers.find(list());
    const std::string state = follower == each->followers.end()
                                  ? "not followed"
                                  : std::string(network::name(follower->second->state().trouble)) + " " +
                                        follower->second->state().reason;
    complain(each->origin + " has another list than the operator: " + state);
  }
}

std::uint64_t World::common(int log) const {
  if (log != list()) return 0;      // the first entries differ already
  std::vector<std::string> entries[2];
  for (const int side : {0, 1}) {
    said(log, side).read(0, 1u << 20, [&](const network::Entry& entry) { entries[side].push_back(entry.to_text()); });
  }
  const auto [one, other] = std::ranges::mismatch(entries[0], entries[1]);
  return static_cast<std::uint64_t>(one - entries[0].begin());
}

}  // namespace verbund::simulation
