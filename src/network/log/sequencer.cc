// SPDX-License-Identifier: EUPL-1.2
#include "network/log/sequencer.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "network/log/handover.h"
#include "network/log/restored.h"
#include "network/log/rotation.h"

namespace verbund::network {
namespace {

using tlog::TileId;

std::unexpected<Error> damaged(const std::string& what, const std::string& where) {
  return fail(ErrorCode::invalid, what, where, "restore the folder of the log from a backup that is not older");
}

std::unexpected<Error> other_store(const std::string& folder) {
  return fail(ErrorCode::conflict, "the log holds what this store has not said", folder,
              "the store was restored from an older backup: restore both from the same one");
}

}  // namespace

Result<std::unique_ptr<Sequencer>> Sequencer::open(const LogPlace& place, const tlog::NoteSigner& key, Outbox& outbox,
                                                   const Options& options) {
  if (auto free = may_be_continued(place); !free) return pass(free);
  auto lock = file::Lock::take(place.folder + "/lock");
  if (!lock) return pass(lock);
  std::unique_ptr<Sequencer> out(new Sequencer(place.folder, key, outbox, options, std::move(*lock)));
  if (auto loaded = out->load(); !loaded) return pass(loaded);
  return out;
}

Result<void> Sequencer::load() {
  const std::string key_text = key_.key.to_text() + "\n";
  if (const auto there = file::read(folder_ + "/key", 4096); !there || *there != key_text) {
    if (auto written = file::write(folder_ + "/key", key_text); !written) return written;
  }
  FolderLogSource files(folder_);
  auto bytes = files.checkpoint();
  if (!bytes && bytes.error().code == ErrorCode::not_found) return publish();
  if (!bytes) return pass(bytes);
  // Signed by this key, and by witnesses where they are asked; else it is published again.
  const auto note = tlog::parse_note(*bytes);
  const bool ours = tlog::open_checkpoint(*bytes, key_.key).has_value() &&
                    (!options_.cosign || (note && note->signatures.size() > 1));
  auto checkpoint = open_own_checkpoint(files, *bytes, key_.key);
  if (!checkpoint) return damaged(checkpoint.error().message, folder_ + "/checkpoint");
  auto tiles = tlog::TileBuilder::at(checkpoint->size, [&](const TileId& id) { return files.tile(id); });
  if (!tiles) return damaged(tiles.error().message, tiles.error().where);
  if (tiles->root() != checkpoint->root) return damaged("the tiles lead to another root", folder_);
  tiles_ = std::move(*tiles);
  size_ = checkpoint->size;
  if (size_ == 0) return ours ? Result<void>() : sign_anew();

  const std::uint64_t last_index = (size_ - 1) / tlog::tile_width;
  const TileId last_id{TileId::entries, last_index, tlog::width_in(size_, TileId::entries, last_index)};
  auto bundle = read_bundle(files, last_id);
  if (!bundle) return damaged(bundle.error().message, bundle.error().where);
  const std::string last_text(tlog::parse_bundle(*bundle)->back());
  const auto last = Entry::parse(last_text);
  if (!last) return damaged(last.error().message, tlog::tile_path(last_id));
  if (last_id.width < tlog::tile_width) bundle_ = std::move(*bundle);

  // The store must still say what the log says it said.
  bool same = false;
  outbox_.read(last->revision - 1, 1, [&](const Entry& entry) { same = entry == *last; });
  if (!same) return other_store(folder_);
  looked_at_ = last->revision;
  return ours ? Result<void>() : sign_anew();
}

// The same log, signed by the new key or by witnesses. A witness that is away, or that has signed a longer log which was
// not published any more, keeps nobody from going on: that stays published until something newer is.
Result<void> Sequencer::sign_anew() {
  auto published = publish();
  stale_ = !published;
  if (published || published.error().code == ErrorCode::unavailable || published.error().code == ErrorCode::conflict) {
    return {};
  }
  return published;
}

Result<bool> Sequencer::step() {
  const std::int64_t before = looked_at_;
  std::vector<Entry> entries;
  const std::int64_t after =
      outbox_.read(before, options_.batch, [&](Entry entry) { entries.push_back(std::move(entry)); });
  if (entries.empty()) {
    if (stale_) {
      if (auto published = publish(); !published) return pass(published);
      stale_ = false;
    }
    looked_at_ = after;
    return after != before;
  }
  file::Batch files;
  std::vector<std::string> full;
  const auto sink = [&](const TileId& id, std::string_view bytes) -> Result<void> {
    if (id.width == tlog::tile_width) full.push_back(folder_ + "/" + tlog::tile_path(id) + ".p");
    if (options_.share) unshared_.push_back({tlog::tile_path(id), std::string(bytes)});
    return files.add(folder_ + "/" + tlog::tile_path(id), bytes);
  };
  for (const Entry& entry : entries) {
    const std::string text = entry.to_text();
    const std::uint64_t position = tiles_.size();
    tlog::append_entry(bundle_, text);
    if (auto done = tiles_.append(tlog::leaf_hash(text), sink); !done) return pass(done);
    if (tiles_.size() % tlog::tile_width != 0) continue;
    if (auto done = sink({TileId::entries, position / tlog::tile_width, tlog::tile_width}, bundle_); !done) {
      return pass(done);
    }
    bundle_.clear();
  }
  if (auto done = tiles_.flush(sink); !done) return pass(done);
  if (!bundle_.empty()) {
    const TileId id{TileId::entries, tiles_.size() / tlog::tile_width,
                    static_cast<unsigned>(tiles_.size() % tlog::tile_width)};
    if (auto done = sink(id, bundle_); !done) return pass(done);
  }
  if (auto durable = files.commit(); !durable) return pass(durable);
  if (auto published = publish(); !published) return pass(published);
  stale_ = false;
  looked_at_ = after;
  // Partial tiles are not needed where the full one is there; what is left of them by a crash stays and does no harm.
  std::error_code ignored;
  for (const std::string& partial : full) std::filesystem::remove_all(partial, ignored);
  return true;
}

Result<std::string> Sequencer::checkpoint_now() const {
  const tlog::Checkpoint checkpoint{key_.key.name, tiles_.size(), tiles_.root(), {}};
  tlog::Note note{checkpoint.to_text(), {}};
  auto signature = key_.sign_note(note.text);
  if (!signature) return pass(signature);
  note.signatures.push_back(std::move(*signature));
  std::string text = note.to_text();
  if (!options_.cosign) return text;
  FolderLogSource files(folder_);
  return options_.cosign(text, [&](const TileId& id) { return files.tile(id); });
}

Result<void> Sequencer::publish() {
  auto text = checkpoint_now();
  if (!text) return pass(text);
  if (auto written = put_checkpoint(*text); !written) return written;
  size_ = tiles_.size();
  return {};
}

Result<void> Sequencer::put_checkpoint(const std::string& text) {
  if (options_.share) {
    std::vector<LogFile> files = std::exchange(unshared_, {});
    if (!shared_) {
      files.push_back({"key", key_.key.to_text() + "\n"});
      if (auto handovers = file::read(folder_ + "/handover", handovers_limit)) files.push_back({"handover", *handovers});
    }
    files.push_back({"checkpoint", text});
    if (auto done = options_.share(files); !done) return done;
    shared_ = true;
  }
  return file::write(folder_ + "/checkpoint", text);
}

Result<bool> Sequencer::cosign_again() {
  auto text = checkpoint_now();
  if (!text) return pass(text);
  auto note = tlog::parse_note(*text);
  if (!note) return pass(note);
  const auto before = file::read(folder_ + "/checkpoint", tlog::note_limit);
  const auto old = before ? tlog::parse_note(*before) : std::unexpected(before.error());
  if (!old) return std::unexpected(old.error());
  const bool more = old->text != note->text || std::ranges::any_of(note->signatures, [&](const auto& signature) {
    return std::ranges::none_of(old->signatures, [&](const tlog::NoteSignature& other) {
      return other.name == signature.name && other.key_id == signature.key_id;
    });
  });
  if (!more) return false;
  if (auto written = put_checkpoint(*text); !written) return pass(written);
  return true;
}

}  // namespace verbund::network
