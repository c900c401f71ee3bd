// SPDX-License-Identifier: EUPL-1.2
#include "app/settling.h"

#include <algorithm>
#include <memory>
#include <set>

#include "app/following_rules.h"
#include "base/text.h"
#include "directory/objects/recall.h"
#include "kits/http/client.h"
#include "network/log/handover.h"
#include "network/log/http_log_source.h"
#include "network/log/rotation.h"
#include "network/log/verify.h"
#include "network/register/register_store.h"
#include "network/witness/request.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;
using network::Member;
using tlog::TileId;

constexpr auto ask_again = 5s;
constexpr std::size_t answer_limit = 64 * 1024;

http::ClientOptions patience() {
  http::ClientOptions out;
  out.connect_time = 2s;
  out.answer_time = 10s;
  return out;
}

}  // namespace

struct Settling::Peer {
  std::string address;
  bool witness = false;
};

// What one of them says of our log.
struct Settling::Said {
  bool answered = false;   // it has said how far it has seen the log, or that it knows nothing of it
  std::uint64_t seen = 0;  // entries it has seen, by its copy or what it has cosigned
  bool other_key = false;  // its copy is signed by a later key of the log
  bool forked = false;
  std::optional<tlog::Checkpoint> copy;
  std::shared_ptr<network::HttpLogSource> source;
};

bool Settling::waits() const {
  const auto marked = [](const network::LogPlace& place) {
    const auto mark = network::restored(place);
    return !mark || mark->has_value();
  };
  return marked(network::LogPlace(data_folder_)) || marked(network::members_place(data_folder_));
}

Result<std::uint64_t> Settling::settle(const network::LogPlace& place) {
  auto mark = network::restored(place);
  if (!mark) return pass(mark);
  if (!*mark) return 0;
  if (!(*mark)->original_is_gone) {
    if (auto free = network::may_be_continued(place); !free) return pass(free);
  }
  {
    const std::lock_guard lock(mutex_);
    for (const Last& last : last_) {
      if (last.folder == place.folder && std::chrono::steady_clock::now() - last.at < ask_again) {
        return std::unexpected(last.error);
      }
    }
  }
  auto settled = (*mark)->without_asking ? Result<std::uint64_t>(0) : ask(place, **mark);
  const std::lock_guard lock(mutex_);
  std::erase_if(last_, [&](const Last& last) { return last.folder == place.folder; });
  if (!settled) {
    last_.push_back({place.folder, std::chrono::steady_clock::now(), settled.error()});
    return settled;
  }
  if (auto done = network::unmark_restored(place); !done) return pass(done);
  log_.info("restored log goes on", {{"log", place.folder}, {"taken_back", std::to_string(*settled)}});
  return settled;
}

std::vector<Settling::Peer> Settling::peers(const std::string& own_name, std::size_t& quorum) const {
  std::vector<Peer> out;
  const auto add = [&](std::string address, bool witness) {
    const auto there = std::ranges::find(out, address, &Peer::address);
    if (there == out.end()) out.push_back({std::move(address), witness});
    else there->witness = there->witness || witness;
  };
  const std::string today = network::day_in_berlin(clock_.now());
  database_.read([&](store::Connection& connection) {
    const network::RegisterStore book(connection);
    const auto policy = book.policy();
    quorum = policy ? static_cast<std::size_t>(policy->quorum) : 0;
    for (const Member& member : book.members()) {
      // The operator's own member is this node itself, too.
      if (member.name == own_name || is_operators(member, own_name) || member.addresses.empty() ||
          !member.active(today)) {
        continue;
      }
      add(member.addresses.front(), !member.witness_key.empty());
    }
    if (const auto home = book.home(); home && !book.is_operator()) add(home->address, false);
  });
  for (const std::string_view hub : split(hub_, ' ')) {
    if (!hub.empty()) add(std::string(hub), false);
  }
  return out;
}

