// SPDX-License-Identifier: EUPL-1.2
// Who signs notes: a secret key at hand, or one that is kept elsewhere (a token).
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "kits/tlog/note.h"

namespace verbund::tlog {

struct NoteSigner {
  VerifierKey key;                                                     // of type note
  // Errors: unavailable (whoever keeps the key does not sign now).
  std::function<Result<crypto::Ed25519Signature>(std::string_view text)> sign;

  NoteSigner(const SignerKey& secret)  // NOLINT: a secret key at hand signs
      : key(secret.verifier()), sign([seed = secret.seed](std::string_view text) -> Result<crypto::Ed25519Signature> {
          return crypto::ed25519_sign(seed, text);
        }) {}
  NoteSigner(VerifierKey public_key, std::function<Result<crypto::Ed25519Signature>(std::string_view)> function)
      : key(std::move(public_key)), sign(std::move(function)) {}

  Result<NoteSignature> sign_note(std::string_view text) const {
    auto signature = sign(text);
    if (!signature) return std::unexpected(std::move(signature.error()));
    return NoteSignature{key.name, key.id(),
                         std::string(reinterpret_cast<const char*>(signature->data()), signature->size())};
  }
};

}  // namespace verbund::tlog
