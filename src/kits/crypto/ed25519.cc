// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/ed25519.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "base/check.h"

namespace verbund::crypto {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Key private_key(const Ed25519Seed& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()), EVP_PKEY_free);
  VERBUND_CHECK(key != nullptr);
  return key;
}

const unsigned char* data_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

Ed25519Seed ed25519_generate() {
  Ed25519Seed seed;
  VERBUND_CHECK(RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) == 1);
  return seed;
}

Ed25519PublicKey ed25519_public_key(const Ed25519Seed& seed) {
  Ed25519PublicKey out;
  std::size_t size = out.size();
  VERBUND_CHECK(EVP_PKEY_get_raw_public_key(private_key(seed).get(), out.data(), &size) == 1 && size == out.size());
  return out;
}

Ed25519Signature ed25519_sign(const Ed25519Seed& seed, std::string_view message) {
  const Key key = private_key(seed);
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Ed25519Signature out;
  std::size_t size = out.size();
  VERBUND_CHECK(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  const int done = EVP_DigestSign(context.get(), out.data(), &size, data_of(message), message.size());
  VERBUND_CHECK(done == 1 && size == out.size());
  return out;
}

bool ed25519_verify(const Ed25519PublicKey& public_key, std::string_view message, const Ed25519Signature& signature) {
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()),
                EVP_PKEY_free);
  if (!key) return false;
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  VERBUND_CHECK(context != nullptr);
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), data_of(message), message.size()) == 1;
}

}  // namespace verbund::crypto
