// SPDX-License-Identifier: EUPL-1.2
// Order of durability: seen, entries and tiles, progress, checkpoint. Each file is replaced as a whole; killed between
// any two, the next step writes the same again.
#include "network/following/mirror.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "base/text.h"
#include "network/log/handover.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

namespace fs = std::filesystem;
using tlog::TileId;

constexpr std::size_t progress_limit = 200;
constexpr std::size_t largest_entry = 2048;   // clause 2.1
constexpr std::size_t most_evidence = 16;     // pairs of checkpoints that are kept

std::string seen_file(const std::string& folder) { return folder + "/seen"; }
std::string progress_file(const std::string& folder) { return folder + "/progress"; }

}  // namespace

struct Mirror::Part {
  std::vector<std::pair<TileId, std::string>> files;
  tlog::TileBuilder tiles;
  std::string bundle;
  std::int64_t last_revision = 0;
};

Followed<Mirror> Mirror::open(std::string folder, Trust trust, Options options) {
  auto lock = file::Lock::take(folder + "/lock");
  if (!lock) return trouble(Trouble::storage, lock.error());
  Mirror out(std::move(folder), std::move(trust), std::move(options), std::move(*lock));
  if (auto loaded = out.load(); !loaded) return std::unexpected(std::move(loaded.error()));
  return out;
}

Followed<void> Mirror::load() {
  auto handovers = FolderLogSource(folder_).handovers();
  auto notes = handovers ? split_handovers(*handovers) : std::unexpected(handovers.error());
  if (!notes) return trouble(Trouble::storage, notes.error());
  handovers_ = std::move(*notes);
  auto note = file::read(seen_file(folder_), tlog::note_limit);
  if (!note && note.error().code == ErrorCode::not_found) return {};
  if (!note) return trouble(Trouble::storage, note.error());
  // Its signature was verified when it came; the key may have been changed since.
  const auto parsed = tlog::parse_note(*note);
  auto checkpoint = parsed ? tlog::Checkpoint::parse(parsed->text) : std::unexpected(parsed.error());
  if (!checkpoint || checkpoint->origin != trust_.key.name) {
    return trouble(Trouble::storage, "what was seen of the log does not read; remove the folder to begin anew: " +
                                         folder_);
  }
  seen_note_ = std::move(*note);
  seen_ = std::move(*checkpoint);
  if (auto complete = file::read(folder_ + "/checkpoint", tlog::note_limit)) complete_note_ = std::move(*complete);

  // From here on anything that does not fit means: fetch it again.
  const auto progress = file::read(progress_file(folder_), progress_limit);
  if (!progress) return {};
  const std::size_t space = progress->find(' ');
  const auto size = parse_number(std::string_view(*progress).substr(0, space));
  if (!size || *size <= 0 || static_cast<std::uint64_t>(*size) > seen_->size) return {};
  FolderLogSource files(folder_);
  const auto local = [&](const TileId& id) { return files.tile(id); };
  auto tiles = tlog::TileBuilder::at(static_cast<std::uint64_t>(*size), local);
  if (!tiles || *progress != std::to_string(*size) + " " + tlog::to_base64(tiles->root()) + "\n") return {};
  const std::uint64_t index = (tiles->size() - 1) / tlog::tile_width;
  const TileId last{TileId::entries, index, tlog::width_in(tiles->size(), TileId::entries, index)};
  auto bundle = read_bundle(files, last);
  if (!bundle) return {};
  const auto entries = parse_entries(*bundle, last);
  if (!entries) return {};
  last_revision_ = entries->back().revision;
  if (last.width < tlog::tile_width) bundle_ = std::move(*bundle);
  tiles_ = std::move(*tiles);
  return {};
}

