// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/digest.h"

#include <openssl/evp.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "base/check.h"

namespace verbund::crypto {
namespace {

std::string to_hex(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) {
    out += digits[bytes[i] >> 4];
    out += digits[bytes[i] & 15];
  }
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

Digest sha256(std::initializer_list<std::string_view> parts) {
  // A context for each thread: making one costs more than hashing the few bytes of a tree node.
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  thread_local const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free);
  VERBUND_CHECK(context && algorithm);
  int done = EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr);
  for (const std::string_view part : parts) done &= EVP_DigestUpdate(context.get(), part.data(), part.size());
  Digest out;
  unsigned length = 0;
  done &= EVP_DigestFinal_ex(context.get(), out.data(), &length);
  // Fails only if the library has no SHA-256 or no memory: nothing we could go on without.
  VERBUND_CHECK(done == 1 && length == out.size());
  return out;
}

std::string to_hex(const Digest& digest) { return to_hex(digest.data(), digest.size()); }

std::optional<Digest> digest_from_hex(std::string_view digits) {
  Digest out;
  if (digits.size() != out.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_value(digits[2 * i]);
    const int low = hex_value(digits[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return out;
}

Digest digest_of_bytes(std::string_view bytes) {
  Digest out;
  VERBUND_CHECK(bytes.size() == out.size());
  std::ranges::copy(bytes, reinterpret_cast<char*>(out.data()));
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  return to_hex(sha256({bytes}));
}

std::string random_hex(std::size_t bytes) {
  std::string out;
  out.reserve(bytes * 2);
  std::array<unsigned char, 256> buffer{};  // getrandom gives up to 256 bytes in one piece
  while (out.size() < bytes * 2) {
    const std::size_t want = std::min(buffer.size(), bytes - out.size() / 2);
    const ssize_t got = getrandom(buffer.data(), want, 0);
    VERBUND_CHECK(got > 0 || errno == EINTR);
    if (got > 0) out += to_hex(buffer.data(), static_cast<std::size_t>(got));
  }
  return out;
}

}  // namespace verbund::crypto
