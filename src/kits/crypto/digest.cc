// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/digest.h"

#include <openssl/evp.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>

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

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  // Fails only if the library has no SHA-256 or no memory: nothing we could go on without.
  const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  VERBUND_CHECK(done == 1);
  return to_hex(digest.data(), length);
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
