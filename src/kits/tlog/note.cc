// SPDX-License-Identifier: EUPL-1.2
#include "kits/tlog/note.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "kits/crypto/base64.h"
#include "kits/crypto/digest.h"

namespace verbund::tlog {
namespace {

constexpr std::size_t name_limit = 200;
constexpr std::string_view private_prefix = "PRIVATE+KEY+";
constexpr std::string_view dash = "\xE2\x80\x94 ";   // U+2014 and a space

// White space of Unicode outside ASCII (White_Space=yes), as UTF-8.
constexpr std::string_view wide_spaces[] = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
    "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A",
    "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

std::string hex_of(std::uint32_t id) {
  std::string out;
  for (int shift = 28; shift >= 0; shift -= 4) out += "0123456789abcdef"[id >> shift & 15];
  return out;
}

std::uint32_t big_endian_32(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<unsigned char>(bytes[i]);
  return out;
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 255);
  return out;
}

template <typename Bytes>
Bytes to_array(std::string_view bytes) {
  Bytes out;
  VERBUND_CHECK(bytes.size() == out.size());
  std::ranges::copy(bytes, reinterpret_cast<char*>(out.data()));
  return out;
}

template <typename Bytes>
std::string_view view(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint32_t key_id(std::string_view name, KeyType type, const crypto::Ed25519PublicKey& key) {
  const char byte = static_cast<char>(type);
  return big_endian_32(crypto::bytes_of(crypto::sha256({name, "\n", std::string_view(&byte, 1), view(key)})));
}

std::string print_key(std::string_view name, std::uint32_t id, KeyType type, std::string_view key) {
  return std::string(name) + "+" + hex_of(id) + "+" +
         crypto::to_base64(std::string(1, static_cast<char>(type)) + std::string(key));
}

struct KeyParts {
  std::string name;
  std::string id;
  KeyType type;
  std::array<unsigned char, 32> key;
};

Result<KeyParts> parse_key(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return fail(ErrorCode::invalid, "not a key: NAME+ID+BASE64 is expected");
  const std::string_view name = text.substr(0, first);
  if (!is_key_name(name)) return fail(ErrorCode::invalid, "the name of the key is not allowed");
  const auto bytes = crypto::from_base64(text.substr(second + 1));
  if (!bytes || bytes->size() != 33) return fail(ErrorCode::invalid, "the key is not the base64 of 33 bytes");
  const auto type = static_cast<KeyType>(bytes->front());
  if (type != KeyType::note && type != KeyType::cosignature) {
    return fail(ErrorCode::invalid, "keys of this type are unknown");
  }
  return KeyParts{std::string(name), std::string(text.substr(first + 1, second - first - 1)), type,
                  to_array<std::array<unsigned char, 32>>(std::string_view(*bytes).substr(1))};
}

std::string signed_text(std::string_view text, KeyType type, std::uint64_t time) {
  if (type == KeyType::note) return std::string(text);
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text);
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > name_limit || !is_utf8(name)) return false;
  const auto forbidden = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '+' || c == 0x7f; };
  if (std::ranges::any_of(name, forbidden)) return false;
  return std::ranges::none_of(wide_spaces, [&](std::string_view space) { return name.contains(space); });
}

std::uint32_t VerifierKey::id() const { return key_id(name, type, key); }
std::string VerifierKey::to_text() const { return print_key(name, id(), type, view(key)); }

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  auto parts = parse_key(text);
  if (!parts) return pass(parts);
  VerifierKey out{std::move(parts->name), parts->type, parts->key};
  if (hex_of(out.id()) != parts->id) return fail(ErrorCode::invalid, "the id of the key does not fit name and key");
  return out;
}

SignerKey SignerKey::generate(std::string name, KeyType type) {
  VERBUND_CHECK(is_key_name(name));
  return {std::move(name), type, crypto::ed25519_generate()};
}

VerifierKey SignerKey::verifier() const { return {name, type, crypto::ed25519_public_key(seed)}; }

