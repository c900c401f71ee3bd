// SPDX-License-Identifier: EUPL-1.2
// Ed25519 signatures on OpenSSL EVP. Source: RFC 8032 (pure Ed25519, section 5.1).
#pragma once

#include <array>
#include <string_view>

namespace verbund::crypto {

using Ed25519Seed = std::array<unsigned char, 32>;        // the private key of RFC 8032
using Ed25519PublicKey = std::array<unsigned char, 32>;
using Ed25519Signature = std::array<unsigned char, 64>;

Ed25519Seed ed25519_generate();   // from the operating system's random numbers
Ed25519PublicKey ed25519_public_key(const Ed25519Seed& seed);
Ed25519Signature ed25519_sign(const Ed25519Seed& seed, std::string_view message);
// False too where the public key is no point of the curve or the signature is not in its one canonical form.
bool ed25519_verify(const Ed25519PublicKey& key, std::string_view message, const Ed25519Signature& signature);

}  // namespace verbund::crypto
