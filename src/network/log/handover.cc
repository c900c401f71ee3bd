// SPDX-License-Identifier: EUPL-1.2
#include "network/log/handover.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace verbund::network {
namespace {

constexpr std::string_view head = "verbund hand-over";
constexpr std::string_view dash = "\xE2\x80\x94 ";   // U+2014 and a space: how a line of a signature begins

std::unexpected<Error> bad(std::string why) { return fail(ErrorCode::invalid, "not a hand-over: " + std::move(why)); }

}  // namespace

std::string Handover::to_text() const {
  return std::string(head) + "\n" + old_key.name + "\n" + old_key.to_text() + "\n" + new_key.to_text() + "\n" +
         std::to_string(size) + "\n" + tlog::to_base64(root) + "\n";
}

Result<Handover> Handover::parse(std::string_view text) {
  const auto lines = split(text, '\n');
  if (lines.size() != 7 || lines[0] != head) return bad("its lines are others");
  auto old_key = tlog::VerifierKey::parse(lines[2]);
  if (!old_key) return bad(old_key.error().message);
  auto new_key = tlog::VerifierKey::parse(lines[3]);
  if (!new_key) return bad(new_key.error().message);
  const auto size = is_digits(lines[4]) ? parse_number(lines[4]) : std::nullopt;
  if (!size) return bad("the size of the log");
  const auto root = tlog::hash_from_base64(lines[5]);
  if (!root) return bad("the root of the log");
  Handover out{std::move(*old_key), std::move(*new_key), static_cast<std::uint64_t>(*size), *root};
  const bool keys = out.old_key.name == out.new_key.name && out.old_key.type == tlog::KeyType::note &&
                    out.new_key.type == tlog::KeyType::note && out.old_key.key != out.new_key.key;
  if (!keys) return bad("the keys are not two keys of one log");
  if (out.size == 0 && out.root != tlog::empty_root()) return bad("an empty log has another root");
  if (out.to_text() != text) return bad("not in its one form");
  return out;
}

std::string sign_handover(const Handover& handover, const tlog::SignerKey& old_key, const tlog::SignerKey& new_key) {
  VERBUND_CHECK(old_key.verifier() == handover.old_key && new_key.verifier() == handover.new_key);
  tlog::Note note{handover.to_text(), {}};
  note.signatures.push_back(tlog::sign_note(note.text, old_key));
  note.signatures.push_back(tlog::sign_note(note.text, new_key));
  return note.to_text();
}

Result<std::vector<std::string>> split_handovers(std::string_view bytes) {
  if (bytes.size() > handovers_limit) return fail(ErrorCode::too_large, "the hand-overs of a log have at most 64 KiB");
  std::vector<std::string> out;
  while (!bytes.empty()) {
    const std::size_t blank = bytes.find("\n\n");
    if (blank == std::string_view::npos) return bad("it ends before its signatures");
    std::size_t end = blank + 2;
    while (bytes.substr(end).starts_with(dash)) {
      const std::size_t line = bytes.find('\n', end);
      if (line == std::string_view::npos) return bad("it ends within a line");
      end = line + 1;
    }
    if (out.size() == most_handovers) return fail(ErrorCode::too_large, "a log has at most 64 hand-overs");
    out.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end);
  }
  return out;
}

Result<std::vector<Handover>> read_chain(const std::vector<std::string>& notes) {
  if (notes.size() > most_handovers) return fail(ErrorCode::too_large, "a log has at most 64 hand-overs");
  std::vector<Handover> out;
  for (const std::string& bytes : notes) {
    auto note = tlog::parse_note(bytes);
    if (!note) return pass(note);
    auto handover = Handover::parse(note->text);
    if (!handover) return pass(handover);
    if (!out.empty() && handover->old_key != out.back().new_key) return bad("it does not follow the one before");
    if (!out.empty() && handover->size < out.back().size) return bad("the log became shorter");
    for (const Handover& earlier : out) {
      if (earlier.old_key == handover->new_key) return bad("it leads back to a key that has gone");
    }
    // Two signatures and no others: nothing stands in it that is not verified.
    if (note->signatures.size() != 2) return bad("the old and the new key sign, nobody else");
    for (const tlog::VerifierKey* key : {&handover->old_key, &handover->new_key}) {
      if (auto verified = tlog::verify_note(*note, *key); !verified) return bad(verified.error().message);
    }
    out.push_back(std::move(*handover));
  }
  return out;
}

bool holds_key(const std::vector<Handover>& chain, const tlog::VerifierKey& key) {
  return std::ranges::any_of(chain, [&](const Handover& one) { return one.old_key == key || one.new_key == key; });
}

Result<tlog::VerifierKey> current_key(const tlog::VerifierKey& known, const std::vector<std::string>& notes) {
  auto chain = read_chain(notes);
  if (!chain) return pass(chain);
  for (const Handover& handover : *chain) {
    if (handover.old_key == known) return chain->back().new_key;
  }
  return known;
}

}  // namespace verbund::network