Settling::Said Settling::hear(const Peer& peer, const std::string& note, const tlog::VerifierKey& key,
                              std::uint64_t size) const {
  Said out;
  auto source = network::HttpLogSource::at(peer.address + "/network/heard/" + safe_name(key.name) + "/log", patience());
  if (!source) return out;
  out.source = std::make_shared<network::HttpLogSource>(std::move(*source));
  const auto theirs = out.source->checkpoint();
  if (!theirs && theirs.error().code != ErrorCode::not_found) return out;
  if (theirs) {
    auto copy = tlog::open_checkpoint(*theirs, key);
    if (copy) {
      out.seen = copy->size;
      out.copy = std::move(*copy);
    } else if (const auto handovers = out.source->handovers()) {
      const auto notes = network::split_handovers(*handovers);
      const auto now = notes ? network::current_key(key, *notes) : std::unexpected(notes.error());
      out.other_key = now && *now != key && tlog::open_checkpoint(*theirs, *now).has_value();
      if (!out.other_key) return out;  // not signed by our log: no answer
    }
  }
  out.answered = true;
  if (!peer.witness) return out;
  // What it has cosigned may be further than its copy. The proof from a size to itself is empty.
  http::Client client(patience());
  const auto answer = client.post(peer.address + "/network/witness/add-checkpoint",
                                  network::WitnessRequest{size, {}, note}.to_text(), answer_limit);
  out.answered = answer && (answer->status == 200 || answer->status == 404 || answer->status == 409);
  if (!answer || answer->status != 409) return out;
  const auto cosigned = parse_number(trim(*answer->body));
  if (!cosigned) out.answered = false;
  else if (static_cast<std::uint64_t>(*cosigned) == size && size > 0) out.forked = true;  // with another root
  else out.seen = std::max(out.seen, static_cast<std::uint64_t>(*cosigned));
  return out;
}

Result<std::uint64_t> Settling::ask(const network::LogPlace& place, const network::RestoredLog& mark) {
  network::FolderLogSource files(place.folder);
  auto key_text = files.key();
  auto key = key_text ? tlog::VerifierKey::parse(trim(*key_text)) : std::unexpected(key_text.error());
  if (!key) return pass(key);
  auto note = files.checkpoint();
  if (!note) return pass(note);
  auto ours = network::open_own_checkpoint(files, *note, *key);
  if (!ours) return pass(ours);
  if (ours->size != mark.size || ours->root != mark.root) {
    return fail(ErrorCode::conflict, "the log is not the one that was restored", place.folder,
                "restore the backup again");
  }
  std::size_t quorum = 0;
  const auto asked = peers(key->name, quorum);
  if (asked.empty()) return 0;  // in no network: nobody has seen this log

  std::vector<Said> said;
  std::size_t answered = 0, witnesses = 0, witnesses_answered = 0;
  for (const Peer& peer : asked) {
    said.push_back(hear(peer, *note, *key, ours->size));
    const Said& one = said.back();
    if (one.other_key) {
      return fail(ErrorCode::conflict, "the key of this log was changed after the backup", peer.address,
                  "nobody has the new key any more: make a new log in a new data folder and let the operator admit it");
    }
    if (one.forked) {
      return fail(ErrorCode::conflict, "a witness has signed another history of this log", peer.address,
                  "restore a later backup, or make a new log and let the operator admit it");
    }
    answered += one.answered ? 1 : 0;
    witnesses += peer.witness ? 1 : 0;
    witnesses_answered += peer.witness && one.answered ? 1 : 0;
  }
  // With a quorum everything that was published has been signed by so many witnesses: of any more than the others are,
  // one has seen it. Without one the best there is: most of those who could have heard of it.
  const bool own = place.folder == network::log_folder(data_folder_);
  if (!own) quorum = std::min(quorum, std::max<std::size_t>(witnesses, 1) - 1);  // clause 11.11
  const bool by_witnesses = quorum > 0 && witnesses >= quorum;
  const std::size_t needed = by_witnesses ? witnesses - quorum + 1 : asked.size() / 2 + 1;
  const std::size_t have = by_witnesses ? witnesses_answered : answered;
  if (have < needed) {
    return fail(ErrorCode::unavailable,
                "restored from a backup: " + std::to_string(have) + " of " + std::to_string(needed) +
                    (by_witnesses ? " witnesses" : " members") + " have said yet whether the log has gone on since",
                key->name, "if they never answer again: `verbund node continue --original-is-gone --without-asking`");
  }
  const auto furthest = std::ranges::max_element(said, {}, &Said::seen)->seen;
  if (furthest > ours->size) {
    if (!own) {
      return fail(ErrorCode::conflict,
                  "the membership log has gone on since the backup, to " + std::to_string(furthest) + " entries",
                  place.folder,
                  "restore a later backup; without one every member joins a new network with `verbund node join`");
    }
    return take_back(place, *ours, said);
  }
  return 0;
}

