// SPDX-License-Identifier: EUPL-1.2
#include "network/proof/prover.h"

#include <algorithm>
#include <map>

#include "kits/file/file.h"
#include "network/log/entry_index.h"
#include "network/log/handover.h"
#include "network/log/own_log.h"

namespace verbund::network {
namespace {

using tlog::TileId;

struct Published {
  tlog::Note note;
  tlog::Checkpoint checkpoint;
};

Result<Published> published(LogSource& log) {
  auto bytes = log.checkpoint();
  if (!bytes) {
    const bool absent = bytes.error().code == ErrorCode::not_found;
    if (absent) return fail(ErrorCode::not_found, "there is no log yet");
    return pass(bytes);
  }
  auto note = tlog::parse_note(*bytes);
  if (!note) return pass(note);
  auto checkpoint = tlog::Checkpoint::parse(note->text);
  if (!checkpoint) return pass(checkpoint);
  return Published{std::move(*note), std::move(*checkpoint)};
}

// The newest entry, if it says what is shown.
Result<EntryPlace> stands(const EntryIndex& index, std::uint64_t size, const Wanted& object) {
  const std::string name = object.agency + " " + object.kind + " " + object.local;
  auto place = index.newest(size, object.kind, object.agency, object.local);
  if (!place) {
    if (place.error().code == ErrorCode::not_found) place.error().where = name;
    return place;
  }
  const Entry& entry = place->entry;
  const bool same = entry.digest ? crypto::sha256({object.body}) == *entry.digest : object.body.empty();
  if (!same) return fail(ErrorCode::unavailable, "the log does not say this yet", name, "try again in a second");
  return place;
}

}  // namespace

Result<ProvenLog> prove_from(const std::string& folder, const std::string& index_folder,
                             std::span<const Wanted> objects, std::span<const std::string> cosigners) {
  FolderLogSource log(folder);
  auto now = published(log);
  if (!now) return pass(now);
  std::erase_if(now->note.signatures, [&](const tlog::NoteSignature& signature) {
    return signature.name != now->checkpoint.origin && std::ranges::find(cosigners, signature.name) == cosigners.end();
  });
  ProvenLog out;
  auto handovers = file::read(folder + "/handover", handovers_limit);
  if (!handovers && handovers.error().code != ErrorCode::not_found) return pass(handovers);
  auto notes = split_handovers(handovers.value_or(""));
  if (!notes) return pass(notes);
  out.handovers = std::move(*notes);
  out.checkpoint = now->note.to_text();
  const std::uint64_t size = now->checkpoint.size;
  const EntryIndex index(log, index_folder);
  tlog::TileReader tiles(size, [&](const TileId& id) { return log.tile(id); });
  for (const Wanted& object : objects) {
    auto place = stands(index, size, object);
    if (!place) return pass(place);
    auto hashes = tlog::inclusion_proof(place->position, size, std::ref(tiles));
    if (!hashes) return pass(hashes);
    out.statements.push_back({place->position, std::move(place->entry), object.body, std::move(*hashes)});
  }
  return out;
}

std::string Prover::log_folder_of(const std::string& origin) const {
  if (origin.empty()) return log_folder(data_folder_);
  return heard_ ? heard_(origin) : data_folder_ + "/network/none";   // there is no such log: not_found
}

std::string Prover::index_folder_of(const std::string& origin) const {
  if (index_folder_.empty()) return {};
  return index_folder_ + "/entries/" + (origin.empty() ? std::string("own") : crypto::sha256_hex(origin).substr(0, 32));
}

namespace {

struct Witness {
  std::string key_name;
  const Member* member;
};

std::vector<Witness> witnesses_of(const Network& network) {
  std::vector<Witness> out;
  for (const Member& member : network.membership.members()) {
    const auto key = tlog::VerifierKey::parse(member.witness_key);
    if (key) out.push_back({key->name, &member});
  }
  return out;
}

Wanted wanted_member(const Member& member) {
  return {"", member_kind, membership_agency, member.name, member.to_body()};
}

// Who speaks in the bundle and who witnessed, proven in the membership log.
Result<ProvenLog> prove_members(const Network& network, const std::vector<ProvenLog>& publishers) {
  std::vector<Wanted> wanted;
  const auto add = [&](const Member& member) {
    const bool there = std::ranges::find(wanted, member.name, &Wanted::local) != wanted.end();
    if (!there) wanted.push_back(wanted_member(member));
  };
  if (!network.policy.title.empty()) {
    wanted.push_back({"", policy_kind, membership_agency, policy_local, network.policy.to_body()});
  }
  const auto witnesses = witnesses_of(network);
  for (const ProvenLog& log : publishers) {
    const auto origin = origin_of(log.checkpoint);
    if (!origin) return std::unexpected(origin.error());
    const Member* member = network.membership.find(*origin);
    if (member == nullptr) return fail(ErrorCode::conflict, "the publisher is no member of the network", *origin);
    add(*member);
    const auto note = tlog::parse_note(log.checkpoint);
    if (!note) return std::unexpected(note.error());
    for (const tlog::NoteSignature& signature : note->signatures) {
      const auto by = std::ranges::find(witnesses, signature.name, &Witness::key_name);
      if (by != witnesses.end()) add(*by->member);
    }
  }
  return prove_from(network.folder, network.index_folder, wanted);
}

}  // namespace

Result<Bundle> Prover::prove(std::span<const Wanted> objects, const Network* network) const {
  std::map<std::string, std::vector<Wanted>> by_log;
  for (const Wanted& object : objects) by_log[object.origin].push_back(object);
  if (by_log.size() > most_proven_logs) return fail(ErrorCode::too_large, "a proof has at most 64 publishers");
  std::vector<std::string> cosigners;
  if (network != nullptr) {
    for (const Witness& witness : witnesses_of(*network)) cosigners.push_back(witness.key_name);
  }
  Bundle out;
  for (const auto& [origin, wanted] : by_log) {
    if (wanted.size() > most_statements) return fail(ErrorCode::too_large, "a proof has at most 1024 entries of a log");
    auto proven = prove_from(log_folder_of(origin), index_folder_of(origin), wanted, cosigners);
    if (!proven) return pass(proven);
    out.publishers.push_back(std::move(*proven));
  }
  if (network != nullptr) {
    auto members = prove_members(*network, out.publishers);
    if (!members) return pass(members);
    out.membership = std::move(*members);
  }
  return out;
}

void Prover::prepare(const std::string& origin) const {
  FolderLogSource log(log_folder_of(origin));
  const auto now = published(log);
  if (now) (void)EntryIndex(log, index_folder_of(origin)).newest(now->checkpoint.size, "none", "none", "none");
}

Result<Prover::Standing> Prover::standing(const Wanted& object) const {
  FolderLogSource log(log_folder_of(object.origin));
  auto now = published(log);
  if (!now) return pass(now);
  auto place = stands(EntryIndex(log, index_folder_of(object.origin)), now->checkpoint.size, object);
  if (!place) return pass(place);
  return Standing{now->checkpoint.origin, place->position, now->checkpoint.size, std::move(place->entry)};
}

}  // namespace verbund::network
