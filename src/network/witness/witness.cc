// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/witness.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "kits/file/file.h"
#include "network/witness/request.h"

namespace verbund::network {
namespace {

constexpr std::size_t key_limit = 4096;
constexpr std::size_t most_evidence = 64;       // files that are kept

std::string file_of(const std::string& folder, const std::string& origin) {
  return folder + "/" + crypto::sha256_hex(origin).substr(0, 32);
}

Witness::Answer refuse(int status, std::string why) { return {status, std::move(why) + "\n"}; }
Witness::Answer other_size(std::uint64_t size) { return {409, std::to_string(size) + "\n", true}; }

}  // namespace

std::string witness_folder(const std::string& data_folder) { return data_folder + "/network/witness"; }
std::string witness_key_file(const std::string& data_folder) { return data_folder + "/network/witness.key"; }

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

// What was cosigned last; size 0 and no note: nothing yet.
struct Witness::Seen {
  std::string note;
  tlog::Checkpoint checkpoint;
};

Result<Witness::Seen> Witness::seen(const std::string& origin) const {
  const std::string path = file_of(folder_, origin);
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
  const auto keys = keys_(claimed->origin);
  if (keys.empty()) return refuse(404, "this log is unknown here");
  const bool by_log = std::ranges::any_of(keys, [&](const tlog::VerifierKey& key) {
    return tlog::open_checkpoint(*note, key).has_value();
  });
  if (!by_log) return refuse(403, "no key of this log has signed");
  if (request->old_size > claimed->size) return refuse(400, "the old size is larger than the checkpoint's");

  const std::lock_guard guard(lock_of(claimed->origin));
  const auto before = seen(claimed->origin);
  if (!before) return refuse(503, "the state of the witness cannot be read");
  // A fork needs no proof of the publisher: two roots of one size, both signed by the log.
  if (before->checkpoint.size == claimed->size && before->checkpoint.root != claimed->root) {
    if (!before->note.empty()) keep_evidence(claimed->origin, before->note, request->checkpoint);
    Answer out = other_size(before->checkpoint.size);
    out.fork = true;
    return out;
  }
  if (request->old_size != before->checkpoint.size) return other_size(before->checkpoint.size);
  const auto proven = tlog::verify_consistency(before->checkpoint.size, before->checkpoint.root, claimed->size,
                                               claimed->root, request->proof);
  if (!proven) return refuse(422, proven.error().message);

  if (claimed->size != before->checkpoint.size || before->note.empty()) {
    // Only what the log itself has signed is kept: other lines of the note are anybody's.
    tlog::Note kept{note->text, {}};
    std::ranges::copy_if(note->signatures, std::back_inserter(kept.signatures),
                         [&](const auto& signature) { return signature.name == claimed->origin; });
    const std::string path = file_of(folder_, claimed->origin);
    if (options_.before_write) options_.before_write(path);
    if (auto durable = file::write(path, kept.to_text()); !durable) return refuse(503, "the witness cannot write");
  }
  return {200, print_cosignature(tlog::sign_note(note->text, key_, clock_.now()))};
}

void Witness::keep_evidence(const std::string& origin, std::string_view before, std::string_view now) {
  const std::string folder = folder_ + "/evidence";
  const std::string path = file_of(folder, origin) + "-" + crypto::sha256_hex(now).substr(0, 16);
  std::error_code error;
  if (std::filesystem::exists(path, error) || evidence().size() >= most_evidence) return;
  if (options_.before_write) options_.before_write(path);
  (void)file::write(path, std::string(before) + "\n" + std::string(now));   // refused all the same if it cannot be kept
}

std::vector<std::string> Witness::evidence() const {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& each : std::filesystem::directory_iterator(folder_ + "/evidence", error)) {
    out.push_back(each.path().string());
  }
  std::ranges::sort(out);
  return out;
}

std::mutex& Witness::lock_of(const std::string& origin) {
  return locks_[std::hash<std::string>()(origin) % locks_.size()];
}

}  // namespace verbund::network