Result<std::uint64_t> Settling::take_back(const network::LogPlace& place, const tlog::Checkpoint& ours,
                                          const std::vector<Said>& all) {
  const Said* best = nullptr;
  std::uint64_t furthest = 0;
  for (const Said& one : all) {
    furthest = std::max(furthest, one.seen);
    if (one.copy && (best == nullptr || one.copy->size > best->copy->size)) best = &one;
  }
  if (best == nullptr || best->copy->size < furthest) {
    return fail(ErrorCode::unavailable,
                "the log has gone on since the backup, to " + std::to_string(furthest) +
                    " entries, and nobody who answers has all of them",
                place.folder, "it is tried again; the copies are with the members that followed this node");
  }
  const tlog::Checkpoint& theirs = *best->copy;
  if (auto same = network::verify_continuation(*best->source, ours, theirs); !same) {
    if (same.error().code != ErrorCode::invalid) return pass(same);
    return fail(ErrorCode::conflict, "the network knows another history of this log: " + same.error().message,
                best->source->address(), "restore a later backup, or make a new log and let the operator admit it");
  }
  network::FolderLogSource files(place.folder);
  auto tree = tlog::TileBuilder::at(ours.size, [&](const TileId& id) { return files.tile(id); });
  if (!tree) return pass(tree);
  const auto nowhere = [](const TileId&, std::string_view) -> Result<void> { return {}; };
  std::vector<directory::RecalledChange> changes;
  for (std::uint64_t position = ours.size; position < theirs.size;) {
    const std::uint64_t index = position / tlog::tile_width;
    const TileId id{TileId::entries, index, tlog::width_in(theirs.size, TileId::entries, index)};
    auto bundle = network::read_bundle(*best->source, id);
    auto entries = bundle ? network::parse_entries(*bundle, id) : std::unexpected(bundle.error());
    if (!entries) return pass(entries);
    const std::size_t first = position % tlog::tile_width;
    const std::size_t behind = changes.size();
    for (std::size_t i = first; i < entries->size(); ++i, ++position) {
      const network::Entry& entry = (*entries)[i];
      if (auto added = tree->append(tlog::leaf_hash(entry.to_text()), nowhere); !added) return pass(added);
      auto kind = directory::object_kind_from_name(entry.kind);
      if (!kind) return pass(kind);
      changes.push_back({entry.revision,
                         *kind,
                         {entry.agency, entry.local},
                         entry.digest ? crypto::to_hex(*entry.digest) : std::string(),
                         entry.at,
                         std::nullopt});
    }
    // Whoever has a text gives it; each was compared with its entry.
    for (const Said& one : all) {
      if (!one.copy || one.copy->size < theirs.size) continue;
      (void)network::read_bodies(*one.source, id, *entries, [&](std::size_t i, const auto& body) {
        if (body && i >= first) changes[behind + i - first].body = std::string(*body);
      });
    }
  }
  if (tree->root() != theirs.root) {
    return fail(ErrorCode::unavailable, "the entries that are missing lead to another root", best->source->address(),
                "it is tried again");
  }
  std::int64_t lost = 0;
  auto written = database_.write([&](store::Connection& connection) -> Result<void> {
    auto taken = directory::recall(connection, changes, clock_.now());
    if (!taken) return pass(taken);
    lost = *taken;
    return {};
  });
  if (!written) return pass(written);
  log_.info("taken back from the network", {{"entries", std::to_string(changes.size())},
                                            {"from", best->source->address()},
                                            {"texts_lost", std::to_string(lost)}});
  return theirs.size - ours.size;
}

}  // namespace verbund::app
