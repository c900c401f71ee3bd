// SPDX-License-Identifier: EUPL-1.2
// Notes, checkpoints, keys and proofs: an error, or a value that is written exactly as it was read.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "kits/tlog/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::tlog;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const SignerKey key{"a", KeyType::note, {}};
  static const SignerKey witness{"b", KeyType::cosignature, {}};
  if (const auto note = parse_note(text)) {
    VERBUND_CHECK(note->to_text() == text);
    VERBUND_CHECK(verbund::is_utf8(note->text));
    (void)verify_note(*note, key.verifier());
    (void)verify_note(*note, witness.verifier());
    (void)open_checkpoint(*note, key.verifier());
    (void)verify_quorum(*note, {witness.verifier()}, 1);
  }
  if (const auto checkpoint = Checkpoint::parse(text)) VERBUND_CHECK(checkpoint->to_text() == text);
  if (const auto proof = EntryProof::parse(text)) {
    VERBUND_CHECK(proof->to_text() == text);
    (void)proof->verify("entry", key.verifier());
  }
  if (const auto read = VerifierKey::parse(text)) VERBUND_CHECK(read->to_text() == text);
  if (const auto read = SignerKey::parse(text)) VERBUND_CHECK(read->to_text() == text);
  return 0;
}