Followed<tlog::Checkpoint> Mirror::verified(LogSource& source, std::string_view bytes) {
  const auto note = tlog::parse_note(bytes);
  if (!note) return trouble(Trouble::signature, note.error());
  // From a hand-over on only the new key counts, also where the member's entry still names the old one.
  const auto key = [&] { return current_key(trust_.key, handovers_).value_or(trust_.key); };
  auto checkpoint = tlog::open_checkpoint(*note, key());
  if (!checkpoint) {
    if (auto learned = learn_key(source, *note); !learned) return std::unexpected(std::move(learned.error()));
    checkpoint = tlog::open_checkpoint(*note, key());
  }
  if (!checkpoint) return trouble(Trouble::signature, checkpoint.error());
  if (const auto enough = tlog::verify_quorum(*note, trust_.witnesses, trust_.quorum); !enough) {
    return trouble(Trouble::quorum, enough.error());
  }
  return *checkpoint;
}

// Takes over hand-overs of the publisher if they go on from those that are known and lead to who signed `note`.
Followed<void> Mirror::learn_key(LogSource& source, const tlog::Note& note) {
  const auto bytes = source.handovers();
  if (!bytes) return source_trouble(bytes.error());
  auto notes = split_handovers(*bytes);
  if (!notes || notes->empty()) return {};
  // Those that are known bind, unless the network has named a key since that is none of theirs.
  const auto known = read_chain(handovers_);
  if (known && holds_key(*known, trust_.key)) {
    if (notes->size() <= handovers_.size()) return {};
    if (!std::ranges::equal(handovers_, std::span(*notes).first(handovers_.size()))) return {};
  }
  const auto chain = read_chain(*notes);
  const auto key = current_key(trust_.key, *notes);
  if (!chain || !key || *key != chain->back().new_key) return {};
  const auto checkpoint = tlog::open_checkpoint(note, *key);
  if (!checkpoint || checkpoint->size < chain->back().size) return {};
  if (auto done = write(folder_ + "/handover", *bytes); !done) return done;
  handovers_ = std::move(*notes);
  return {};
}

Followed<bool> Mirror::step(LogSource& source, std::string_view note, Instant now) {
  auto out = bring(source, note, now);
  if (unshared_.empty()) return out;
  if (auto shared = options_.share(unshared_); !shared) return trouble(Trouble::storage, shared.error());
  unshared_.clear();
  return out;
}

Followed<bool> Mirror::bring(LogSource& source, std::string_view note, Instant now) {
  auto checkpoint = verified(source, note);
  if (!checkpoint) return std::unexpected(std::move(checkpoint.error()));
  const bool direct = checkpoint->size - std::min(checkpoint->size, size()) <= options_.bundles * tlog::tile_width &&
                      (!seen_ || seen_->size == size()) && checkpoint->size > size();
  // The usual case, a few entries more: that they lead to the signed root is all the proof there can be. Else it is
  // proven first that the log goes on as it was, and then each part on its own.
  if (!direct && note != seen_note_) {
    if (auto good = continues(source, *checkpoint, note); !good) return std::unexpected(std::move(good.error()));
    if (auto done = see(note, *checkpoint); !done) return std::unexpected(std::move(done.error()));
  }
  if (size() < checkpoint->size) {
    auto part = fetch(source, *checkpoint, now);
    if (!part) return std::unexpected(std::move(part.error()));
    if (auto proven = prove(source, *part, *checkpoint, note); !proven) {
      return std::unexpected(std::move(proven.error()));
    }
    if (note != seen_note_) {
      if (auto done = see(note, *checkpoint); !done) return std::unexpected(std::move(done.error()));
    }
    if (auto done = accept(std::move(*part)); !done) return std::unexpected(std::move(done.error()));
  }
  if (size() < checkpoint->size) return true;
  if (complete_note_ != seen_note_) {
    if (auto done = write(folder_ + "/checkpoint", seen_note_); !done) return std::unexpected(std::move(done.error()));
    complete_note_ = seen_note_;
  }
  return false;
}

