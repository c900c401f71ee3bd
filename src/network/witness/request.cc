// SPDX-License-Identifier: EUPL-1.2
#include "network/witness/request.h"

#include "base/text.h"

namespace verbund::network {
namespace {

constexpr std::string_view old_word = "old ";
constexpr std::size_t most_hashes = 63;
constexpr std::size_t most_cosignatures = 16;

}  // namespace

std::string WitnessRequest::to_text() const {
  std::string out = std::string(old_word) + std::to_string(old_size) + "\n";
  for (const tlog::Hash& hash : proof) out += tlog::to_base64(hash) + "\n";
  return out + "\n" + checkpoint;
}

Result<WitnessRequest> WitnessRequest::parse(std::string_view text) {
  const auto bad = [](const char* why) {
    return fail(ErrorCode::invalid, std::string("not a request to a witness: ") + why);
  };
  if (text.size() > witness_request_limit) {
    return fail(ErrorCode::too_large, "a request to a witness has at most 80 KiB");
  }
  const std::size_t blank = text.find("\n\n");
  if (blank == std::string_view::npos) return bad("no empty line before the checkpoint");
  const auto lines = split(text.substr(0, blank), '\n');
  if (!lines[0].starts_with(old_word)) return bad("the first line is the old size");
  const std::string_view digits = lines[0].substr(old_word.size());
  const auto size = is_digits(digits) && (digits == "0" || digits.front() != '0') ? parse_number(digits) : std::nullopt;
  if (!size) return bad("the first line is the old size");
  if (lines.size() - 1 > most_hashes) return bad("a proof has at most 63 hashes");
  WitnessRequest out;
  out.old_size = static_cast<std::uint64_t>(*size);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto hash = tlog::hash_from_base64(lines[i]);
    if (!hash) return bad("a line is no hash");
    out.proof.push_back(*hash);
  }
  out.checkpoint = text.substr(blank + 2);
  if (auto note = tlog::parse_note(out.checkpoint); !note) return pass(note);
  return out;
}

Result<std::vector<tlog::NoteSignature>> parse_cosignatures(std::string_view lines) {
  // They are the lines of a note without its text.
  auto note = tlog::parse_note("-\n\n" + std::string(lines));
  if (!note || note->text != "-\n") return fail(ErrorCode::invalid, "not the lines of cosignatures");
  if (note->signatures.size() > most_cosignatures) return fail(ErrorCode::invalid, "too many cosignatures");
  return std::move(note->signatures);
}

std::string print_cosignature(const tlog::NoteSignature& signature) {
  return tlog::Note{"-\n", {signature}}.to_text().substr(3);
}

}  // namespace verbund::network
