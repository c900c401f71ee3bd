// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/comparing.h"

#include <optional>

#include "base/text.h"

namespace verbund::network {
namespace {

constexpr std::size_t evidence_limit = 160 * 1024;
constexpr std::string_view prefix_word = "prefix ";

std::optional<tlog::Checkpoint> signed_by(std::string_view note, const std::vector<tlog::VerifierKey>& keys) {
  for (const tlog::VerifierKey& key : keys) {
    if (auto checkpoint = tlog::open_checkpoint(note, key)) return std::move(*checkpoint);
  }
  return std::nullopt;
}

// A note without the lines that others have added: what the log itself has signed.
std::string own_lines(std::string_view bytes, const std::string& origin) {
  const auto note = tlog::parse_note(bytes);
  tlog::Note out{note->text, {}};
  for (const auto& signature : note->signatures) {
    if (signature.name == origin) out.signatures.push_back(signature);
  }
  return out.to_text();
}

// A signed note at the beginning of `bytes`, which then begins behind it; "" if there is none.
std::string_view take_note(std::string_view& bytes) {
  const std::size_t blank = bytes.find("\n\n");
  if (blank == std::string_view::npos) return {};
  std::size_t end = blank + 2;
  while (end < bytes.size() && bytes[end] != '\n') {
    const std::size_t line = bytes.find('\n', end);
    if (line == std::string_view::npos) return {};
    end = line + 1;
  }
  const std::string_view out = bytes.substr(0, end);
  bytes.remove_prefix(end);
  return out;
}

}  // namespace

Comparison compare_logs(const HeldLog& one, const HeldLog& other, const std::vector<tlog::VerifierKey>& keys) {
  const auto first = signed_by(one.note, keys), second = signed_by(other.note, keys);
  if (!first || !second || first->origin != second->origin) return {};
  const bool in_order = first->size <= second->size;
  const tlog::Checkpoint& small = in_order ? *first : *second;
  const tlog::Checkpoint& large = in_order ? *second : *first;
  const HeldLog& of_small = in_order ? one : other;
  const HeldLog& of_large = in_order ? other : one;
  std::string evidence = own_lines(of_small.note, small.origin) + "\n" + own_lines(of_large.note, large.origin);
  if (small.size == large.size) {
    if (small.root == large.root) return {Verdict::same, {}};
    return {Verdict::fork, std::move(evidence)};
  }
  if (small.size == 0) return {Verdict::same, {}};
  if (!of_large.tiles) return {};
  tlog::TileReader tiles(large.size, of_large.tiles);
  const auto prefix = tlog::tree_root(small.size, std::ref(tiles));
  if (!prefix) return {};
  const auto proof = tlog::consistency_proof(small.size, large.size, std::ref(tiles));
  // That the tiles are those of the signed log is proven; only then its beginning says something.
  if (!proof || !tlog::verify_consistency(small.size, *prefix, large.size, large.root, *proof)) return {};
  if (*prefix == small.root) return {Verdict::same, {}};
  evidence += "\n" + std::string(prefix_word) + tlog::to_base64(*prefix) + "\n";
  for (const tlog::Hash& hash : *proof) evidence += tlog::to_base64(hash) + "\n";
  return {Verdict::fork, std::move(evidence)};
}

Result<std::string> verify_evidence(std::string_view evidence, const std::vector<tlog::VerifierKey>& keys) {
  const auto bad = [](const char* why) {
    return fail(ErrorCode::invalid, std::string("no evidence of a fork: ") + why);
  };
  if (evidence.size() > evidence_limit) return bad("too long");
  const auto small = signed_by(take_note(evidence), keys);
  if (!small || !evidence.starts_with("\n")) return bad("the first checkpoint");
  evidence.remove_prefix(1);
  const auto large = signed_by(take_note(evidence), keys);
  if (!large || large->origin != small->origin || large->size < small->size) return bad("the second checkpoint");
  if (large->size == small->size) {
    if (!evidence.empty() || large->root == small->root) return bad("they go together");
    return small->origin;
  }
  if (!evidence.starts_with("\n") || !evidence.ends_with("\n")) return bad("no proof");
  const auto lines = split(evidence.substr(1, evidence.size() - 2), '\n');
  if (!lines[0].starts_with(prefix_word)) return bad("no prefix");
  const auto prefix = tlog::hash_from_base64(lines[0].substr(prefix_word.size()));
  if (!prefix || *prefix == small->root) return bad("they go together");
  tlog::Proof proof;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto hash = tlog::hash_from_base64(lines[i]);
    if (!hash) return bad("a line of the proof");
    proof.push_back(*hash);
  }
  if (auto proven = tlog::verify_consistency(small->size, *prefix, large->size, large->root, proof); !proven) {
    return bad("the proof does not prove it");
  }
  return small->origin;
}

}  // namespace verbund::network