// That `now` goes on from what was seen.
Followed<void> Mirror::continues(LogSource& source, const tlog::Checkpoint& now, std::string_view note) {
  if (!seen_) return {};
  if (now.size == seen_->size) {
    if (now.root == seen_->root) return {};
    return fork(note, "two histories of " + std::to_string(now.size) + " entries");
  }
  if (now.size < seen_->size) {
    if (now.size <= size()) {
      FolderLogSource files(folder_);
      tlog::TileReader tiles(size(), [&](const TileId& id) { return files.tile(id); });
      const auto root = tlog::tree_root(now.size, std::ref(tiles));
      if (root && *root != now.root) return fork(note, "another history of " + std::to_string(now.size) + " entries");
    }
    return trouble(Trouble::rollback, "the log had " + std::to_string(seen_->size) + " entries and has " +
                                          std::to_string(now.size));
  }
  tlog::TileReader tiles(now.size, [&](const TileId& id) { return source.tile(id); });
  const auto proof = tlog::consistency_proof(seen_->size, now.size, std::ref(tiles));
  if (!proof) return source_trouble(proof.error());
  if (tlog::verify_consistency(seen_->size, seen_->root, now.size, now.root, *proof)) return {};
  // Whoever hands on the tiles could have altered them. It is another history only if they lead to the signed root.
  const auto beginning = tlog::tree_root(seen_->size, std::ref(tiles));
  if (!beginning || !tlog::verify_consistency(seen_->size, *beginning, now.size, now.root, *proof)) {
    return trouble(Trouble::content, "the tiles do not lead to the root that is signed");
  }
  return fork(note, "the log does not go on from its first " + std::to_string(seen_->size) + " entries");
}

Followed<Mirror::Part> Mirror::fetch(LogSource& source, const tlog::Checkpoint& goal, Instant now) const {
  Part part{{}, tiles_, bundle_, last_revision_};
  const auto sink = [&](const TileId& id, std::string_view bytes) -> Result<void> {
    part.files.emplace_back(id, std::string(bytes));
    return {};
  };
  const auto bundle_id = [](std::uint64_t index, std::uint64_t size) {
    return TileId{TileId::entries, index, tlog::width_in(size, TileId::entries, index)};
  };
  for (std::uint64_t n = 0; n < options_.bundles && part.tiles.size() < goal.size; ++n) {
    const std::uint64_t index = part.tiles.size() / tlog::tile_width;
    const TileId id = bundle_id(index, goal.size);
    const std::string where = tlog::tile_path(id);
    const auto bytes = read_bundle(source, id);
    if (!bytes) return source_trouble(bytes.error());
    if (bytes->size() > tlog::tile_width * (largest_entry + 2)) return trouble(Trouble::content, where + ": too long");
    const auto texts = tlog::parse_bundle(*bytes);
    for (std::size_t i = part.tiles.size() % tlog::tile_width; i < texts->size(); ++i) {
      const auto entry = Entry::parse((*texts)[i]);
      const std::string place = where + ", entry " + std::to_string(i) + ": ";
      if (!entry) return trouble(Trouble::content, place + entry.error().message);
      if (entry->revision <= part.last_revision) return trouble(Trouble::content, place + "revisions do not grow");
      if (entry->at > now + options_.skew) {
        return trouble(Trouble::clock, place + "its time " + to_rfc3339(entry->at) + " is ahead of ours");
      }
      part.last_revision = entry->revision;
      tlog::append_entry(part.bundle, (*texts)[i]);
      if (auto done = part.tiles.append(tlog::leaf_hash((*texts)[i]), sink); !done) {
        return trouble(Trouble::storage, done.error());
      }
    }
    if (part.tiles.size() % tlog::tile_width != 0) continue;
    part.files.emplace_back(TileId{TileId::entries, index, tlog::tile_width}, std::move(part.bundle));
    part.bundle.clear();
  }
  if (auto done = part.tiles.flush(sink); !done) return trouble(Trouble::storage, done.error());
  if (!part.bundle.empty()) {
    part.files.emplace_back(bundle_id(part.tiles.size() / tlog::tile_width, part.tiles.size()), part.bundle);
  }
  return part;
}

