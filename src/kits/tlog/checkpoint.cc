// SPDX-License-Identifier: EUPL-1.2
#include "kits/tlog/checkpoint.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "kits/crypto/base64.h"
#include "kits/tlog/tile.h"

namespace verbund::tlog {
namespace {

constexpr std::string_view proof_head = "c2sp.org/tlog-proof@v1";
constexpr std::size_t proof_limit = 16u << 20;
constexpr std::size_t most_proof_hashes = 64;

// Decimal without leading zeros.
std::optional<std::uint64_t> strict_number(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  if (!is_digits(text)) return std::nullopt;
  const auto number = parse_number(text);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

// Cuts the first line off `rest`; nothing if it does not end with a line feed.
std::optional<std::string_view> next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string Checkpoint::to_text() const {
  std::string out = origin + "\n" + std::to_string(size) + "\n" + to_base64(root) + "\n";
  for (const std::string& line : extensions) out += line + "\n";
  return out;
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  const auto bad = [](const char* why) { return fail(ErrorCode::invalid, std::string("not a checkpoint: ") + why); };
  const auto origin = next_line(text);
  if (!origin || origin->empty()) return bad("the first line is the origin");
  const auto size_line = next_line(text);
  const auto size = size_line ? strict_number(*size_line) : std::nullopt;
  if (!size) return bad("the second line is the size");
  const auto root_line = next_line(text);
  if (!root_line) return bad("the third line is the root");
  auto root = hash_from_base64(*root_line);
  if (!root) return bad("the third line is the root");
  if (*size == 0 && *root != empty_root()) return bad("an empty log has another root");
  Checkpoint out{std::string(*origin), *size, *root, {}};
  while (!text.empty()) {
    const auto line = next_line(text);
    if (!line || line->empty()) return bad("further lines are not empty");
    out.extensions.emplace_back(*line);
  }
  return out;
}

Result<Checkpoint> open_checkpoint(const Note& note, const VerifierKey& key) {
  if (auto verified = verify_note(note, key); !verified) return pass(verified);
  auto checkpoint = Checkpoint::parse(note.text);
  if (!checkpoint) return checkpoint;
  if (checkpoint->origin != key.name) {
    return fail(ErrorCode::invalid, "the checkpoint is one of " + checkpoint->origin + ", not of " + key.name);
  }
  return checkpoint;
}

Result<Checkpoint> open_checkpoint(std::string_view bytes, const VerifierKey& key) {
  auto note = parse_note(bytes);
  if (!note) return pass(note);
  return open_checkpoint(*note, key);
}

Result<void> verify_quorum(const Note& note, const std::vector<VerifierKey>& witnesses, std::size_t quorum) {
  std::vector<VerifierKey> signed_by;
  for (const VerifierKey& witness : witnesses) {
    const auto verified = verify_note(note, witness);
    if (!verified && verified.error().code != ErrorCode::not_found) return std::unexpected(verified.error());
    if (verified && std::ranges::find(signed_by, witness) == signed_by.end()) signed_by.push_back(witness);
  }
  if (signed_by.size() >= quorum) return {};
  return fail(ErrorCode::invalid, std::to_string(signed_by.size()) + " witnesses signed, " + std::to_string(quorum) +
                                      " are needed");
}

std::string EntryProof::to_text() const {
  std::string out = std::string(proof_head) + "\n";
  if (!extra.empty()) out += "extra " + crypto::to_base64(extra) + "\n";
  out += "index " + std::to_string(index) + "\n";
  for (const Hash& hash : hashes) out += to_base64(hash) + "\n";
  return out + "\n" + checkpoint;
}

Result<EntryProof> EntryProof::parse(std::string_view text) {
  const auto bad = [](const char* why) { return fail(ErrorCode::invalid, std::string("not a proof: ") + why); };
  if (text.size() > proof_limit) return fail(ErrorCode::too_large, "a proof has at most 16 MiB");
  if (next_line(text) != proof_head) return bad("the first line is another one");
  EntryProof out;
  auto line = next_line(text);
  if (line && line->starts_with("extra ")) {
    auto extra = crypto::from_base64(line->substr(6));
    if (!extra || extra->empty()) return bad("extra data is base64");
    out.extra = std::move(*extra);
    line = next_line(text);
  }
  const auto index = line && line->starts_with("index ") ? strict_number(line->substr(6)) : std::nullopt;
  if (!index) return bad("the line with the index is missing");
  out.index = *index;
  while (true) {
    line = next_line(text);
    if (!line) return bad("it ends before the checkpoint");
    if (line->empty()) break;
    auto hash = hash_from_base64(*line);
    if (!hash || out.hashes.size() == most_proof_hashes) return bad("a line is no hash of an inclusion proof");
    out.hashes.push_back(*hash);
  }
  auto note = parse_note(text);
  if (!note) return pass(note);
  out.checkpoint = text;
  return out;
}

Result<Checkpoint> EntryProof::verify(std::string_view entry, const VerifierKey& key) const {
  auto opened = open_checkpoint(checkpoint, key);
  if (!opened) return opened;
  if (auto included = verify_inclusion(index, opened->size, leaf_hash(entry), hashes, opened->root); !included) {
    return pass(included);
  }
  return opened;
}

}  // namespace verbund::tlog
