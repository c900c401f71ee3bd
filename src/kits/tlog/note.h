// SPDX-License-Identifier: EUPL-1.2
// Texts signed by one or more keys, and the keys as one-line texts.
// Source: C2SP signed-note (Ed25519, type 0x01) and tlog-cosignature (Ed25519 with time, type 0x04); the form of
// private keys is that of golang.org/x/mod/sumdb/note.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "kits/crypto/ed25519.h"

namespace verbund::tlog {

inline constexpr std::size_t note_limit = 64 * 1024;      // bytes of a signed note
inline constexpr std::size_t signatures_limit = 64;       // lines

enum class KeyType : unsigned char { note = 1, cosignature = 4 };

// Not empty, UTF-8 without white space, control characters and '+'; at most 200 bytes.
bool is_key_name(std::string_view name);

// Who signs: "example.com/log+33d7b496+AeHT...".
struct VerifierKey {
  std::string name;
  KeyType type = KeyType::note;
  crypto::Ed25519PublicKey key{};

  std::uint32_t id() const;           // the first four bytes of SHA-256(name, "\n", type, key)
  std::string to_text() const;
  // Errors: invalid (form, unknown type, an id that does not fit).
  static Result<VerifierKey> parse(std::string_view text);
  bool operator==(const VerifierKey&) const = default;
};

// The private side: "PRIVATE+KEY+example.com/log+33d7b496+AW...". A secret.
struct SignerKey {
  std::string name;
  KeyType type = KeyType::note;
  crypto::Ed25519Seed seed{};

  // Requires: is_key_name(name).
  static SignerKey generate(std::string name, KeyType type = KeyType::note);
  VerifierKey verifier() const;
  std::string to_text() const;
  static Result<SignerKey> parse(std::string_view text);   // Errors: invalid; the text is not repeated in them
};

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string bytes;                  // 64 bytes, or 8 of time and 64 for a cosignature; others are kept as they are
  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;                   // ends with a line feed
  std::vector<NoteSignature> signatures;
  std::string to_text() const;
};

// Errors: invalid (form, no signature), too_large. What is in it is not verified.
Result<Note> parse_note(std::string_view bytes);

// `at`: the time of a cosignature; not used by a key of type note. Requires: not before 1970.
NoteSignature sign_note(std::string_view text, const SignerKey& key, Instant at = {});

// Signatures of other keys are passed over. Errors: not_found (none by this key), invalid (one by it that is wrong).
// Gives the time of a cosignature (the newest, if there are several), the epoch for a key of type note.
Result<Instant> verify_note(const Note& note, const VerifierKey& key);

}  // namespace verbund::tlog
