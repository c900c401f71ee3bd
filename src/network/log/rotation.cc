// SPDX-License-Identifier: EUPL-1.2
// Order of durability: new key, hand-over, key of the log, checkpoint (by the Sequencer), then the waiting key goes.
#include "network/log/rotation.h"

#include <filesystem>

#include "base/text.h"
#include "kits/file/file.h"
#include "network/log/handover.h"
#include "network/log/restored.h"

namespace verbund::network {
namespace {

constexpr std::size_t key_limit = 4096;

std::string waiting_file(const LogPlace& place) { return place.key_file + ".next"; }

Result<tlog::SignerKey> waiting_key(const LogPlace& place) {
  auto text = file::read_secret(waiting_file(place), key_limit);
  if (!text) return pass(text);
  auto key = tlog::SignerKey::parse(trim(*text));
  if (!key) key.error().where = waiting_file(place);
  return key;
}

Result<std::vector<std::string>> notes_of(LogSource& log) {
  auto bytes = log.handovers();
  if (!bytes) return pass(bytes);
  return split_handovers(*bytes);
}

}  // namespace

Result<tlog::VerifierKey> prepare_new_key(const LogPlace& place) {
  if (auto free = may_be_continued(place); !free) return pass(free);
  auto old_key = load_key(place);
  if (!old_key) return pass(old_key);
  const auto key = tlog::SignerKey::generate(old_key->name);
  auto created = file::create(waiting_file(place), key.to_text() + "\n", file::for_owner);
  if (!created) {
    const bool waits = created.error().code == ErrorCode::conflict;
    if (waits) return fail(ErrorCode::conflict, "a new key waits already to be taken over", waiting_file(place));
    return pass(created);
  }
  return key.verifier();
}

bool new_key_waits(const LogPlace& place) {
  std::error_code error;
  return std::filesystem::exists(waiting_file(place), error);
}

Result<tlog::Checkpoint> open_own_checkpoint(LogSource& log, std::string_view note, const tlog::VerifierKey& key) {
  auto checkpoint = tlog::open_checkpoint(note, key);
  if (checkpoint || checkpoint.error().code != ErrorCode::not_found) return checkpoint;
  auto notes = notes_of(log);
  if (!notes) return pass(notes);
  auto chain = read_chain(*notes);
  if (!chain) return pass(chain);
  if (chain->empty() || chain->back().new_key != key) return checkpoint;
  for (std::size_t i = chain->size(); i > 0; --i) {
    auto earlier = tlog::open_checkpoint(note, (*chain)[i - 1].old_key);
    if (earlier) return earlier;
  }
  return checkpoint;
}

Result<void> take_over_key(const LogPlace& place) {
  if (!new_key_waits(place)) return {};
  if (auto free = may_be_continued(place); !free) return free;
  const auto lock = file::Lock::take(place.folder + "/lock");
  if (!lock) return std::unexpected(lock.error());
  auto next = waiting_key(place);
  if (!next && next.error().code == ErrorCode::not_found) return {};   // another was quicker
  if (!next) return pass(next);
  auto old_key = load_key(place);
  if (!old_key) return pass(old_key);

  FolderLogSource files(place.folder);
  auto notes = notes_of(files);
  if (!notes) return pass(notes);
  auto chain = read_chain(*notes);
  if (!chain) return pass(chain);
  if (chain->empty() || chain->back().new_key != next->verifier()) {
    if (notes->size() == most_handovers) {
      return fail(ErrorCode::too_large, "a log has at most 64 hand-overs", place.folder);
    }
    Handover handover{old_key->verifier(), next->verifier(), 0, tlog::empty_root()};
    auto note = files.checkpoint();
    if (!note && note.error().code != ErrorCode::not_found) return pass(note);
    if (note) {
      auto checkpoint = open_own_checkpoint(files, *note, old_key->verifier());
      if (!checkpoint) return pass(checkpoint);
      handover.size = checkpoint->size;
      handover.root = checkpoint->root;
    }
    std::string all;
    for (const std::string& one : *notes) all += one;
    all += sign_handover(handover, *old_key, *next);
    if (auto written = file::write(place.folder + "/handover", all); !written) return written;
  }
  const std::string text = next->to_text() + "\n";
  if (auto written = file::write(place.key_file, text, file::for_owner); !written) return written;
  std::error_code error;
  std::filesystem::remove(waiting_file(place), error);
  if (error) return fail(ErrorCode::unavailable, "the file of the new key cannot be removed", waiting_file(place));
  return {};
}

}  // namespace verbund::network