// That what was fetched is a beginning of the log that `goal` commits to.
Followed<void> Mirror::prove(LogSource& source, const Part& part, const tlog::Checkpoint& goal, std::string_view note) {
  const tlog::Hash root = part.tiles.root();
  if (part.tiles.size() == goal.size) {
    if (root == goal.root) return {};
    // Either the entries are not those of the log, or the log is not what it was.
    if (auto same = continues(source, goal, note); !same && same.error().what == Trouble::fork) return same;
    return trouble(Trouble::content, "the entries lead to another root than the checkpoint's");
  }
  tlog::TileReader tiles(goal.size, [&](const TileId& id) { return source.tile(id); });
  const auto proof = tlog::consistency_proof(part.tiles.size(), goal.size, std::ref(tiles));
  if (!proof) return source_trouble(proof.error());
  if (tlog::verify_consistency(part.tiles.size(), root, goal.size, goal.root, *proof)) return {};
  return trouble(Trouble::content, "the entries are not those that the checkpoint commits to");
}

Followed<void> Mirror::accept(Part part) {
  if (options_.before_write) options_.before_write("tiles");
  file::Batch batch;
  std::vector<std::string> partials;
  for (const auto& [id, bytes] : part.files) {
    const std::string path = folder_ + "/" + tlog::tile_path(id);
    if (id.width == tlog::tile_width) partials.push_back(path + ".p");
    if (auto added = batch.add(path, bytes); !added) return trouble(Trouble::storage, added.error());
    to_share(path, bytes);
  }
  if (auto durable = batch.commit(); !durable) return trouble(Trouble::storage, durable.error());
  const std::string progress =
      std::to_string(part.tiles.size()) + " " + tlog::to_base64(part.tiles.root()) + "\n";
  if (auto done = write(progress_file(folder_), progress); !done) return done;
  tiles_ = std::move(part.tiles);
  bundle_ = std::move(part.bundle);
  last_revision_ = part.last_revision;
  std::error_code ignored;
  for (const std::string& partial : partials) fs::remove_all(partial, ignored);
  return {};
}

Followed<void> Mirror::see(std::string_view note, const tlog::Checkpoint& checkpoint) {
  if (auto done = write(seen_file(folder_), note); !done) return done;
  seen_note_ = note;
  seen_ = checkpoint;
  return {};
}

Followed<void> Mirror::write(const std::string& file, std::string_view bytes) {
  if (options_.before_write) options_.before_write(fs::path(file).filename().string());
  if (auto done = file::write(file, bytes); !done) return trouble(Trouble::storage, done.error());
  to_share(file, bytes);
  return {};
}

void Mirror::to_share(const std::string& file, std::string_view bytes) {
  if (options_.share) unshared_.push_back({file.substr(folder_.size() + 1), std::string(bytes)});
}

// Keeps both checkpoints: signed by one key, they prove to anybody what happened.
std::unexpected<Fault> Mirror::fork(std::string_view note, std::string message) {
  const std::string folder = folder_ + "/evidence";
  const std::string file = folder + "/" + crypto::sha256_hex(note).substr(0, 16);
  std::error_code error;
  std::size_t kept = 0;
  for ([[maybe_unused]] const auto& each : fs::directory_iterator(folder, error)) ++kept;
  if (kept < most_evidence && !fs::exists(file, error)) {
    if (auto done = write(file, seen_note_ + "\n" + std::string(note)); !done) return std::unexpected(done.error());
  }
  return trouble(Trouble::fork, std::move(message) + "; both checkpoints are kept in " + folder);
}

tlog::TileId Mirror::bundle_of(std::uint64_t position) const {
  const std::uint64_t index = position / tlog::tile_width;
  return {TileId::entries, index, tlog::width_in(size(), TileId::entries, index)};
}

Followed<std::vector<Entry>> Mirror::entries(std::uint64_t first, std::size_t most) const {
  const TileId id = bundle_of(first);
  FolderLogSource files(folder_);
  const auto bytes = read_bundle(files, id);
  if (!bytes) return trouble(Trouble::storage, bytes.error());
  const auto texts = tlog::parse_bundle(*bytes);
  std::vector<Entry> out;
  for (std::size_t i = first % tlog::tile_width; i < texts->size() && out.size() < most; ++i) {
    auto entry = Entry::parse((*texts)[i]);
    if (!entry) return trouble(Trouble::storage, entry.error());
    out.push_back(std::move(*entry));
  }
  return out;
}

}  // namespace verbund::network
