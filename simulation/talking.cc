// SPDX-License-Identifier: EUPL-1.2
// What passes between nodes, and what becomes of it on the way.
#include <algorithm>
#include <set>

#include "kits/file/file.h"
#include "network/log/own_log.h"
#include "network/witness/request.h"
#include "simulation/ways.h"

namespace verbund::simulation {
namespace {

constexpr unsigned loss_percent = 10, stale_percent = 10;

std::string number_of(int n) { return std::to_string(n); }

}  // namespace

network::Witness& World::witness_of(Node& node) {
  if (!node.witness) {
    node.witness = std::make_unique<network::Witness>(
        network::witness_folder(node.folder), node.witness_key,
        [this, &node](std::string_view name) {
          std::vector<tlog::VerifierKey> keys;
          if (name == list_key_.name) return keys.push_back(list_key_.verifier()), keys;
          const network::Member* member = node.list().members->find(name);
          if (member != nullptr) keys.push_back(tlog::VerifierKey::parse(member->key).value());
          return keys;
        },
        *this);
  }
  return *node.witness;
}

// Answers a request, however often and late it comes. The witness may stop in the middle.
std::optional<network::WitnessReply> World::answer(Node& to, int log, int side, std::string_view resource,
                                                   std::string_view request) {
  std::optional<network::WitnessReply> out;
  alone(to, [&] {
    if (resource == "add-handovers") {
      const auto taken = witness_of(to).add_handovers(request);
      out = network::WitnessReply{taken.status, taken.body};
      return;
    }
    const auto answer = witness_of(to).add_checkpoint(request);
    if (answer.fork || answer.status == 422) {
      ++refusals_[origin(log)];
      ++report_.refused_by_witnesses;
    }
    const auto asked = network::WitnessRequest::parse(request);
    const auto note = asked ? tlog::parse_note(asked->checkpoint) : std::unexpected(asked.error());
    const auto checkpoint = note ? tlog::Checkpoint::parse(note->text) : std::unexpected(note.error());
    const bool known = answer.status == 200 || answer.status == 409 || answer.status == 422;
    if (known && checkpoint) {
      std::uint64_t& most = asked_[{log, to.number}][static_cast<std::size_t>(side)];
      most = std::max(most, checkpoint->size);
    }
    out = network::WitnessReply{answer.status, answer.body};
  });
  return out;
}

void World::deliver_late() {
  const std::size_t which = chance_.below(late_.size());
  const Late late = late_[which];
  late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(which));
  (void)answer(node(late.to), late.log, late.side, late.resource, late.request);
}

Result<network::WitnessReply> World::ask_witness(int log, int side, const std::string& address,
                                                 std::string_view resource, std::string_view request) {
  Node& to = node(std::stoi(address));
  const auto away = [] { return fail(ErrorCode::unavailable, "nobody answers"); };
  if (cut_off(publisher(log), to) || (!healed_ && chance_.percent(loss_percent))) return away();
  if (!healed_ && chance_.percent(5)) {     // it comes, but when nobody waits for the answer any more
    late_.push_back({to.number, log, side, std::string(resource), std::string(request)});
    return away();
  }
  Result<network::WitnessReply> reply = away();
  const int times = !healed_ && chance_.percent(5) ? 2 : 1;     // a request that comes twice
  for (int i = 0; i < times; ++i) {
    const auto given = answer(to, log, side, resource, request);
    if (i == 0 && given) reply = *given;
  }
  if (!healed_ && chance_.percent(loss_percent)) return away();   // the answer is lost
  return reply;
}

Result<std::string> World::carry(const Node& from, int log, const std::string& path, std::size_t limit) {
  Node& to = publisher(log);
  if (cut_off(from, to) || (!healed_ && chance_.percent(loss_percent))) {
    ++report_.lost;
    return fail(ErrorCode::unavailable, "nobody answers", path);
  }
  const int side = side_for(log, from);
  network::OwnLog files(place(log, side), said(log, side));
  auto given = lie(from, log, path, files.by_path(path));
  if (given && path == "checkpoint") {
    // An answer that is late or comes again from some cache.
    std::string& old = to.old_notes[number_of(from.number) + (log == list() ? " list" : "")];
    if (!healed_ && !old.empty() && chance_.percent(stale_percent)) return old;
    old = *given;
  }
  if (given && given->size() > limit) return fail(ErrorCode::too_large, "too long", path);
  return given;
}

