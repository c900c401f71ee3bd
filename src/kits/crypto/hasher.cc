// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/hasher.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace verbund::crypto {

struct Hasher::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

// Everything here fails only if the library has no SHA-256 or no memory: nothing we could go on without.
Hasher::Hasher() : state_(std::make_unique<State>()) {
  VERBUND_CHECK(state_->context && EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::add(std::string_view bytes) {
  VERBUND_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Digest Hasher::finish() {
  Digest out;
  unsigned length = 0;
  VERBUND_CHECK(EVP_DigestFinal_ex(state_->context.get(), out.data(), &length) == 1 && length == out.size());
  return out;
}

}  // namespace verbund::crypto
