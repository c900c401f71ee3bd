// SPDX-License-Identifier: EUPL-1.2
// What a witness keeps beside its signatures: checkpoints it could not judge, and evidence of forks.
#include <algorithm>
#include <filesystem>
#include <set>

#include "kits/file/file.h"
#include "network/log/handover.h"
#include "network/witness/witness.h"

namespace verbund::network {
namespace {

constexpr std::size_t most_evidence = 64;       // files that are kept
constexpr std::ptrdiff_t most_of_log = 4;
constexpr std::size_t most_doubts = 16;         // of one log
constexpr std::size_t evidence_limit = 160 * 1024;

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& each : std::filesystem::directory_iterator(folder, error)) {
    // What a crash has left under a passing name is no file of ours.
    if (each.path().extension().empty()) out.push_back(each.path().string());
  }
  std::ranges::sort(out);
  return out;
}

// Whether a file is about the log of `origin`.
bool is_about(const std::string& file, const std::string& origin) {
  return std::filesystem::path(file).filename().string().starts_with(witness_file("", origin).substr(1) + "-");
}

void add_forks(const std::string& folder, std::set<std::string>& out) {
  for (const std::string& file : files_in(folder + "/evidence")) {
    const auto bytes = file::read(file, evidence_limit);
    if (bytes) out.insert(bytes->substr(0, bytes->find('\n')));   // both checkpoints begin with the origin
  }
}

}  // namespace

std::vector<std::string> forked_logs(const std::string& folder) {
  std::set<std::string> out;
  add_forks(folder, out);
  return {out.begin(), out.end()};
}

std::vector<std::string> known_forks(const std::string& data_folder) {
  std::set<std::string> out;
  add_forks(witness_folder(data_folder), out);
  std::error_code error;
  for (const auto& copy : std::filesystem::directory_iterator(data_folder + "/network/heard", error)) {
    add_forks(copy.path().string(), out);
  }
  return {out.begin(), out.end()};
}

// Every key the log ever had, as far as it is known: an old checkpoint counts, too.
Result<std::vector<tlog::VerifierKey>> Witness::all_keys(const std::string& origin,
                                                         const std::vector<HeldLog>& held) const {
  auto keys = keys_(origin);
  if (keys.empty()) return keys;
  auto known = handovers(origin);
  if (!known) return pass(known);
  std::vector<std::vector<std::string>> chains{std::move(*known)};
  for (const HeldLog& one : held) {
    if (auto notes = split_handovers(one.handovers)) chains.push_back(std::move(*notes));
  }
  const std::vector<tlog::VerifierKey> named = keys;
  for (const auto& notes : chains) {
    const auto chain = read_chain(notes);
    if (!chain) continue;
    const bool of_log = std::ranges::any_of(named, [&](const auto& key) { return holds_key(*chain, key); });
    if (!of_log) continue;
    for (const Handover& one : *chain) {
      for (const tlog::VerifierKey& key : {one.old_key, one.new_key}) {
        if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
      }
    }
  }
  return keys;
}

Result<bool> Witness::compare(const std::string& origin, const std::vector<HeldLog>& held) {
  const auto keys = all_keys(origin, held);
  if (!keys) return std::unexpected(keys.error());
  if (keys->empty()) return false;
  bool found = false;
  const auto judge = [&](const HeldLog& one, const HeldLog& other) -> Result<Verdict> {
    const Comparison comparison = compare_logs(one, other, *keys);
    if (comparison.verdict != Verdict::fork) return comparison.verdict;
    const std::lock_guard guard(lock_of(origin));
    auto kept = keep_evidence(origin, comparison.evidence);
    if (!kept) return std::unexpected(kept.error());
    found = found || *kept;
    return Verdict::fork;
  };
  for (std::size_t i = 0; i < held.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (auto done = judge(held[j], held[i]); !done) return std::unexpected(done.error());
    }
  }
  const auto last = seen(origin);
  if (!last) return std::unexpected(last.error());
  std::vector<std::string> files = doubts(origin);
  for (const HeldLog& one : held) {
    if (!last->note.empty()) {
      if (auto done = judge(one, {.note = last->note}); !done) return std::unexpected(done.error());
    }
    std::erase_if(files, [&](const std::string& file) {
      const auto note = file::read(file, tlog::note_limit);
      const auto verdict = note ? judge(one, {.note = *note}) : std::unexpected(note.error());
      if (!verdict || *verdict == Verdict::unknown) return false;
      (void)put(file, *note, "");   // else it is judged once more
      return true;
    });
  }
  return found;
}

// A checkpoint that was refused, and of which only the whole log can tell whether it forks. With too many the newest
// are not kept: the first ones tell as well.
void Witness::doubt(const std::string& origin, std::string_view note) {
  const std::string path = witness_file(folder_ + "/doubts", origin) + "-" + crypto::sha256_hex(note).substr(0, 16);
  std::error_code error;
  if (std::filesystem::exists(path, error) || doubts(origin).size() >= most_doubts) return;
  (void)put(path, std::nullopt, note);   // refused all the same if it cannot be kept
}

std::vector<std::string> Witness::doubts(const std::string& origin) const {
  std::vector<std::string> out = files_in(folder_ + "/doubts");
  std::erase_if(out, [&](const std::string& file) { return !is_about(file, origin); });
  return out;
}

std::vector<std::string> Witness::doubted() const {
  std::set<std::string> out;
  for (const std::string& file : files_in(folder_ + "/doubts")) {
    const auto bytes = file::read(file, tlog::note_limit);
    const auto note = bytes ? tlog::parse_note(*bytes) : std::unexpected(bytes.error());
    const auto checkpoint = note ? tlog::Checkpoint::parse(note->text) : std::unexpected(note.error());
    if (checkpoint) out.insert(checkpoint->origin);
  }
  return {out.begin(), out.end()};
}

// One file for each log and larger checkpoint; the same contradiction found again is not kept twice.
Result<bool> Witness::keep_evidence(const std::string& origin, std::string_view evidence) {
  const std::string folder = folder_ + "/evidence";
  const std::string path = witness_file(folder, origin) + "-" + crypto::sha256_hex(evidence).substr(0, 16);
  std::error_code error;
  const auto known = this->evidence();
  const auto of_log = std::ranges::count_if(known, [&](const std::string& file) { return is_about(file, origin); });
  if (std::filesystem::exists(path, error) || known.size() >= most_evidence || of_log >= most_of_log) return false;
  return put(path, std::nullopt, evidence);
}

std::vector<std::string> Witness::evidence() const {
  return files_in(folder_ + "/evidence");
}

}  // namespace verbund::network
