// SPDX-License-Identifier: EUPL-1.2
#include "network/keeping/log_check.h"

#include <deque>
#include <utility>

#include "base/text.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

using tlog::TileId;

constexpr std::size_t at_once = 16'384;  // changes that are read from the outbox

const char* const restore_it = "eine Sicherung zurückholen: verbund restore";

// The outbox, entry by entry.
class Reading {
 public:
  explicit Reading(Outbox& outbox) : outbox_(outbox) {}
  // Nothing: there are no more.
  std::optional<Entry> next() {
    while (ready_.empty()) {
      const std::int64_t before = after_;
      after_ = outbox_.read(before, at_once, [this](Entry entry) { ready_.push_back(std::move(entry)); });
      if (ready_.empty() && after_ == before) return std::nullopt;
    }
    Entry out = std::move(ready_.front());
    ready_.pop_front();
    return out;
  }

 private:
  Outbox& outbox_;
  std::deque<Entry> ready_;
  std::int64_t after_ = 0;
};

std::string named(const Entry& entry) {
  return entry.kind + " " + entry.agency + " " + entry.local + " (Änderung " + std::to_string(entry.revision) + ")";
}

// Entries of the log beside those of the outbox, as long as they are there.
Result<void> compare(FolderLogSource& log, std::uint64_t size, Outbox& outbox, const KeepingProgress& progress,
                     Result<void>& heard, std::vector<Finding>& out) {
  Reading said(outbox);
  std::uint64_t position = 0;
  for (std::uint64_t index = 0; index * tlog::tile_width < size; ++index) {
    const TileId id{TileId::entries, index, tlog::width_in(size, TileId::entries, index)};
    auto bundle = read_bundle(log, id);
    auto entries = bundle ? parse_entries(*bundle, id) : std::unexpected(bundle.error());
    if (!entries) return pass(entries);
    for (const Entry& entry : *entries) {
      const auto store = said.next();
      if (store && *store == entry) {
        ++position;
        continue;
      }
      out.push_back({"Log: Eintrag " + std::to_string(position) + ", " + named(entry) + ": im Bestand steht " +
                         (store ? named(*store) : "nichts mehr"),
                     "Bestand und Log aus derselben Sicherung zurückholen: verbund restore"});
      return {};  // from here on nothing fits any more
    }
    if (heard = progress("Log und Bestand", position, size); !heard) return {};
  }
  return {};
}

}  // namespace

Result<std::vector<Finding>> log_findings(const LogPlace& place, Outbox& outbox, const KeepingProgress& progress) {
  std::vector<Finding> out;
  FolderLogSource log(place.folder);
  const auto note = log.checkpoint();
  if (!note && note.error().code == ErrorCode::not_found) return out;
  const auto key_text = log.key();
  const auto key = key_text ? tlog::VerifierKey::parse(trim(*key_text)) : std::unexpected(key_text.error());
  if (!note || !key) {
    out.push_back({"Log: " + (note ? key.error() : note.error()).text(), restore_it});
    return out;
  }
  const auto secret = load_key(place);
  if (secret && secret->verifier() != *key) {
    out.push_back({"Log: der geheime Schlüssel in " + place.key_file + " ist nicht der des Logs",
                   "den Schlüssel aus der Sicherung zurückholen"});
  } else if (!secret && secret.error().code != ErrorCode::not_found) {
    out.push_back({"Log: " + secret.error().text(), "den Schlüssel aus der Sicherung zurückholen"});
  }
  // The log goes on while it is read: everything is about one checkpoint.
  struct AsItWas : FolderLogSource {
    AsItWas(const std::string& folder, std::string note) : FolderLogSource(folder), note_(std::move(note)) {}
    Result<std::string> checkpoint() override { return note_; }
    std::string note_;
  } fixed(place.folder, *note);
  Result<void> heard;
  const auto report = verify_log(fixed, *key, false, [&](std::uint64_t done, std::uint64_t of) {
    if (heard) heard = progress("Log nachrechnen", done, of);
  });
  if (!heard) return std::unexpected(heard.error());
  if (!report) {
    out.push_back({"Log: " + report.error().text(), restore_it});
    return out;
  }
  if (auto done = compare(log, report->checkpoint.size, outbox, progress, heard, out); !done) {
    out.push_back({"Log: " + done.error().text(), restore_it});
  }
  if (!heard) return std::unexpected(heard.error());
  return out;
}

Result<tlog::Hash> outbox_root(Outbox& outbox, std::uint64_t size, std::int64_t last, const KeepingProgress& progress) {
  Reading said(outbox);
  tlog::Frontier tree;
  for (auto entry = said.next(); entry && entry->revision <= last; entry = said.next()) {
    tree.append(tlog::leaf_hash(entry->to_text()));
    if (tree.size() % at_once != 0) continue;
    if (auto heard = progress("Log nachrechnen", tree.size(), size); !heard) return pass(heard);
  }
  if (tree.size() != size) {
    return fail(ErrorCode::conflict, "the store says " + std::to_string(tree.size()) +
                                         " entries of the log instead of " + std::to_string(size));
  }
  return tree.root();
}

}  // namespace verbund::network