std::string SignerKey::to_text() const {
  return std::string(private_prefix) + print_key(name, verifier().id(), type, view(seed));
}

Result<SignerKey> SignerKey::parse(std::string_view text) {
  if (!text.starts_with(private_prefix)) return fail(ErrorCode::invalid, "not a private key");
  auto parts = parse_key(text.substr(private_prefix.size()));
  if (!parts) return pass(parts);
  SignerKey out{std::move(parts->name), parts->type, parts->key};
  if (hex_of(out.verifier().id()) != parts->id) {
    return fail(ErrorCode::invalid, "the id of the key does not fit name and key");
  }
  return out;
}

std::string Note::to_text() const {
  std::string out = text + "\n";
  for (const NoteSignature& signature : signatures) {
    out += std::string(dash) + signature.name + " " +
           crypto::to_base64(big_endian(signature.key_id, 4) + signature.bytes) + "\n";
  }
  return out;
}

Result<Note> parse_note(std::string_view bytes) {
  const auto bad = [](const char* why) { return fail(ErrorCode::invalid, std::string("not a signed note: ") + why); };
  if (bytes.size() > note_limit) return fail(ErrorCode::too_large, "a signed note has at most 64 KiB");
  if (!is_utf8(bytes)) return bad("not UTF-8");
  if (std::ranges::any_of(bytes, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n'; })) {
    return bad("control characters");
  }
  const std::size_t blank = bytes.rfind("\n\n");
  if (blank == std::string_view::npos || !bytes.ends_with('\n')) return bad("no signatures after an empty line");
  Note out;
  out.text = bytes.substr(0, blank + 1);
  std::string_view lines = bytes.substr(blank + 2);
  while (!lines.empty()) {
    if (out.signatures.size() == signatures_limit) return fail(ErrorCode::too_large, "too many signatures");
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size() + 1);
    if (!line.starts_with(dash)) return bad("a signature begins with a dash");
    line.remove_prefix(dash.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return bad("a signature has a name");
    const auto decoded = crypto::from_base64(line.substr(space + 1));
    if (!decoded || decoded->size() < 5) return bad("a signature is base64 of at least 5 bytes");
    out.signatures.push_back({std::string(line.substr(0, space)), big_endian_32(*decoded), decoded->substr(4)});
  }
  if (out.signatures.empty()) return bad("no signature");
  return out;
}

NoteSignature sign_note(std::string_view text, const SignerKey& key, Instant at) {
  const std::int64_t seconds = at.time_since_epoch().count();
  VERBUND_CHECK(seconds >= 0);
  const auto time = static_cast<std::uint64_t>(seconds);
  const auto signature = crypto::ed25519_sign(key.seed, signed_text(text, key.type, time));
  const std::string head = key.type == KeyType::cosignature ? big_endian(time, 8) : "";
  return {key.name, key.verifier().id(), head + std::string(view(signature))};
}

Result<Instant> verify_note(const Note& note, const VerifierKey& key) {
  const std::uint32_t id = key.id();
  const std::size_t head = key.type == KeyType::cosignature ? 8 : 0;
  const auto wrong = [&] { return fail(ErrorCode::invalid, "the signature of " + key.name + " is wrong"); };
  std::optional<Instant> newest;
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name != key.name || signature.key_id != id) continue;
    if (signature.bytes.size() != head + 64) return wrong();
    std::uint64_t time = 0;
    for (std::size_t i = 0; i < head; ++i) time = time << 8 | static_cast<unsigned char>(signature.bytes[i]);
    if (time >> 63 != 0) return wrong();
    const auto bytes = to_array<crypto::Ed25519Signature>(std::string_view(signature.bytes).substr(head));
    if (!crypto::ed25519_verify(key.key, signed_text(note.text, key.type, time), bytes)) return wrong();
    const Instant at{std::chrono::seconds(static_cast<std::int64_t>(time))};
    newest = newest ? std::max(*newest, at) : at;
  }
  if (!newest) return fail(ErrorCode::not_found, "there is no signature of " + key.name);
  return *newest;
}

}  // namespace verbund::tlog
