// SPDX-License-Identifier: EUPL-1.2
// An Ed25519 key that never leaves its token (HSM, smart card, SoftHSM), used through a PKCS#11 module.
// PKCS#11 is seen in token.cc only.
// Source: PKCS#11 3.0, sections 2.3.5 and 2.3.14 (CKK_EC_EDWARDS, CKM_EDDSA without parameters).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kits/crypto/ed25519.h"

namespace verbund::token {

struct TokenOptions {
  std::string module;        // path of the PKCS#11 module: "/usr/lib/softhsm/libsofthsm2.so"
  std::string token;         // label of the token
  std::string label;         // of the key pair (CKA_LABEL)
  std::string pin;           // of the user; a secret
};

// A session with the token. One thread at a time signs; others wait.
class TokenKey {
 public:
  // Logs in and finds the key pair, or with `create` makes one that cannot be taken out where there is none. Errors:
  // usage (the module cannot be loaded), not_found (no such token, no such key), conflict (the PIN is wrong, two keys
  // with this label), invalid (a key of another kind), unavailable (what the token answers otherwise).
  static Result<std::unique_ptr<TokenKey>> open(const TokenOptions& options, bool create);
  virtual ~TokenKey() = default;

  virtual const crypto::Ed25519PublicKey& public_key() const = 0;
  // Errors: unavailable. A signature that does not verify is never given.
  virtual Result<crypto::Ed25519Signature> sign(std::string_view message) = 0;
};

}  // namespace verbund::token