Result<std::string> World::lie(const Node& from, int log, const std::string& path, Result<std::string> truth) {
  if (!truth || !chance_.percent(30)) return truth;
  switch (manner(log)) {
    case Manner::honest: case Manner::forks: case Manner::trespasses:
      return truth;
    case Manner::rolls_back: {
      if (path != "checkpoint") return truth;
      const auto now = tlog::Checkpoint::parse(tlog::parse_note(*truth)->text).value();
      if (now.size < 2) return truth;
      const network::LogPlace where = place(log, 0);
      network::FolderLogSource files(where.folder);
      tlog::TileReader tiles(now.size, [&](const tlog::TileId& id) { return files.tile(id); });
      const std::uint64_t size = 1 + chance_.below(now.size - 1);
      const tlog::Checkpoint earlier{origin(log), size, tlog::tree_root(size, std::ref(tiles)).value(), {}};
      tlog::Note note{earlier.to_text(), {}};
      note.signatures.push_back(tlog::sign_note(note.text, network::load_key(where).value()));
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

// What `node` holds of the logs of others, beside what `peer` holds of them. As app/comparing.cc: it asks who is an
// active member, as far as it knows.
void World::compare(Node& node, Node& peer) {
  const network::Member* member = node.list().members->find(peer.origin);
  if (member == nullptr || !member->active(today())) return;
  std::set<int> logs(follows_[static_cast<std::size_t>(node.number)].begin(),
                     follows_[static_cast<std::size_t>(node.number)].end());
  for (const std::string& name : witness_of(node).doubted()) {
    if (const auto log = log_named(name)) logs.insert(*log);
  }
  logs.insert(node.number);
  logs.insert(list());
  for (const int log : logs) {
    const bool own = publisher(log).number == node.number;
    if (own && manner(log) == Manner::forks) continue;      // it knows
    const auto held_in = [](const std::string& folder) {
      const auto files = std::make_shared<network::FolderLogSource>(folder);
      return network::HeldLog{.note = files->checkpoint().value_or(""),
                              .tiles = [files](const tlog::TileId& id) { return files->tile(id); },
                              .handovers = files->handovers().value_or("")};
    };
    std::vector<network::HeldLog> held;
    held.push_back(held_in(own ? place(log, 0).folder : node.copy_folder(log)));
    if (publisher(log).number != peer.number) {
      const auto way = std::make_shared<CopyWay>(*this, node, peer, log);
      if (auto note = way->checkpoint()) {
        held.push_back({.note = std::move(*note), .tiles = [way](const tlog::TileId& id) { return way->tile(id); }});
      }
    }
    std::erase_if(held, [](const network::HeldLog& one) { return one.note.empty(); });
    if (held.empty()) continue;
    const auto found = witness_of(node).compare(origin(log), held);
    if (!found) complain(node.origin + " cannot compare " + origin(log) + ": " + found.error().text());
  }
}

// A copy that `to` keeps of a log.
Result<std::string> World::carry_copy(const Node& from, Node& to, int log, const std::string& path,
                                      std::size_t limit) {
  if (cut_off(from, to) || (!healed_ && chance_.percent(loss_percent))) {
    ++report_.lost;
    return fail(ErrorCode::unavailable, "nobody answers", path);
  }
  auto given = file::read(to.copy_folder(log) + "/" + path, limit);
  const bool own_signature = to.manner == Manner::rolls_back;     // of its own log only
  if (given && !own_signature) given = lie(from, to.number, path, std::move(given));
  if (given && given->size() > limit) return fail(ErrorCode::too_large, "too long", path);
  return given;
}

}  // namespace verbund::simulation
