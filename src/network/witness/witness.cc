// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/witness.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "kits/file/file.h"
#include "network/log/handover.h"
#include "network/witness/request.h"

namespace verbund::network {
namespace {

constexpr std::size_t key_limit = 4096;
// A note with the lines of its log only: others are anybody's.
std::string own_lines(const tlog::Note& note, const std::string& origin) {
  tlog::Note out{note.text, {}};
  std::ranges::copy_if(note.signatures, std::back_inserter(out.signatures),
                       [&](const auto& signature) { return signature.name == origin; });
  return out.to_text();
}

Witness::Answer refuse(int status, std::string why) { return {status, std::move(why) + "\n"}; }
Witness::Answer other_size(std::uint64_t size) { return {409, std::to_string(size) + "\n", true}; }

}  // namespace

std::string witness_folder(const std::string& data_folder) { return data_folder + "/network/witness"; }
std::string witness_key_file(const std::string& data_folder) { return data_folder + "/network/witness.key"; }

std::string witness_file(const std::string& folder, const std::string& origin) {
  return folder + "/" + crypto::sha256_hex(origin).substr(0, 32);
}

Result<tlog::SignerKey> load_or_create_witness_key(const std::string& data_folder, const std::string& name) {
  const std::string path = witness_key_file(data_folder);
  const auto load = [&]() -> Result<tlog::SignerKey> {
    auto text = file::read_secret(path, key_limit);
    if (!text) return pass(text);
    auto key = tlog::SignerKey::parse(trim(*text));
    if (key && key->type != tlog::KeyType::cosignature) {
      return fail(ErrorCode::invalid, "not a key for cosignatures", path);
    }
    if (!key) key.error().where = path;
    return key;
  };
  auto there = load();
  if (there || there.error().code != ErrorCode::not_found) return there;
  if (!tlog::is_key_name(name)) return fail(ErrorCode::invalid, "\"" + name + "\" is no name for a witness");
  const auto key = tlog::SignerKey::generate(name, tlog::KeyType::cosignature);
  auto created = file::create(path, key.to_text() + "\n", file::for_owner);
  if (!created && created.error().code == ErrorCode::conflict) return load();   // another was quicker
  if (!created) return pass(created);
  return key;
}

Result<Witness::Seen> Witness::seen(const std::string& origin) const {
  const std::string path = witness_file(folder_, origin);
  auto note = file::read(path, tlog::note_limit);
  if (!note && note.error().code == ErrorCode::not_found) return Seen{"", {origin, 0, tlog::empty_root(), {}}};
  if (!note) return pass(note);
  const auto parsed = tlog::parse_note(*note);
  auto checkpoint = parsed ? tlog::Checkpoint::parse(parsed->text) : std::unexpected(parsed.error());
  if (!checkpoint || checkpoint->origin != origin) {
    return fail(ErrorCode::invalid, "what was cosigned does not read", path);
  }
  return Seen{std::move(*note), std::move(*checkpoint)};
}

Witness::Answer Witness::add_checkpoint(std::string_view bytes) {
  const auto request = WitnessRequest::parse(bytes);
  if (!request) return refuse(400, request.error().message);
  const auto note = tlog::parse_note(request->checkpoint);
  if (!note) return refuse(400, note.error().message);
  const auto claimed = tlog::Checkpoint::parse(note->text);
  if (!claimed) return refuse(400, claimed.error().message);
  const auto keys = current_keys(claimed->origin);
  if (!keys) return refuse(503, "the state of the witness cannot be read");
  if (keys->empty()) return refuse(404, "this log is unknown here");
  const bool by_log = std::ranges::any_of(*keys, [&](const tlog::VerifierKey& key) {
    return tlog::open_checkpoint(*note, key).has_value();
  });
  if (!by_log) return refuse(403, "no key of this log has signed");
  if (request->old_size > claimed->size) return refuse(400, "the old size is larger than the checkpoint's");
  // Only what the log itself has signed is kept.
  const std::string kept = own_lines(*note, claimed->origin);

  const std::lock_guard guard(lock_of(claimed->origin));
  if (const auto fresh = refresh(); !fresh) return refuse(503, "the state of the witness cannot be read");
  const auto before = seen(claimed->origin);
  if (!before) return refuse(503, "the state of the witness cannot be read");
  // A fork needs no proof of the publisher: two roots of one size, both signed by the log.
  if (before->checkpoint.size == claimed->size && before->checkpoint.root != claimed->root) {
    if (!before->note.empty()) (void)keep_evidence(claimed->origin, before->note + "\n" + kept);
    Answer out = other_size(before->checkpoint.size);
    out.fork = true;
    return out;
  }
  if (request->old_size != before->checkpoint.size) {
    if (claimed->size < before->checkpoint.size) doubt(claimed->origin, kept);
    return other_size(before->checkpoint.size);
  }
  const auto proven = tlog::verify_consistency(before->checkpoint.size, before->checkpoint.root, claimed->size,
                                               claimed->root, request->proof);
  if (!proven) {
    doubt(claimed->origin, kept);
    return refuse(422, proven.error().message);
  }

  if (claimed->size != before->checkpoint.size || before->note.empty()) {
    const auto known = before->note.empty() ? std::nullopt : std::optional(before->note);
    const auto durable = put(witness_file(folder_, claimed->origin), known, kept);
    if (!durable) return refuse(503, "the witness cannot write");
    if (!*durable) {
      const auto now = seen(claimed->origin);
      return now ? other_size(now->checkpoint.size) : refuse(503, "the state of the witness cannot be read");
    }
  }
  return {200, print_cosignature(tlog::sign_note(note->text, key_, clock_.now()))};
}

Result<std::vector<std::string>> Witness::handovers(const std::string& origin) const {
  auto bytes = file::read(witness_file(folder_ + "/handovers", origin), handovers_limit);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return std::vector<std::string>();
  if (!bytes) return pass(bytes);
  return split_handovers(*bytes);
}

Result<std::vector<tlog::VerifierKey>> Witness::current_keys(const std::string& origin) const {
  auto keys = keys_(origin);
  if (keys.empty()) return keys;
  const auto known = handovers(origin);
  if (!known) return std::unexpected(known.error());
  if (known->empty()) return keys;
  for (tlog::VerifierKey& key : keys) {
    auto newest = current_key(key, *known);
    if (!newest) return pass(newest);
    key = std::move(*newest);
  }
  return keys;
}

Witness::Answer Witness::add_handovers(std::string_view bytes) {
  const auto notes = split_handovers(bytes);
  if (!notes) return refuse(400, notes.error().message);
  if (notes->empty()) return refuse(400, "no hand-over");
  const auto first = tlog::parse_note(notes->front());
  const auto head = first ? Handover::parse(first->text) : std::unexpected(first.error());
  if (!head) return refuse(400, head.error().message);
  const std::string origin = head->old_key.name;
  const auto keys = keys_(origin);
  if (keys.empty()) return refuse(404, "this log is unknown here");
  const auto chain = read_chain(*notes);
  if (!chain) return refuse(400, chain.error().message);
  const auto of_log = [&](const std::vector<Handover>& hands) {
    return std::ranges::any_of(keys, [&](const tlog::VerifierKey& key) { return holds_key(hands, key); });
  };
  if (!of_log(*chain)) return refuse(403, "they do not begin at a key of this log");

  const std::lock_guard guard(lock_of(origin));
  if (const auto fresh = refresh(); !fresh) return refuse(503, "the state of the witness cannot be read");
  const auto known = handovers(origin);
  const auto known_chain = known ? read_chain(*known) : std::unexpected(known.error());
  if (!known_chain) return refuse(503, "the state of the witness cannot be read");
  // What is known binds, unless the network has named another key since.
  if (of_log(*known_chain)) {
    const std::size_t common = std::min(known->size(), notes->size());
    if (!std::equal(known->begin(), known->begin() + static_cast<std::ptrdiff_t>(common), notes->begin())) {
      return refuse(409, "other hand-overs of this log are known");
    }
    if (notes->size() <= known->size()) return {200, ""};
  }
  const std::string path = witness_file(folder_ + "/handovers", origin);
  const auto old = file::read(path, handovers_limit);
  const auto durable = put(path, old ? std::optional(*old) : std::nullopt, bytes);
  if (!durable) return refuse(503, "the witness cannot write");
  if (!*durable) return refuse(409, "other hand-overs of this log are known");
  return {200, ""};
}

Result<bool> Witness::put(const std::string& file, const std::optional<std::string>& before, std::string_view after) {
  if (options_.before_write && !after.empty()) options_.before_write(file);
  if (options_.replace) return options_.replace(file.substr(folder_.size() + 1), before, after);
  if (after.empty()) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return true;
  }
  if (auto written = file::write(file, after); !written) return pass(written);
  return true;
}

std::mutex& Witness::lock_of(const std::string& origin) {
  return locks_[std::hash<std::string>()(origin) % locks_.size()];
}

}  // namespace verbund::network
