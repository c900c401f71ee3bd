// SPDX-License-Identifier: EUPL-1.2
// Digests on OpenSSL EVP.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace verbund::crypto {

using Digest = std::array<unsigned char, 32>;

// SHA-256 (FIPS 180-4) of the parts, one after the other.
Digest sha256(std::initializer_list<std::string_view> parts);

std::string to_hex(const Digest& digest);                          // 64 lower-case digits
std::optional<Digest> digest_from_hex(std::string_view digits);    // nothing unless as to_hex writes it

// The bytes of a digest as text, and back. Requires: `bytes` has 32.
inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}
Digest digest_of_bytes(std::string_view bytes);

// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

// `bytes` random bytes of the operating system as lower-case hexadecimal digits.
std::string random_hex(std::size_t bytes);

}  // namespace verbund::crypto
