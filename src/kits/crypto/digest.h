// SPDX-License-Identifier: EUPL-1.2
// Digests on OpenSSL EVP.
#pragma once

#include <string>
#include <string_view>

namespace verbund::crypto {

// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

// `bytes` random bytes of the operating system as lower-case hexadecimal digits.
std::string random_hex(std::size_t bytes);

}  // namespace verbund::crypto
